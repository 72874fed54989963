using System.Globalization;
using System.Text.RegularExpressions;
using Castalia.Hub;
using Castalia.Twins;
using Castalia.YamlFiles;

namespace Castalia.Sweeps;

/// <summary>Reads a plan: checkpoints, and what is done with each or with all; studies.</summary>
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
        if (!root.Has("tasks")) throw root.Missing("tasks");
        var tasks = Tasks(root, seed);
        bool isOfCheckpoints = tasks.Ordinary.Count > 0 || tasks.IsAudited;
        if (isOfCheckpoints && !root.Has("checkpoints")) throw root.Missing("checkpoints");
        if (!isOfCheckpoints && root.Has("checkpoints")) throw SweepErrors.NoTask(root.PlaceOf("checkpoints"));
        List<SweepCell> cells = [], studies = [.. tasks.Studies.SelectMany(StudyCells)];
        if (isOfCheckpoints) cells = Cells(root, tasks, studies.Count, cache);
        return new(name, [.. cells, .. studies]);
    }

    /// <summary>What is done: with each checkpoint, with all revisions of a model, with none.</summary>
    sealed record PlannedTasks(IReadOnlyCollection<SweepTask> Ordinary, bool IsAudited, IReadOnlyCollection<SweepStudy> Studies);

    static PlannedTasks Tasks(YamlMap root, long seed)
    {
        var tasks = new OrderedDictionary<string, SweepTask>(StringComparer.Ordinal);
        var studies = new OrderedDictionary<string, SweepStudy>(StringComparer.Ordinal);
        bool isAudited = false;
        var files = new PlanFiles();
        foreach (var map in root.Maps("tasks", SweepTaskReader.Keys))
        {
            var reader = new SweepTaskReader(map, seed, files);
            switch (reader.Verb())
            {
                case TaskVerb.Audit:
                    isAudited = true;
                    break;
                case TaskVerb.Twins:
                    foreach (var (study, named) in reader.Studies())
                    {
                        if (!studies.TryAdd(study.Place, study)) throw SweepErrors.StudyTwice(named.Place, named.Value, study.Place);
                        if (studies.Values.Sum(one => one.Plan.Twins.Count + 1L) is > MostCells and var networks) throw SweepErrors.TooMany(named.Place, networks, MostCells);
                    }
                    break;
                case var verb:
                    foreach (var task in reader.Read(verb)) tasks.TryAdd(task.Key, task);
                    if (tasks.Count > MostTasks) throw SweepErrors.TooManyTasks(map.Place, tasks.Count, MostTasks);
                    break;
            }
        }
        return new(tasks.Values, isAudited, studies.Values);
    }

    /// <summary>Networks of a study, and the tables over them.</summary>
    static IEnumerable<SweepCell> StudyCells(SweepStudy study)
    {
        string corpus = study.Plan.Corpus is { } source ? CellKey.OfCorpus(source) : "";
        NetworkCell[] networks = [.. study.Plan.Twins.Select(twin => new NetworkCell(study, twin, CellKey.Provisional(study, twin, corpus)))];
        string[] keys = [.. networks.Select(network => network.Key)];
        return [.. networks, new TablesCell(study, keys, CellKey.OfTables(study, keys))];
    }

    static List<SweepCell> Cells(YamlMap root, PlannedTasks tasks, int others, Func<HubCache> cache)
    {
        var room = new NamePattern.Room();
        int named = 0;
        var checkpoints = new OrderedDictionary<string, (SweepCheckpoint Checkpoint, string Files)>(StringComparer.Ordinal);
        var audits = new OrderedDictionary<string, AuditCell>(StringComparer.Ordinal);
        foreach (var map in root.Maps("checkpoints", s_ofCheckpoints))
        {
            foreach (var (model, revisions) in Models(map, room, cache))
            {
                List<(SweepCheckpoint Checkpoint, string Files)> own = [];
                foreach (var checkpoint in revisions)
                {
                    if (!checkpoints.TryGetValue(checkpoint.Named, out var known)) checkpoints[checkpoint.Named] = known = (checkpoint, checkpoint.IsHub ? "" : CellKey.Files(checkpoint.Named));
                    if (tasks.IsAudited) own.Add(known);
                    long cells = Math.Max((long)checkpoints.Count * tasks.Ordinary.Count + audits.Count + others, ++named); // those that are named again and again are counted too
                    if (cells > MostCells) throw SweepErrors.TooMany(map.Place, cells, MostCells);
                }
                if (!tasks.IsAudited) continue;
                own = [.. own.DistinctBy(one => one.Checkpoint.Named)];
                string key = CellKey.Provisional(own);
                audits.TryAdd(key, new(model, [.. own.Select(one => one.Checkpoint)], key));
            }
        }
        return [.. checkpoints.Values.SelectMany(one => tasks.Ordinary.Select(task => new CheckpointCell(one.Checkpoint, task, CellKey.Provisional(one.Checkpoint, one.Files, task.Key)))), .. audits.Values];
    }

    static IEnumerable<(string Model, IEnumerable<SweepCheckpoint> Revisions)> Models(YamlMap map, NamePattern.Room room, Func<HubCache> cache)
    {
        if (!map.Has("models")) throw map.Missing("models");
        var revisions = map.Texts("revisions");
        bool present = revisions is [{ Value: "present" }] && !map.IsList("revisions");
        List<string>? named = revisions.Count == 0 || present ? null : [.. revisions.SelectMany(text => NamePattern.Expand(text, room)).Distinct()];
        foreach (var text in map.Texts("models"))
            foreach (string model in NamePattern.Expand(text, room)) yield return (model, Of(model, text, named, present, cache));
    }

    static IEnumerable<SweepCheckpoint> Of(string model, ScalarText text, List<string>? revisions, bool present, Func<HubCache> cache)
    {
        bool hasPlace = model.Contains(NamePattern.Revision, StringComparison.Ordinal), isAsked = present || revisions is not null;
        if (hasPlace && !isAsked) throw SweepErrors.NoRevisions(text.Place, model);
        if (hasPlace) return Paths(model, text, revisions);
        if (!Path.Exists(model) && BuiltInNetworks.Find(model) is { } builtIn) model = builtIn;
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
