using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Store;

/// <summary>A folder among the runs: a run, or what is wrong with it.</summary>
/// <param name="Name">Name of the folder.</param>
/// <param name="Path">Its path, absolute.</param>
/// <param name="Run">The run; null where the manifest cannot be read.</param>
/// <param name="Fault">What is wrong; null where it is complete.</param>
sealed record ListedRun(string Name, string Path, StoredRun? Run, InputException? Fault)
{
    internal const string Unverified = "unverified";

    /// <summary>damaged, complete, or unverified: complete as far as its manifest tells, which does not state every hash.</summary>
    public string State => Fault is not null ? "damaged" : Run!.IsVerified ? "complete" : Unverified;
}

/// <summary>The folders among which runs are; unfinished ones, which begin with a dot, are passed over.</summary>
static class RunListing
{
    const int MostThreads = 4;

    /// <summary>Every folder, checked, by name, which begins with the time.</summary>
    /// <param name="folder">Where runs are.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">There is no such folder, or it cannot be read.</exception>
    public static IReadOnlyList<ListedRun> Of(string folder, CancellationToken cancellation = default) => Of(folder, null, anew: false, cancellation);

    /// <summary>The same, those that are known without being read.</summary>
    /// <param name="folder">Where runs are.</param>
    /// <param name="known">Runs that were found whole before; null to check every one, and to keep nothing.</param>
    /// <param name="anew">Whether every one is checked all the same.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">There is no such folder, or it cannot be read.</exception>
    public static IReadOnlyList<ListedRun> Of(string folder, CheckedRuns? known, bool anew, CancellationToken cancellation = default) =>
        Check(Folders(folder), isWhole: true, known, anew, cancellation);

    /// <summary>Some folders, in their order: those that are known by the identity of their files as they were found, the others by their bytes.</summary>
    /// <param name="paths">The folders, absolute.</param>
    /// <param name="isWhole">Whether they are all that their parent holds, so that what is kept of others can go.</param>
    /// <param name="known">Runs that were found whole before; null to check every one.</param>
    /// <param name="anew">Whether every one is checked all the same.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    internal static IReadOnlyList<ListedRun> Check(IReadOnlyList<string> paths, bool isWhole, CheckedRuns? known, bool anew, CancellationToken cancellation)
    {
        var listed = new Dictionary<string, ListedRun>(StringComparer.Ordinal);
        foreach (var parent in paths.GroupBy(path => Path.GetDirectoryName(path) ?? path, StringComparer.Ordinal))
        {
            var kept = known?.Of(parent.Key);
            string[] here = [.. parent];
            var found = new StoredRun?[here.Length];
            if (!anew && kept is not null) Parallel.For(0, here.Length, new() { CancellationToken = cancellation, MaxDegreeOfParallelism = here.Length < StoreTables.FewRuns ? 1 : -1 }, i => found[i] = kept.Find(here[i]));
            List<string> unknown = [];
            foreach (var (path, run) in here.Zip(found))
            {
                if (run is not null) listed[path] = new(run.Name, path, run, null);
                else unknown.Add(path);
            }
            foreach (var (path, before, read) in CheckAll(unknown, known, cancellation))
            {
                listed[path] = read;
                kept?.Keep(path, before, read);
            }
            kept?.Write(isWhole ? here : null);
        }
        return [.. paths.Select(path => listed[path])];
    }

    /// <summary>Folders by their bytes, each with the identity of its files before they were read; several at once.</summary>
    static (string Path, IReadOnlyList<KeptFile> Before, ListedRun Found)[] CheckAll(List<string> paths, CheckedRuns? known, CancellationToken cancellation)
    {
        var found = new (string, IReadOnlyList<KeptFile>, ListedRun)[paths.Count];
        int next = -1, threads = Math.Min(paths.Count, Math.Min(Environment.ProcessorCount, MostThreads));
        if (threads <= 1) Work();
        else Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(Work, CancellationToken.None))).GetAwaiter().GetResult();
        return found;

        void Work()
        {
            if (paths.Count == 0) return;
            using var database = new Database();
            for (int i; (i = Interlocked.Increment(ref next)) < paths.Count;)
            {
                cancellation.ThrowIfCancellationRequested();
                IReadOnlyList<KeptFile> before = known is null ? [] : RunIdentity.Of(paths[i], known.Now);
                found[i] = (paths[i], before, Check(paths[i], database, cancellation));
            }
        }
    }

    /// <summary>The folders by name; nothing in them is read.</summary>
    internal static IReadOnlyList<string> Folders(string folder)
    {
        if (!Directory.Exists(folder)) throw StoreErrors.NoFolder(folder);
        try
        {
            return [.. Directory.GetDirectories(Path.GetFullPath(folder)).Where(path => !Path.GetFileName(path).StartsWith('.')).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreErrors.Unreadable(folder, "listing", e.Message);
        }
    }

    /// <summary>One folder.</summary>
    static ListedRun Check(string path, Database database, CancellationToken cancellation)
    {
        StoredRun? run = null;
        try
        {
            return Malformed.Unless(path, () =>
            {
                run = ManifestReader.Read(path);
                return new ListedRun(run.Name, path, RunCheck.Verify(run, database, cancellation), null);
            });
        }
        catch (InputException fault)
        {
            return new(Path.GetFileName(path), path, run, fault);
        }
    }
}
