using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Audit;

/// <summary>Hashes of tensors by the file they are in, kept from one audit to the next.</summary>
/// <remarks>
/// One small JSON file for each file of weights. It counts only where everything that the system tells of the file is as it was, and where it has a hash
/// of every tensor asked for. A file changed less than two seconds before it was hashed is not kept: a further change could
/// bear the same time. What cannot be written or read is done without.
/// </remarks>
/// <param name="folder">Where it is kept.</param>
sealed class HashCache(string folder)
{
    const int Version = 1;

    /// <summary>The user's: <c>castalia/tensor-hashes</c> in XDG_CACHE_HOME, or in ~/.cache; on Windows in the local application data. Null where there is no such place.</summary>
    public static HashCache? OfUser() => UserCache.Folder("tensor-hashes") is { } kept ? new(kept) : null;

    /// <summary>Where it is kept.</summary>
    public string Folder => folder;

    /// <summary>The hashes of some tensors of a file, by name; null where they are not all known.</summary>
    internal IReadOnlyDictionary<string, string>? Find(FileIdentity file, IReadOnlyList<Tensor> tensors)
    {
        try
        {
            string path = PathOf(file);
            if (!File.Exists(path)) return null;
            var json = JsonFile.ReadObject(path);
            if (!JsonNode.DeepEquals(json["file"], Json(file))) return null;
            if (json["tensors"] is not JsonObject known) return null;
            var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var tensor in tensors)
            {
                if (known[Key(tensor)] is not JsonValue value || !value.TryGetValue(out string? sha256) || sha256.Length != 64) return null;
                hashes[tensor.Name] = sha256;
            }
            return hashes;
        }
        catch (Exception e) when (e is InputException or IOException or UnauthorizedAccessException)
        {
            return null; // damaged, or another program's: as if it were not there
        }
    }

    /// <summary>Keeps the hashes of a file's tensors.</summary>
    internal void Keep(FileIdentity file, IReadOnlyList<Tensor> tensors, IReadOnlyDictionary<string, string> hashes)
    {
        if (!file.IsSettledAt(DateTime.UtcNow)) return;
        var json = new JsonObject
        {
            ["file"] = Json(file),
            ["tensors"] = new JsonObject(tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)
                .Select(tensor => KeyValuePair.Create(Key(tensor), (JsonNode?)JsonValue.Create(hashes[tensor.Name])))),
        };
        try
        {
            Directory.CreateDirectory(folder);
            string path = PathOf(file);
            using var unfinished = Unfinished.Beside(path);
            File.WriteAllText(unfinished.Path, json.ToJsonString());
            File.Move(unfinished.Path, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next audit reads the file again.
        }
    }

    string PathOf(FileIdentity file) => Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(file.Path)))[..32] + ".json");

    /// <summary>A tensor as the header of its file has it: name, type and shape; as long as the file is the same, so is its place.</summary>
    static string Key(Tensor tensor) =>
        string.Create(CultureInfo.InvariantCulture, $"{tensor.Name} {tensor.DType} {string.Join('x', tensor.Shape)}{(tensor.IsContiguous ? "" : " view")}");

    static JsonObject Json(FileIdentity file) => new()
    {
        ["version"] = Version,
        ["path"] = file.Path,
        ["bytes"] = file.Bytes,
        ["modified"] = file.Modified,
        ["changed"] = file.Changed,
        ["inode"] = file.Inode.ToString(CultureInfo.InvariantCulture),
        ["device"] = file.Device.ToString(CultureInfo.InvariantCulture),
    };
}
