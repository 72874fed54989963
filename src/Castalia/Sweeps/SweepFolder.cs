using Castalia.Checkpoints;
using Castalia.Runs;

namespace Castalia.Sweeps;

/// <summary>The folder that those who compute a sweep share, and what of it is done.</summary>
/// <remarks>
/// <c>runs</c> holds the results, named cell-NAME by the cell's final name and nothing else, so that of two who computed it, from whatever source, one can put
/// it there; that the folder is there is what makes a cell done. <c>sweep/known</c> has an empty file
/// PROVISIONAL-FINAL for each checkpoint that was read, so that a cell need not be looked into twice; <c>sweep/failed</c> a file for each cell that failed;
/// <c>audits</c> holds those of audits in the same way; <c>twins</c> a folder for each study, as <c>castalia twins</c> writes it, in which an empty file of that name stands in the folder of
/// each network that is trained and measured, and beside the tables.
/// <c>sweep/claims</c> and <c>sweep/owners</c> who computes what (<see cref="SweepClaims"/>); <c>sweep/plans</c> the cells that were planned. Everything is
/// judged by listing these, so that ten thousand cells take milliseconds.
/// </remarks>
/// <param name="Path">The folder.</param>
sealed record SweepFolder(string Path)
{
    /// <summary>Results.</summary>
    public string Runs => At("runs");

    /// <summary>What holds audits, below the folder.</summary>
    public const string AuditsPlace = "audits";

    /// <summary>What holds studies, below the folder.</summary>
    public const string StudiesPlace = "twins";

    const int MostTimes = 3; // that a small file is written

    /// <summary>The folder of a study, below the folder.</summary>
    public static string StudyPlace(string name) => System.IO.Path.Combine(StudiesPlace, ModelNames.ForFolder(name));

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
        this,
        Names(Known).Where(name => name.Length == 2 * CellKey.Digits + 1).GroupBy(name => name[..CellKey.Digits], StringComparer.Ordinal)
            .ToDictionary(names => names.Key, names => names.Select(name => name[(CellKey.Digits + 1)..]).ToArray(), StringComparer.Ordinal),
        Directory.Exists(Runs) ? Directory.EnumerateDirectories(Runs, $"{RunName("")}*").Select(folder => System.IO.Path.GetFileName(folder)[RunName("").Length..])
            .Where(name => name.Length == CellKey.Digits).ToHashSet(StringComparer.Ordinal) : new HashSet<string>(),
        Names(Failed).ToHashSet(StringComparer.Ordinal));

    /// <summary>Whether one cell is done or has failed by now, past what was listed before.</summary>
    public bool IsSettled(SweepCell cell) => File.Exists(System.IO.Path.Combine(Failed, cell.Key)) ||
        Directory.EnumerateFiles(Known, $"{cell.Key}-*").Select(file => System.IO.Path.GetFileName(file)[(CellKey.Digits + 1)..]).Any(final => IsThere(cell.Place, final));

    /// <summary>Whether a result is there.</summary>
    /// <param name="place">The folder that it appears in; null for the runs.</param>
    /// <param name="final">Its final name.</param>
    public bool IsThere(string? place, string final) => System.IO.Path.Exists(ResultAt(place, final));

    /// <summary>What is there when a result is.</summary>
    public string ResultAt(string? place, string final) => System.IO.Path.Combine(place is null ? Runs : At(place), RunName(final));

    /// <summary>Name of a result's folder.</summary>
    public static string RunName(string final) => $"cell-{final}";

    /// <summary>Names of the files of a folder, but those that are being written.</summary>
    public static IEnumerable<string> Names(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder).Select(file => System.IO.Path.GetFileName(file)).Where(name => !name.StartsWith('.')) : [];

    /// <summary>Writes a small file that appears when it is complete.</summary>
    public void Write(string path, string text) => Writing(() =>
    {
        for (int times = 1; ; times++)
        {
            using var unfinished = Unfinished.Beside(path);
            File.WriteAllText(unfinished.Path, text);
            if (Appear(unfinished.Path, path, isLast: times == MostTimes)) return;
        }
    });

    /// <summary>Gives a file that is written its name; false where this process was halted meanwhile and what it was writing was removed as a dead one's.</summary>
    /// <param name="written">The file.</param>
    /// <param name="path">Its name.</param>
    /// <param name="isLast">Whether it is not written again.</param>
    /// <exception cref="IOException">The disk refuses, or the file is gone and it was the last time.</exception>
    internal static bool Appear(string written, string path, bool isLast)
    {
        try
        {
            File.Move(written, path, overwrite: true);
            return true;
        }
        catch (FileNotFoundException) when (!isLast)
        {
            return false;
        }
    }

    /// <summary>Removes what killed processes left in any of these folders.</summary>
    public void RemoveStrays()
    {
        foreach (string folder in Written()) Unfinished.Sweep(folder);
    }

    /// <summary>Every folder in which something may be begun and left.</summary>
    public IReadOnlyList<string> Written()
    {
        List<string> written = [Runs, Failed, Claims, Owners, Plans, At(AuditsPlace)];
        foreach (string study in Folders(At(StudiesPlace)))
        {
            written.Add(study);
            foreach (string cell in Folders(study)) written.AddRange([cell, .. Folders(cell).Where(seed => System.IO.Path.GetFileName(seed).StartsWith("seed", StringComparison.Ordinal))]);
        }
        return written;

        static IEnumerable<string> Folders(string of) => Directory.Exists(of) ? Directory.EnumerateDirectories(of).Where(folder => !System.IO.Path.GetFileName(folder).StartsWith('.')).ToList() : [];
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
/// <param name="Folder">Where.</param>
/// <param name="Known">Final names by provisional one; several where a path or branch has changed.</param>
/// <param name="Runs">Final names of the results.</param>
/// <param name="Failed">Provisional names of cells that failed.</param>
sealed record SweepListing(SweepFolder Folder, IReadOnlyDictionary<string, string[]> Known, IReadOnlySet<string> Runs, IReadOnlySet<string> Failed)
{
    /// <summary>Whether a cell's result is there.</summary>
    public bool IsDone(SweepCell cell) => IsDone(cell.Key, cell.Place);

    /// <summary>The same, by provisional name and the folder that the result appears in.</summary>
    public bool IsDone(string key, string? place) => Known.TryGetValue(key, out string[]? finals) && (place is null ? finals.Any(Runs.Contains) : finals.Any(final => Folder.IsThere(place, final)));
}
