using System.Globalization;
using System.Text;

namespace Castalia.Checkpoints;

/// <summary>Reads the zip form of torch.save, written since torch 1.6.</summary>
/// <remarks>
/// In a folder of any name: <c>data.pkl</c>, the pickle; <c>data/KEY</c>, the storages; <c>version</c>; and of later
/// releases <c>byteorder</c> and <c>.format_version</c>. Storages lie at any alignment. Entries that nothing refers to are not looked at.
/// </remarks>
static class TorchZipFile
{
    /// <summary>torch.save writes 3; higher numbers say what a TorchScript program means, not where storages lie.</summary>
    const int NewestVersion = 10;

    public static IReadOnlyList<Tensor> Read(MappedFile file, List<string> notes)
    {
        var entries = ZipDirectory.Read(file).ToDictionary(entry => entry.Name, StringComparer.Ordinal);
        var pickle = Pickle(file, entries.Values);
        string folder = pickle.Name[..^"data.pkl".Length];
        if (entries.ContainsKey($"{folder}constants.pkl")) throw PickleErrors.TorchScript(file.Path, $"{folder}constants.pkl");
        CheckVersions(file, entries, folder);
        var objects = new TorchObjects(file, legacy: false);
        var (root, end) = PickleReader.Read(file, pickle.Start, pickle.Start + pickle.Length, objects);
        if (end != pickle.Start + pickle.Length) throw PickleErrors.Malformed(file.Path, end, $"'{pickle.Name}' has bytes behind its pickle.");
        var starts = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var storage in objects.Storages.Values)
        {
            string name = $"{folder}data/{storage.Key}";
            if (!entries.TryGetValue(name, out var entry)) throw PickleErrors.Storage(file.Path, storage.Key, $"has no entry '{name}' in the archive.");
            if (entry.Length != storage.ByteLength)
                throw PickleErrors.Storage(file.Path, storage.Key, $"takes {storage.ByteLength} bytes as {storage.Count} of {storage.DType}, but its entry has {entry.Length}.");
            starts.Add(storage.Key, entry.Start);
        }
        return TorchFile.Map(file, root, starts, notes);
    }

    static ZipEntry Pickle(MappedFile file, IEnumerable<ZipEntry> entries)
    {
        ZipEntry[] pickles = [.. entries.Where(entry => entry.Name == "data.pkl" || entry.Name.EndsWith("/data.pkl", StringComparison.Ordinal))];
        return pickles switch
        {
            [var one] => one,
            [] => throw PickleErrors.Entry(file.Path, "data.pkl", "is not in the archive: torch.save did not write it."),
            _ => throw PickleErrors.Entry(file.Path, pickles[1].Name, $"is a second pickle beside '{pickles[0].Name}'."),
        };
    }

    static void CheckVersions(MappedFile file, Dictionary<string, ZipEntry> entries, string folder)
    {
        string version = Text("version")?.TrimEnd('\n') ?? throw PickleErrors.Entry(file.Path, $"{folder}version", "is not in the archive.");
        if (!int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > NewestVersion)
            throw PickleErrors.Version(file.Path, $"Entry '{folder}version'", $"'{version}'", $"1 to {NewestVersion}");
        if (Text(".format_version") is { } format && format != "1")
            throw PickleErrors.Version(file.Path, $"Entry '{folder}.format_version'", $"'{format}'", "1");
        if (Text("byteorder") is { } order && order != "little") throw PickleErrors.BigEndian(file.Path, order);

        string? Text(string name)
        {
            if (!entries.TryGetValue(folder + name, out var entry)) return null;
            return entry.Length <= 16
                ? Encoding.Latin1.GetString(file.Bytes(entry.Start, (int)entry.Length))
                : throw PickleErrors.Entry(file.Path, entry.Name, $"has {entry.Length} bytes; expected a word.");
        }
    }
}
