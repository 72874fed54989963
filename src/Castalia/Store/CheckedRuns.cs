using Castalia.Checkpoints;

namespace Castalia.Store;

/// <summary>Stored runs that were found whole, kept from one call to the next, so that only files that changed since are read and hashed again.</summary>
/// <remarks>
/// One file for each folder of runs. A run in it counts only where everything that the system tells of each of its files is as it was, and for the build
/// that wrote it. What cannot be written or read is done without.
/// </remarks>
/// <param name="folder">Where it is kept.</param>
/// <param name="clock">By which files are known to have rested; null for the system's.</param>
sealed class CheckedRuns(string folder, TimeProvider? clock = null)
{
    /// <summary>The user's: <c>castalia/checked-runs</c> in XDG_CACHE_HOME, or in ~/.cache; on Windows in the local application data. Null where there is no such place.</summary>
    public static CheckedRuns? OfUser() => UserCache.Folder("checked-runs") is { } kept ? new(kept) : null;

    /// <summary>Where it is kept.</summary>
    public string Folder => folder;

    /// <summary>What is kept of one folder of runs.</summary>
    internal CheckedFolder Of(string runs) => CheckedFolder.Read(folder, runs);

    /// <summary>The time.</summary>
    internal DateTime Now => (clock ?? TimeProvider.System).GetUtcNow().UtcDateTime;
}
