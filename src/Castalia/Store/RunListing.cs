using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Store;

/// <summary>A folder among the runs: a run, or what is wrong with it.</summary>
/// <param name="Name">Name of the folder.</param>
/// <param name="Path">Its path, absolute.</param>
/// <param name="Run">The run; null where the manifest cannot be read.</param>
/// <param name="Fault">What is wrong; null where it is complete.</param>
public sealed record ListedRun(string Name, string Path, StoredRun? Run, InputException? Fault)
{
    internal const string Unverified = "unverified";

    /// <summary>damaged, complete, or unverified: complete as far as its manifest tells, which does not state every hash.</summary>
    public string State => Fault is not null ? "damaged" : Run!.IsVerified ? "complete" : Unverified;
}

/// <summary>The folders among which runs are; unfinished ones, which begin with a dot, are passed over.</summary>
public static class RunListing
{
    /// <summary>Every folder, checked, by name, which begins with the time.</summary>
    /// <param name="folder">Where runs are.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">There is no such folder, or it cannot be read.</exception>
    public static IReadOnlyList<ListedRun> Of(string folder, CancellationToken cancellation = default)
    {
        using var database = new Database();
        return [.. Folders(folder).Select(path => Check(path, database, cancellation))];
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
    internal static ListedRun Check(string path, Database database, CancellationToken cancellation)
    {
        StoredRun? run = null;
        try
        {
            return Malformed.Unless(path, () =>
            {
                run = ManifestReader.Read(path);
                RunCheck.Verify(run, database, cancellation);
                return new ListedRun(run.Name, path, run, null);
            });
        }
        catch (InputException fault)
        {
            return new(Path.GetFileName(path), path, run, fault);
        }
    }
}
