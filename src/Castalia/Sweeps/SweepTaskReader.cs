using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.DoFiles;
using Castalia.Errors;
using Castalia.PromptFiles;
using Castalia.Prompts;
using Castalia.Tokens;
using Castalia.YamlFiles;

namespace Castalia.Sweeps;

/// <summary>Reads one entry of a plan's tasks; where an option has several values, every combination is a task.</summary>
/// <param name="map">The entry.</param>
/// <param name="seed">The plan's seed.</param>
/// <param name="files">What the plan names.</param>
sealed class SweepTaskReader(YamlMap map, long seed, PlanFiles files)
{
    /// <summary>Keys of an entry.</summary>
    public static readonly string[] Keys = ["verb", "prompts", "bos", "positions", "activation", "logit_lens", "blocks", "all_parts", "weights", "reference", "do", "study"];

    static readonly TaskVerb[] s_ofPrompts = [TaskVerb.Measure, TaskVerb.Explain, TaskVerb.Intervene, TaskVerb.Dynamics];

    static readonly (string Key, TaskVerb[] Verbs)[] s_ofVerbs =
    [
        ("prompts", s_ofPrompts),
        ("bos", s_ofPrompts),
        ("activation", s_ofPrompts),
        ("positions", [TaskVerb.Measure, TaskVerb.Explain, TaskVerb.Intervene]),
        ("logit_lens", [TaskVerb.Measure]),
        ("blocks", [TaskVerb.Explain, TaskVerb.Dynamics]),
        ("all_parts", [TaskVerb.Explain]),
        ("weights", [TaskVerb.Explain]),
        ("reference", [TaskVerb.Explain]),
        ("do", [TaskVerb.Intervene]),
        ("study", [TaskVerb.Twins]),
    ];

    static readonly string[] s_yesNo = ["true", "false"];

    /// <summary>The verb.</summary>
    /// <exception cref="InputException">None of ours; an option of another.</exception>
    public TaskVerb Verb()
    {
        var verb = Enum.Parse<TaskVerb>(map.Word("verb", [.. Enum.GetNames<TaskVerb>().Select(Word)]), ignoreCase: true);
        foreach (var (key, verbs) in s_ofVerbs)
            if (map.Has(key) && !verbs.Contains(verb)) throw SweepErrors.NotOfVerb(map.PlaceOf(key), key, Word($"{verb}"), verbs.Select(of => Word($"{of}")));
        return verb;
    }

    /// <summary>The studies of an entry of twins, and where each is named.</summary>
    /// <exception cref="InputException">None is named; one cannot be read.</exception>
    public IEnumerable<(SweepStudy Study, ScalarText Named)> Studies() => !map.Has("study") ? throw map.Missing("study")
        : from named in map.Texts("study").DistinctBy(named => named.Value)
          let plan = PlanFiles.Study(named)
          select (new SweepStudy(plan, SweepFolder.StudyPlace(plan.Name), seed), named);

    /// <summary>The tasks of an entry of one of the other verbs.</summary>
    /// <exception cref="InputException">A value that cannot be; a file that cannot be read.</exception>
    public IEnumerable<SweepTask> Read(TaskVerb verb)
    {
        string blocks = map.OptionalText("blocks") is { } text ? BlockChoice.Parse(text.Value) is { } choice ? $"{choice}" : throw SweepErrors.Blocks(text.Place, text.Value) : "last";
        if (verb == TaskVerb.Intervene && !map.Has("do")) throw map.Missing("do");
        DoFile[] interventions = [.. map.Texts("do").DistinctBy(named => named.Value).Select(files.Do)];
        var reference = map.OptionalText("reference") is { } named ? files.Prompts(named) : null;
        PlannedPrompts[] sets = map.Has("prompts") ? [.. map.Texts("prompts").DistinctBy(set => set.Value).Select(files.Prompts)] : [files.Standard];
        return
        [
            .. from set in sets
               from bos in Several<BosPolicy>("bos")
               from positions in Words("positions", ["last", "all"])
               from activation in Several<GeluChoice>("activation")
               select Named(new SweepTask
               {
                   Verb = verb,
                   Given = set,
                   Bos = bos,
                   AllPositions = positions == "all",
                   Activation = activation,
                   LogitLens = IsSet("logit_lens"),
                   Blocks = blocks,
                   AllParts = IsSet("all_parts"),
                   Weights = IsSet("weights"),
                   Reference = reference,
                   Do = interventions,
                   Seed = seed,
                   Key = "",
                   Label = "",
               }),
        ];
    }

    static SweepTask Named(SweepTask task)
    {
        var words = new List<string> { $"{Word($"{task.Verb}")} {task.PromptSet}" };
        if (task.AllPositions) words.Add("all positions");
        if (task.Bos != BosPolicy.Default) words.Add($"bos {Word($"{task.Bos}")}");
        if (task.Activation != GeluChoice.Config) words.Add($"activation {task.Activation.Word()}");
        if (task.LogitLens) words.Add("logit lens");
        if (task.Blocks != "last") words.Add($"blocks {task.Blocks}");
        words.AddRange(task.Do.Select(file => file.Name));
        return task with { Key = CellKey.Of(task), Label = string.Join(", ", words) };
    }

    IEnumerable<T> Several<T>(string key) where T : struct, Enum => Words(key, [.. Enum.GetNames<T>().Select(Word)]).Select(word => Enum.Parse<T>(word, ignoreCase: true));

    /// <summary>The words given; without the key the first.</summary>
    string[] Words(string key, string[] known) => !map.Has(key) ? known[..1]
        : [.. map.Texts(key).Select(text => known.Contains(text.Value) ? text.Value : throw YamlErrors.NotAmong(text.Place, key, text.Value, known)).Distinct()];

    bool IsSet(string key) => map.Has(key) && map.Word(key, s_yesNo) == "true";

    static string Word(string name) => name.ToLowerInvariant();
}
