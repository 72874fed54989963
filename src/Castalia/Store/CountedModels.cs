namespace Castalia.Store;

/// <summary>A model of a run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Model">The model.</param>
readonly record struct ModelOfRun(StoredRun Run, StoredModel Model);

/// <summary>A model of a run for which another stands.</summary>
/// <param name="Left">The one that is left out.</param>
/// <param name="For">The one that is counted.</param>
readonly record struct Repeat(ModelOfRun Left, ModelOfRun For);

/// <summary>Which models of some runs are counted: the one policy for repeats of all that reads stored runs.</summary>
/// <remarks>
/// The same weights under the same arithmetic, fed the same token ids in the same categories, give the same readings however often they are measured
/// and whatever model, prompts and run are called: they are counted once. The run that recorded every position stands for the others; among
/// several the latest; within it the model that was named first. Other prompts, another activation or another description are no repeat.
/// </remarks>
sealed class CountedModels
{
    readonly HashSet<(string Run, string Model)> _counted;
    readonly Dictionary<(string Run, string Model), ModelOfRun> _countedFor;
    readonly Dictionary<(string Run, string Model), string> _labels;

    CountedModels(IReadOnlyList<ModelOfRun> counted, IReadOnlyList<Repeat> repeats, Dictionary<(string, string), string> labels)
    {
        Models = counted;
        Repeats = repeats;
        _counted = [.. counted.Select(Key)];
        _countedFor = repeats.ToDictionary(repeat => Key(repeat.Left), repeat => repeat.For);
        _labels = labels;
    }

    /// <summary>The models that are counted, in the order of the runs.</summary>
    public IReadOnlyList<ModelOfRun> Models { get; }

    /// <summary>The others.</summary>
    public IReadOnlyList<Repeat> Repeats { get; }

    /// <summary>Whether a model of a run is counted.</summary>
    public bool Counts(StoredRun run, StoredModel model) => _counted.Contains((run.Name, model.Name));

    /// <summary>The model that is counted for one that is not; null for one that is.</summary>
    public ModelOfRun? CountedFor(StoredRun run, StoredModel model) => _countedFor.TryGetValue((run.Name, model.Name), out var counted) ? counted : null;

    /// <summary>What a model is called on a page: its name, with the first digits of its hash where another model has that name too.</summary>
    public string Label(StoredRun run, StoredModel model) => _labels[(run.Name, model.Name)];

    /// <summary>Of some runs.</summary>
    public static CountedModels Of(IReadOnlyList<StoredRun> runs)
    {
        List<ModelOfRun> all = [.. runs.SelectMany(run => run.Models.Select(model => new ModelOfRun(run, model)))];
        List<Repeat> repeats = [];
        foreach (var same in all.GroupBy(m => (m.Model.Identity, m.Model.PaddedVocabularyRows, m.Model.FedSha256)).Where(same => same.Count() > 1))
        {
            var counted = same.OrderByDescending(m => m.Run.HasEveryPosition).ThenByDescending(m => m.Run.StartedUtc)
                .ThenByDescending(m => m.Run.Name, StringComparer.Ordinal).First(); // stable: within a run the first
            repeats.AddRange(same.Where(m => Key(m) != Key(counted)).Select(m => new Repeat(m, counted)));
        }
        var left = repeats.Select(repeat => Key(repeat.Left)).ToHashSet();
        return new([.. all.Where(m => !left.Contains(Key(m)))], repeats, Labels(all));
    }

    static Dictionary<(string, string), string> Labels(List<ModelOfRun> all)
    {
        var labels = new Dictionary<(string, string), string>();
        foreach (var named in all.GroupBy(m => m.Model.Name, StringComparer.Ordinal))
        {
            bool weights = named.Select(m => m.Model.Identity.Weights).Distinct().Count() > 1;
            // Two GELUs under one name are two settings of one model, which pages state; two descriptions besides are two models.
            bool descriptions = named.GroupBy(m => (m.Model.Identity.Weights, m.Model.Activation)).Any(one => one.Select(m => m.Model.Identity.Arithmetic).Distinct().Count() > 1);
            foreach (var m in named)
            {
                var identity = m.Model.Identity;
                labels[Key(m)] = m.Model.Name + (weights ? $"#{identity.ShortName}" : "") + (descriptions ? $"~{ModelIdentity.Digits(identity.Arithmetic)}" : "");
            }
        }
        return labels;
    }

    static (string, string) Key(ModelOfRun m) => (m.Run.Name, m.Model.Name);
}
