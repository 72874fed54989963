namespace Castalia.Checkpoints;

/// <summary>Where what can be computed again is kept for the user.</summary>
static class UserCache
{
    /// <summary>A folder of ours: <c>castalia/NAME</c> in XDG_CACHE_HOME, or in ~/.cache; on Windows in the local application data. Null where there is no such place.</summary>
    public static string? Folder(string name)
    {
        string? root = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } set && Path.IsPathRooted(set) ? set
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home ? Path.Combine(home, ".cache") : null;
        return string.IsNullOrEmpty(root) ? null : Path.Combine(root, "castalia", name);
    }
}
