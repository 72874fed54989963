using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Runs;
using Castalia.Store;

namespace Castalia.Analyses;

/// <summary>Models of stored runs, with what was read from their last blocks.</summary>
static class MeasuredModels
{
    /// <summary>Every model of the store that is counted, in the order of the runs.</summary>
    /// <param name="store">The store.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public static IReadOnlyList<MeasuredModel> Counted(RunStore store, CancellationToken cancellation) => Of(store, store.Counted.Models, cancellation);

    /// <summary>Every model of some runs, repeats too, runs and models in the order given.</summary>
    /// <param name="store">The store.</param>
    /// <param name="runs">Runs of it.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public static IReadOnlyList<MeasuredModel> Of(RunStore store, IEnumerable<StoredRun> runs, CancellationToken cancellation) =>
        Of(store, runs.SelectMany(run => run.Models.Select(model => new ModelOfRun(run, model))), cancellation);

    static IReadOnlyList<MeasuredModel> Of(RunStore store, IEnumerable<ModelOfRun> some, CancellationToken cancellation)
    {
        List<ModelOfRun> models = [.. some];
        var gains = store.GainFigures([.. models.Select(m => m.Run).DistinctBy(run => run.Name)], cancellation).ToDictionary(row => (row.Run, row.Model, row.PromptIndex));
        return [.. models.Select(m => Of(m.Run, m.Model, store.Counted.Label(m.Run, m.Model), index => gains[(m.Run.Name, m.Model.Name, index)]))];
    }

    static MeasuredModel Of(StoredRun run, StoredModel model, string label, Func<int, GainFigures> row) => new()
    {
        Settings = new(run.Name, run.PromptSet, run.Bos, run.Activation, run.Seed, run.Software),
        Name = model.Name,
        Blocks = model.NLayers,
        Parameters = model.Parameters,
        Vocabulary = model.DVocab,
        Activation = model.Activation,
        PromptsSha256 = model.PromptsSha256,
        Identity = model.Identity,
        Label = label,
        Prompts = [.. model.Prompts.Select((prompt, i) => Prompt(prompt, row(i)))],
    };

    static MeasuredPrompt Prompt(StoredPrompt prompt, GainFigures row) => new()
    {
        Name = prompt.Name,
        Category = prompt.Category,
        Text = prompt.Text,
        Ids = prompt.Ids,
        Gain = row.Gain,
        Entropy = row.Entropy,
        AlignAttn = row.AlignAttn,
        AlignMlp = row.AlignMlp,
    };

    /// <summary>Every model of the store that is counted, under every convention.</summary>
    /// <param name="store">The store.</param>
    /// <param name="figure">A published figure to hold them against; null for the grids alone.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static IReadOnlyList<ModelConventions> Conventions(
        RunStore store, PublishedFigure? figure, CancellationToken cancellation)
    {
        store.Expect([ReadingsSql, NormsSql], cancellation);
        var readings = Readings(store, cancellation);
        var norms = Norms(store, cancellation);
        return
        [
            .. Counted(store, cancellation).Select(model => ModelConventions.Of(
                model, [.. readings[(model.Settings.Run, model.Name)]], [.. norms[(model.Settings.Run, model.Name)]], figure)),
        ];
    }

    static readonly (string Column, ReferencePoint Point, NormPrecision Precision)[] Columns =
    [
        .. from point in new[] { ("gain", ReferencePoint.Block), ("gain_penultimate", ReferencePoint.Penultimate), ("gain_final_norm", ReferencePoint.FinalNorm) }
           from precision in new[] { ("", NormPrecision.Float32), ("_bfloat16", NormPrecision.BFloat16), ("_float16", NormPrecision.Float16) }
           select (point.Item1 + precision.Item1, point.Item2, precision.Item2),
    ];

    static readonly string ReadingsSql = $"SELECT run, model, prompt, position_rule, {string.Join(", ", Columns.Select(c => c.Column))} FROM readings " +
        "WHERE layer = n_layers - 1 AND position_rule <> 'position' ORDER BY run, model, prompt_index, position_rule";

    const string NormsSql = "SELECT run, model, layer = n_layers - 1, norm_resid_pre, norm_resid_post, final_norm FROM readings " +
        "WHERE layer >= n_layers - 2 AND position_rule = 'last' ORDER BY run, model, prompt_index, layer";

    static ILookup<(string Run, string Model), ConventionReading> Readings(RunStore store, CancellationToken cancellation)
    {
        return store.Query(ReadingsSql, cancellation).Rows.SelectMany(row => Columns.Select((column, i) => (
            Model: ((string)row[0]!, (string)row[1]!),
            Reading: new ConventionReading((string)row[2]!, column.Point, Rule((string)row[3]!), column.Precision, (double?)row[4 + i])))).ToLookup(r => r.Model, r => r.Reading);

        static PositionRule Rule(string name) => GoldenNames.Rules.First(r => r.Name == name).Rule;
    }

    static ILookup<(string Run, string Model), NormPair> Norms(RunStore store, CancellationToken cancellation)
    {
        return store.Query(NormsSql, cancellation).Rows.SelectMany(row =>
        {
            var (before, after) = ((double?)row[3], (double?)row[4]);
            NormPair[] pairs = (bool)row[2]!
                ? [new(ReferencePoint.Block, after, before), new(ReferencePoint.FinalNorm, (double?)row[5], before)]
                : [new(ReferencePoint.Penultimate, after, before)];
            return pairs.Select(pair => (Model: ((string)row[0]!, (string)row[1]!), Pair: pair));
        }).ToLookup(p => p.Model, p => p.Pair);
    }
}
