using System.Text.Json;
using Castalia.Errors;

namespace Castalia.Store;

/// <summary>The runs of one folder that were found whole, by name, each with the identity of its files.</summary>
sealed class CheckedFolder
{
    const int MostRuns = 20_000, MostFolders = 64;

    readonly string _path, _runs;
    readonly Dictionary<string, (IReadOnlyList<KeptFile> Files, StoredRun Run)> _kept = new(StringComparer.Ordinal);
    bool _isChanged;

    CheckedFolder(string path, string runs) => (_path, _runs) = (path, runs);

    /// <summary>What is kept in a cache of a folder of runs; nothing where its file is not there, damaged, of another folder or of another build.</summary>
    public static CheckedFolder Read(string cache, string runs)
    {
        var folder = new CheckedFolder(Path.Combine(cache, DigestedFile.NameOf(runs) + ".json"), runs);
        try
        {
            if (DigestedFile.Read(folder._path) is { } json) folder.Fill(json);
        }
        catch (Exception e) when (e is InputException or IOException or UnauthorizedAccessException or JsonException or ArgumentException or InvalidOperationException or NotSupportedException or KeyNotFoundException)
        {
            folder._kept.Clear();
        }
        return folder;
    }

    /// <summary>A run whose files are those that were found whole; null where they are not, or nothing is known of it.</summary>
    public StoredRun? Find(string path) => _kept.TryGetValue(Path.GetFileName(path), out var kept) && RunIdentity.Holds(path, kept.Files) ? kept.Run : null;

    /// <summary>Keeps a run that was found whole, and forgets one that was not.</summary>
    /// <param name="path">Its folder.</param>
    /// <param name="before">Its files before they were read.</param>
    /// <param name="listed">What was found.</param>
    public void Keep(string path, IReadOnlyList<KeptFile> before, ListedRun listed)
    {
        _isChanged |= _kept.Remove(Path.GetFileName(path));
        if (listed is not { Fault: null, Run: { } run }) return;
        List<KeptFile> files = [.. before.Where(file => run.Files.Contains(file.Name))];
        if (files.Count != run.Files.Count) return;
        _kept[run.Name] = (files, run);
        _isChanged = true;
    }

    /// <summary>Writes what is kept, where that is other than what was read.</summary>
    /// <param name="all">Paths of all runs that there are, so that others are forgotten; null where they are not known.</param>
    public void Write(IReadOnlyList<string>? all)
    {
        if (all is not null)
        {
            var names = all.Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
            foreach (string gone in _kept.Keys.Where(name => !names.Contains(name)).ToList()) _isChanged |= _kept.Remove(gone);
        }
        if (!_isChanged) return;
        try
        {
            var latest = _kept.Values.OrderByDescending(kept => kept.Run.Name, StringComparer.Ordinal).Take(MostRuns);
            DigestedFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(KeptFolder.Of(_runs, latest), KeptJson.Default.KeptFolder));
            Bound();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next call checks them again.
        }
    }

    void Fill(byte[] json)
    {
        var read = JsonSerializer.Deserialize(json, KeptJson.Default.KeptFolder);
        if (read is null || read.Format != KeptFolder.OfThisBuild || read.Folder != _runs) return;
        foreach (var (files, run) in read.Runs.Select(kept => (kept.Files, kept.Run(read)))) _kept[run.Name] = (files, run);
    }

    /// <summary>Of many folders of runs, those that were written longest ago are forgotten.</summary>
    void Bound()
    {
        foreach (var old in new DirectoryInfo(Path.GetDirectoryName(_path)!).GetFiles("*.json").OrderByDescending(file => file.LastWriteTimeUtc).Skip(MostFolders)) old.Delete();
    }
}
