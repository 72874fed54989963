using Castalia.Analyses;
using Castalia.Errors;
using Castalia.Store;

namespace Castalia.Curves;

/// <summary>Trainings as far as stored runs hold their steps.</summary>
/// <param name="Series">By training and prompts, each of at least two steps.</param>
/// <param name="WithoutStep">Models whose sources say no step.</param>
/// <param name="OneStep">Trainings of which one step only was measured.</param>
/// <param name="WithoutReading">Models with a step whose runs lack the reading.</param>
sealed record StoredSteps(
    IReadOnlyList<StepSeries> Series, IReadOnlyList<string> WithoutStep, IReadOnlyList<string> OneStep, IReadOnlyList<string> WithoutReading)
{
    /// <summary>Of every model of the store; of one step measured several times the run counts that recorded every position, then the latest.</summary>
    /// <remarks>Prompts are ordered by category and token ids, so that nothing depends on their order in a run.</remarks>
    /// <param name="store">The runs.</param>
    /// <param name="reading">What is followed.</param>
    /// <param name="by">Whether each category makes a series of its own.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="InputException">One step was measured with two sets of weights.</exception>
    public static StoredSteps Of(RunStore store, CurveReading reading, GainGrouping by, CancellationToken cancellation)
    {
        var models = store.Runs.SelectMany(run => run.Models.Select(model => new ModelOfRun(run, model))).ToList();
        var stepped = models.Where(m => m.Model.Source.Step is not null).ToList();
        var values = stepped.Count == 0 ? [] : Values(store, reading, cancellation);
        var read = stepped.Where(m => values.ContainsKey(Key(m))).ToList();
        List<StepSeries> all =
        [
            .. read.GroupBy(m => (m.Model.Source.Training, m.Model.FedSha256, m.Model.Identity.Arithmetic, m.Model.PaddedVocabularyRows))
                .SelectMany(same => OfTraining([.. same], values, by))
                .OrderBy(one => one.Training, StringComparer.Ordinal).ThenBy(one => one.PromptSet, StringComparer.Ordinal).ThenBy(one => one.Setting, StringComparer.Ordinal),
        ];
        return new(
            SeriesLabels.Of([.. all.Where(one => one.Steps.Count > 1)]), Names(models.Where(m => m.Model.Source.Step is null)),
            [.. all.Where(one => one.Steps.Count == 1).Select(one => one.Training).Distinct()], Names(stepped.Except(read)));
    }

    static IEnumerable<StepSeries> OfTraining(List<ModelOfRun> same, Dictionary<(string, string), double[]> values, GainGrouping by)
    {
        ModelOfRun[] counted = [.. same.GroupBy(m => m.Model.Source.Step!.Value).OrderBy(step => step.Key).Select(Counted)];
        var prompts = counted[0].Model.Prompts;
        var categories = by == GainGrouping.Category ? prompts.Select(prompt => prompt.Category).Distinct().Order(StringComparer.Ordinal).ToList() : [null];
        foreach (string? category in categories)
        {
            List<MeasuredStep> steps =
            [
                .. counted.Select(m => new MeasuredStep(
                    m.Model.Source.Step!.Value, m.Run.Name, m.Model.Name, m.Model.Identity,
                    [.. Ordered(m).Where(at => by == GainGrouping.Model || m.Model.Prompts[at].Category == category).Select(at => values[Key(m)][at])])),
            ];
            yield return new(counted[0].Model.Source.Training, counted[^1].Run.PromptSet, by == GainGrouping.Model ? null : category ?? "no category", steps[0].Values.Length, steps)
            {
                Setting = counted[0].Model.Activation,
            };
        }
    }

    static ModelOfRun Counted(IEnumerable<ModelOfRun> step)
    {
        ModelOfRun[] ordered = [.. step.OrderByDescending(m => m.Run.HasEveryPosition).ThenByDescending(m => m.Run.StartedUtc).ThenByDescending(m => m.Run.Name, StringComparer.Ordinal)];
        return ordered.FirstOrDefault(m => m.Model.Identity.Weights != ordered[0].Model.Identity.Weights) is { Model: not null } other
            ? throw CurveErrors.TwoWeights(ordered[0].Model.Source, Place(ordered[0]), Place(other)) : ordered[0];
    }

    /// <summary>Indices of the prompts by category, then ids.</summary>
    static IEnumerable<int> Ordered(ModelOfRun m) => m.Model.Prompts.Index()
        .OrderBy(prompt => prompt.Item.Category, StringComparer.Ordinal).ThenBy(prompt => string.Join(' ', prompt.Item.Ids), StringComparer.Ordinal).Select(prompt => prompt.Index);

    static Dictionary<(string, string), double[]> Values(RunStore store, CurveReading reading, CancellationToken cancellation)
    {
        var rows = reading.OfGain is { } of
            ? store.Gains(cancellation).Select(row => (row.Run, row.Model, Prompt: (long)row.PromptIndex, Value: of(row)))
            : store.Query(reading.Sql!, cancellation).Rows.Select(row => (Run: (string)row[0]!, Model: (string)row[1]!, Prompt: (long)row[2]!, Value: (double?)row[3]));
        var prompts = store.Runs.SelectMany(run => run.Models.Select(model => (Key: (run.Name, model.Name), model.Prompts.Count))).ToDictionary(m => m.Key, m => m.Count);
        var values = new Dictionary<(string, string), double[]>();
        foreach (var row in rows.Where(row => row.Value is { } value && double.IsFinite(value)))
        {
            if (!values.TryGetValue((row.Run, row.Model), out double[]? ofModel))
            {
                values[(row.Run, row.Model)] = ofModel = new double[prompts[(row.Run, row.Model)]];
                Array.Fill(ofModel, double.NaN);
            }
            ofModel[row.Prompt] = row.Value!.Value;
        }
        return values;
    }

    static IReadOnlyList<string> Names(IEnumerable<ModelOfRun> models) => [.. models.Select(m => m.Model.Name).Distinct()];

    static (string, string) Key(ModelOfRun m) => (m.Run.Name, m.Model.Name);

    static string Place(ModelOfRun m) => $"run {m.Run.Name}, model {m.Model.Name}";
}
