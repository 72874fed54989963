using Castalia.Errors;

namespace Castalia.Store;

/// <summary>What a person calls a run: the name of its folder, or a path.</summary>
static class RunNames
{
    const int MostNear = 5;

    /// <summary>The path of the run that is meant.</summary>
    /// <param name="run">A name in the folder, else a path.</param>
    /// <param name="folder">The folder of runs.</param>
    /// <exception cref="InputException">There is neither; names those that come near.</exception>
    public static string Path(string run, string folder)
    {
        bool isName = !run.Contains(System.IO.Path.DirectorySeparatorChar) && run is not ("." or "..") && !run.StartsWith('.');
        if (isName && Directory.Exists(System.IO.Path.Combine(folder, run))) return System.IO.Path.GetFullPath(System.IO.Path.Combine(folder, run));
        if (Directory.Exists(run)) return System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(run));
        throw StoreErrors.NoSuchRun(run, folder, Near(run, [.. RunListing.Folders(folder).Select(path => System.IO.Path.GetFileName(path)!)]));
    }

    /// <summary>Names that hold the word, or begin as it does; where there are none, the latest.</summary>
    public static IReadOnlyList<string> Near(string run, IReadOnlyList<string> names)
    {
        string word = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(run));
        foreach (var near in new Func<string, bool>[]
        {
            name => word.Length > 0 && name.Contains(word, StringComparison.OrdinalIgnoreCase),
            name => Shared(name, word) >= 8, // of its time at least the day
        })
        {
            if (names.Where(near).ToList() is { Count: > 0 } found)
                return [.. found.OrderByDescending(name => Shared(name, word)).ThenByDescending(name => name, StringComparer.Ordinal).Take(MostNear)];
        }
        return [.. names.OrderDescending(StringComparer.Ordinal).Take(MostNear)];
    }

    static int Shared(string one, string other)
    {
        int length = 0;
        while (length < one.Length && length < other.Length && one[length] == other[length]) length++;
        return length;
    }
}
