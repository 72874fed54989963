using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Runs;

namespace Castalia.Store;

/// <summary>A file of a run, and what told that it was the one.</summary>
/// <param name="Name">Its name in the run's folder.</param>
/// <param name="Identity">What the system tells of it.</param>
sealed record KeptFile(string Name, FileIdentity Identity);

/// <summary>What tells, without a look at their bytes, that a run's files are those that were read before.</summary>
static class RunIdentity
{
    static readonly string[] s_names = [StoredRun.ManifestName, .. RunTables.All.Select(table => table.FileName), StoredRun.SummaryName];

    /// <summary>The files of a run that are there; without those that changed within two seconds, as a further change could bear the same time.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="now">The time, before they are read.</param>
    public static IReadOnlyList<KeptFile> Of(string folder, DateTime now)
    {
        try
        {
            return [.. s_names.Where(name => File.Exists(Path.Combine(folder, name))).Select(name => new KeptFile(name, FileIdentity.Of(Path.Combine(folder, name)))).Where(file => file.Identity.IsSettledAt(now))];
        }
        catch (InputException)
        {
            return [];
        }
    }

    /// <summary>Whether files of a run are as they were.</summary>
    public static bool Holds(string folder, IReadOnlyList<KeptFile> files)
    {
        try
        {
            foreach (var file in files)
                if (FileIdentity.Of(Path.Combine(folder, file.Name)) != file.Identity) return false;
            return true;
        }
        catch (InputException)
        {
            return false;
        }
    }
}
