using Castalia.Errors;

namespace Castalia.Store;

/// <summary>What a person calls a run: the name of its folder, a path, "latest", a beginning of one name, or the model that was measured.</summary>
static class RunNames
{
    /// <summary>The word for the run that began last.</summary>
    public const string Latest = "latest";

    const int MostNear = 5;

    /// <summary>The paths of the runs that a word means: one, or, of a model, every run that measured it.</summary>
    /// <param name="run">A name in the folder; else a path; else <see cref="Latest"/>, the beginning of one name, or the name of a model.</param>
    /// <param name="folder">The folder of runs.</param>
    /// <exception cref="InputException">There is none, or several names begin so; names those that come near.</exception>
    public static IReadOnlyList<string> Paths(string run, string folder)
    {
        bool isName = !run.Contains(Path.DirectorySeparatorChar) && run is not ("." or "..") && !run.StartsWith('.');
        if (isName && Directory.Exists(Path.Combine(folder, run))) return [Path.GetFullPath(Path.Combine(folder, run))];
        // A model's name may look like a path: its folder's name stands before it where two of one run are called the same.
        bool mayBeModel = !isName && !Path.IsPathRooted(run) && !run.StartsWith('.') && !File.Exists(Path.Combine(run, StoredRun.ManifestName));
        if (mayBeModel && OfModel(run, RunListing.Folders(folder), Models) is { Count: > 0 } ofModel) return ofModel;
        if (Directory.Exists(run)) return [Path.TrimEndingDirectorySeparator(Path.GetFullPath(run))];
        var all = RunListing.Folders(folder);
        if (isName && Meant(run, all, Path.GetFileName, Models, folder) is { Count: > 0 } meant) return meant;
        throw StoreErrors.NoSuchRun(run, folder, Near(run, [.. all.Select(path => Path.GetFileName(path)!)]));
    }

    /// <summary>The runs a word means, of those there are, beside their names in full; empty for none.</summary>
    /// <param name="word">What a person wrote.</param>
    /// <param name="runs">The runs, by name.</param>
    /// <param name="nameOf">The name of one, which begins with the time.</param>
    /// <param name="modelsOf">The names of its models.</param>
    /// <param name="folder">Where they are, for messages.</param>
    /// <exception cref="InputException">Several names begin so.</exception>
    public static IReadOnlyList<T> Meant<T>(
        string word, IReadOnlyList<T> runs, Func<T, string?> nameOf, Func<T, IReadOnlyList<string>> modelsOf, string folder)
    {
        if (word == Latest) return runs.Count == 0 ? [] : [runs.MaxBy(nameOf, StringComparer.Ordinal)!];
        // A model before a beginning: its name is what was written, whole.
        if (OfModel(word, runs, modelsOf) is { Count: > 0 } ofModel) return ofModel;
        var begun = runs.Where(run => word.Length > 0 && nameOf(run)!.StartsWith(word, StringComparison.OrdinalIgnoreCase)).ToList();
        return begun.Count <= 1 ? begun : throw StoreErrors.SeveralRuns(word, folder, begun.Count, [.. begun.Select(nameOf).OrderDescending(StringComparer.Ordinal).Take(MostNear)!]);
    }

    static List<T> OfModel<T>(string word, IReadOnlyList<T> runs, Func<T, IReadOnlyList<string>> modelsOf) =>
        [.. runs.Where(run => modelsOf(run).Contains(word, StringComparer.OrdinalIgnoreCase))];

    /// <summary>Names that hold the word, or begin as it does; where there are none, the latest.</summary>
    public static IReadOnlyList<string> Near(string run, IReadOnlyList<string> names)
    {
        string word = Path.GetFileName(Path.TrimEndingDirectorySeparator(run));
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

    /// <summary>The models of a run by its manifest; none where it cannot be read: such a run can still be named as a folder.</summary>
    static IReadOnlyList<string> Models(string path)
    {
        try
        {
            return [.. ManifestReader.Read(path).Models.SelectMany(model => model.Names)];
        }
        catch (InputException)
        {
            return [];
        }
    }

    static int Shared(string one, string other)
    {
        int length = 0;
        while (length < one.Length && length < other.Length && one[length] == other[length]) length++;
        return length;
    }
}
