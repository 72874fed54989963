using Castalia.Checkpoints;
using Castalia.Reports;
using Castalia.Wording;

namespace Castalia.Cli;

/// <summary>What killed commands left where this one is going to write.</summary>
static class Leftovers
{
    /// <summary>Removes it and says so.</summary>
    /// <param name="folder">The folder; need not exist.</param>
    public static void Remove(string folder)
    {
        var removed = Unfinished.Sweep(folder);
        if (removed.Count > 0) Messages.Say($"removed what {Figures.Of(removed.Count, "ended command")} left unfinished in {folder}");
    }

    /// <summary>The same, of the folder of a file or folder that is to be written.</summary>
    public static void RemoveBeside(string path) => Remove(Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(path))) ?? path);
}
