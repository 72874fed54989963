using Castalia.Checkpoints;

namespace Castalia.Sweeps;

/// <summary>The folder that those who compute a sweep share, and what of it is done.</summary>
/// <remarks>
/// <c>runs</c> holds the results, named cell-NAME by the cell's final name and nothing else, so that of two who computed it, from whatever source, one can put
/// it there; that the folder is there is what makes a cell done. <c>sweep/known</c> has an empty file
/// PROVISIONAL-FINAL for each checkpoint that was read, so that a cell need not be looked into twice; <c>sweep/failed</c> a file for each cell that failed;
/// <c>sweep/claims</c> and <c>sweep/owners</c> who computes what (<see cref="SweepClaims"/>); <c>sweep/plans</c> the cells that were planned. Everything is
/// judged by listing these, so that ten thousand cells take milliseconds.
/// </remarks>
/// <param name="Path">The folder.</param>
sealed record SweepFolder(string Path)
{
    /// <summary>Results.</summary>
    public string Runs => At("runs");

    /// <summary>What was fetched, by owner.</summary>
    public string Fetched => At("fetched");

    /// <summary>Provisional names with their final ones.</summary>
    public string Known => At("sweep", "known");

    /// <summary>Cells that failed.</summary>
    public string Failed => At("sweep", "failed");

    /// <summary>Who computes what.</summary>
    public string Claims => At("sweep", "claims");

    /// <summary>Who is at work.</summary>
    public string Owners => At("sweep", "owners");

    /// <summary>What was planned.</summary>
    public string Plans => At("sweep", "plans");

    /// <summary>Submissions to Slurm.</summary>
    public string Slurm => At("sweep", "slurm");

    string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    /// <summary>Makes what is not there.</summary>
    /// <exception cref="InputException">It cannot be made.</exception>
    public void Make() => Writing(() =>
    {
        foreach (string folder in new[] { Runs, Known, Failed, Claims, Owners, Plans }) Directory.CreateDirectory(folder);
    });

    /// <summary>Whether a sweep was begun there.</summary>
    public bool Exists => Directory.Exists(Plans);

    /// <summary>Remembers what a checkpoint was found to be.</summary>
    public void Remember(string provisional, string final) => Writing(() => File.WriteAllBytes(System.IO.Path.Combine(Known, $"{provisional}-{final}"), []));

    /// <summary>What is known now.</summary>
    public SweepListing List() => new(
        Names(Known).Where(name => name.Length == 2 * CellKey.Digits + 1).GroupBy(name => name[..CellKey.Digits], StringComparer.Ordinal)
            .ToDictionary(names => names.Key, names => names.Select(name => name[(CellKey.Digits + 1)..]).ToArray(), StringComparer.Ordinal),
        Directory.Exists(Runs) ? Directory.EnumerateDirectories(Runs, $"{RunName("")}*").Select(folder => System.IO.Path.GetFileName(folder)[RunName("").Length..])
            .Where(name => name.Length == CellKey.Digits).ToHashSet(StringComparer.Ordinal) : new HashSet<string>(),
        Names(Failed).ToHashSet(StringComparer.Ordinal));

    /// <summary>Whether one cell is done or has failed by now, past what was listed before.</summary>
    public bool IsSettled(string provisional) => File.Exists(System.IO.Path.Combine(Failed, provisional)) ||
        Directory.EnumerateFiles(Known, $"{provisional}-*").Select(file => System.IO.Path.GetFileName(file)[(CellKey.Digits + 1)..]).Any(IsThere);

    /// <summary>Whether a result is there.</summary>
    public bool IsThere(string final) => Directory.Exists(System.IO.Path.Combine(Runs, RunName(final)));

    /// <summary>Name of a result's folder.</summary>
    public static string RunName(string final) => $"cell-{final}";

    /// <summary>Names of the files of a folder, but those that are being written.</summary>
    public static IEnumerable<string> Names(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder).Select(file => System.IO.Path.GetFileName(file)).Where(name => !name.StartsWith('.')) : [];

    /// <summary>Writes a small file that appears when it is complete.</summary>
    public void Write(string path, string text) => Writing(() =>
    {
        using var unfinished = Unfinished.Beside(path);
        File.WriteAllText(unfinished.Path, text);
        File.Move(unfinished.Path, path, overwrite: true);
    });

    /// <summary>Removes what killed processes left in any of these folders.</summary>
    public void RemoveStrays()
    {
        foreach (string folder in new[] { Runs, Failed, Claims, Owners, Plans }) Unfinished.Sweep(folder);
    }

    /// <summary>Turns refusals of the disk into words.</summary>
    public void Writing(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw SweepErrors.NotWritable(Path, e);
        }
    }
}

/// <summary>What was there when it was listed.</summary>
/// <param name="Known">Final names by provisional one; several where a path or branch has changed.</param>
/// <param name="Runs">Final names of the results.</param>
/// <param name="Failed">Provisional names of cells that failed.</param>
sealed record SweepListing(IReadOnlyDictionary<string, string[]> Known, IReadOnlySet<string> Runs, IReadOnlySet<string> Failed)
{
    /// <summary>Whether a cell's result is there.</summary>
    public bool IsDone(SweepCell cell) => IsDone(cell.Key);

    /// <summary>The same, by provisional name.</summary>
    public bool IsDone(string key) => Known.TryGetValue(key, out string[]? finals) && finals.Any(Runs.Contains);
}
