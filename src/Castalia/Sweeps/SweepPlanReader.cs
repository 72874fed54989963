using System.Globalization;
using System.Text.RegularExpressions;
using Castalia.Hub;
using Castalia.YamlFiles;

namespace Castalia.Sweeps;

/// <summary>Reads a plan: checkpoints, and what is done with each.</summary>
static partial class SweepPlanReader
{
    const int MostCells = NamePattern.Most, MostTasks = 1_000, LongestNumber = 20;

    /// <summary>The format, for messages.</summary>
    public static readonly YamlFormat Format = new("plan of a sweep", "a", "docs/sweeps.md");

    static readonly string[] s_keys = ["name", "checkpoints", "tasks", "seed"];

    static readonly string[] s_ofCheckpoints = ["models", "revisions"];

    /// <summary>A plan on disk.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cache">The hub's cache, for revisions that are present.</param>
    /// <exception cref="InputException">Anything that is not plainly a plan, with file, line and column; a file that it names and that cannot be read.</exception>
    public static SweepPlan Read(string path, Func<HubCache> cache) => Of(SourceText.Read(path, Format), cache);

    /// <summary>A text.</summary>
    internal static SweepPlan Of(SourceText source, Func<HubCache> cache)
    {
        var root = new YamlMap(source, YamlRoot.Of(source), "a plan", s_keys);
        string name = root.OptionalText("name")?.Value ?? Path.GetFileNameWithoutExtension(source.Name);
        long seed = root.OptionalText("seed") is not { } text ? 1
            : long.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number
            : throw YamlErrors.NotANumber(text.Place, "seed", text.Value, "a whole number of at least 0");
        if (!root.Has("checkpoints")) throw root.Missing("checkpoints");
        if (!root.Has("tasks")) throw root.Missing("tasks");
        var tasks = Tasks(root, seed);
        var room = new NamePattern.Room();
        int named = 0;
        var checkpoints = new Dictionary<string, SweepCheckpoint>(StringComparer.Ordinal);
        foreach (var map in root.Maps("checkpoints", s_ofCheckpoints))
        {
            foreach (var checkpoint in Checkpoints(map, room, cache))
            {
                checkpoints.TryAdd(checkpoint.Named, checkpoint);
                long cells = Math.Max((long)checkpoints.Count * tasks.Count, ++named); // those that are named again and again are counted too
                if (cells > MostCells) throw SweepErrors.TooMany(map.Place, cells, MostCells);
            }
        }
        return new(name, [.. checkpoints.Values.SelectMany(checkpoint => Cells(checkpoint, tasks))]);
    }

    static List<SweepTask> Tasks(YamlMap root, long seed)
    {
        var tasks = new OrderedDictionary<string, SweepTask>(StringComparer.Ordinal);
        var files = new PlanFiles();
        foreach (var map in root.Maps("tasks", SweepTaskReader.Keys))
        {
            foreach (var task in new SweepTaskReader(map, seed, files).Read()) tasks.TryAdd(task.Key, task);
            if (tasks.Count > MostTasks) throw SweepErrors.TooManyTasks(map.Place, tasks.Count, MostTasks);
        }
        return [.. tasks.Values];
    }

    static IEnumerable<SweepCell> Cells(SweepCheckpoint checkpoint, List<SweepTask> tasks)
    {
        string files = checkpoint.IsHub ? "" : CellKey.Files(checkpoint.Named);
        return tasks.Select(task => new SweepCell(checkpoint, task, CellKey.Provisional(checkpoint, files, task.Key)));
    }

    static IEnumerable<SweepCheckpoint> Checkpoints(YamlMap map, NamePattern.Room room, Func<HubCache> cache)
    {
        if (!map.Has("models")) throw map.Missing("models");
        var revisions = map.Texts("revisions");
        bool present = revisions is [{ Value: "present" }] && !map.IsList("revisions");
        List<string>? named = revisions.Count == 0 || present ? null : [.. revisions.SelectMany(text => NamePattern.Expand(text, room)).Distinct()];
        foreach (var text in map.Texts("models"))
            foreach (string model in NamePattern.Expand(text, room))
                foreach (var checkpoint in Of(model, text, named, present, cache)) yield return checkpoint;
    }

    static IEnumerable<SweepCheckpoint> Of(string model, ScalarText text, List<string>? revisions, bool present, Func<HubCache> cache)
    {
        bool hasPlace = model.Contains(NamePattern.Revision, StringComparison.Ordinal), isAsked = present || revisions is not null;
        if (hasPlace && !isAsked) throw SweepErrors.NoRevisions(text.Place, model);
        if (hasPlace) return Paths(model, text, revisions);
        bool isPath = Path.Exists(model) || model.StartsWith('.') || Path.IsPathRooted(model);
        if (isPath) return isAsked ? throw SweepErrors.RevisionsOfPath(text.Place, model) : [new(Path.GetFullPath(model), IsHub: false)];
        if (!HubAddress.TryParse(model, out var address)) throw SweepErrors.NoModel(text.Place, model);
        if (!isAsked) return [new($"{address}", IsHub: true)];
        if (address.Revision != HubAddress.DefaultRevision) throw SweepErrors.RevisionTwice(text.Place, model);
        IEnumerable<string> asked = revisions ?? Ordered(cache().Revisions(address.Repository), text, model, cache().Repository(address.Repository));
        return asked.Select(revision => new SweepCheckpoint(
            HubAddress.TryParse($"{address with { Revision = revision }}", out var at) ? $"{at}" : throw SweepErrors.NoModel(text.Place, $"{model}@{revision}"), IsHub: true));
    }

    static IEnumerable<SweepCheckpoint> Paths(string model, ScalarText text, List<string>? revisions)
    {
        if (revisions is null)
        {
            // The folder in which names of revisions stand.
            string before = Path.GetFullPath(model[..model.IndexOf(NamePattern.Revision, StringComparison.Ordinal)] + "x"), folder = Path.GetDirectoryName(before)!;
            string start = Path.GetFileName(before)[..^1];
            try
            {
                revisions = Ordered(Directory.Exists(folder) ? [.. Directory.GetFileSystemEntries(folder, start + "*").Select(path => Path.GetFileName(path)[start.Length..]).Where(name => Path.Exists(At(name)))] : [], text, model, folder);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw SweepErrors.Named(text.Place, YamlErrors.Unreadable(folder, e));
            }
        }
        return revisions.Select(revision => new SweepCheckpoint(Path.GetFullPath(At(revision)), IsHub: false));

        string At(string revision) => model.Replace(NamePattern.Revision, revision, StringComparison.Ordinal);
    }

    static List<string> Ordered(IReadOnlyList<string> names, ScalarText text, string model, string where) => names.Count == 0
        ? throw SweepErrors.NonePresent(text.Place, model, where)
        : [.. names.OrderBy(name => Digits().Replace(name, digits => digits.Value.PadLeft(LongestNumber, '0')), StringComparer.Ordinal)];

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
