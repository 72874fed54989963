using System.Text.Json;
using Castalia.Errors;

namespace Castalia.Hub;

/// <summary>A file of a repository at one commit.</summary>
/// <param name="Name">Its path in the repository, "/" between folders.</param>
/// <param name="Bytes">Its length; null where the listing does not say.</param>
/// <param name="Hash">The hash of its contents; null where the listing does not say.</param>
sealed record HubFile(string Name, long? Bytes, BlobHash? Hash);

/// <summary>What a repository holds at one commit.</summary>
/// <param name="Commit">40 hexadecimal digits.</param>
/// <param name="Files">Its files.</param>
sealed record HubListing(string Commit, IReadOnlyList<HubFile> Files)
{
    const int CommitDigits = 40;

    /// <summary>Reads the answer of <c>/api/models/{repository}/revision/{revision}?blobs=true</c>.</summary>
    /// <param name="json">The answer.</param>
    /// <param name="url">Where it came from, for messages.</param>
    /// <exception cref="InputException">It is another answer.</exception>
    public static HubListing Read(ReadOnlyMemory<byte> json, string url)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            string commit = root.GetProperty("sha").GetString() ?? "";
            if (!IsCommit(commit)) throw HubErrors.NotAListing(url, $"its 'sha' is '{HubFileNames.Printable(commit)}', not a commit");
            return new(commit, [.. root.GetProperty("siblings").EnumerateArray().Select(File)]);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw HubErrors.NotAListing(url, e.Message, e);
        }
    }

    /// <summary>Whether a revision is a whole commit hash.</summary>
    public static bool IsCommit(string revision) => revision.Length == CommitDigits && revision.All(char.IsAsciiHexDigitLower);

    static HubFile File(JsonElement sibling)
    {
        string name = sibling.GetProperty("rfilename").GetString() ?? "";
        // Of a file in large file storage, size and blobId may be those of the pointer that git keeps.
        if (sibling.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object)
            return new(name, Length(lfs), Hash(lfs, "sha256"));
        return new(name, Length(sibling), Hash(sibling, "blobId"));
    }

    static long? Length(JsonElement at) =>
        at.TryGetProperty("size", out var size) && size.ValueKind == JsonValueKind.Number && size.GetInt64() is >= 0 and var bytes ? bytes : null;

    static BlobHash? Hash(JsonElement at, string key) =>
        at.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String && BlobHash.TryParse(value.GetString(), out var hash) ? hash : null;
}
