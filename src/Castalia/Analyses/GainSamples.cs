using Castalia.Store;

namespace Castalia.Analyses;

/// <summary>Samples of gain and entropy out of stored runs.</summary>
static class GainSamples
{
    /// <summary>One sample per model that is counted: the last token of every prompt.</summary>
    /// <param name="store">The runs.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static IReadOnlyList<GainSample> LastTokens(RunStore store, CancellationToken cancellation)
    {
        var rows = store.Gains(Runs(store, _ => true), cancellation).ToLookup(row => (row.Run, row.Model), row => Point(row, row.Tokens));
        return Samples(store, rows, Sampling.LastToken, _ => true);
    }

    /// <summary>One sample per model that is counted, of runs that recorded positions: every position but the first of every prompt.</summary>
    /// <param name="store">The runs.</param>
    /// <param name="cancellation">Stops the reading.</param>
    public static IReadOnlyList<GainSample> EveryPosition(RunStore store, CancellationToken cancellation)
    {
        var rows = store.Positions(Runs(store, run => run.HasEveryPosition), cancellation).Where(row => row.Position > 0).ToLookup(row => (row.At.Run, row.At.Model), row => Point(row.At, row.Position + 1));
        return Samples(store, rows, Sampling.EveryPosition, run => run.HasEveryPosition);
    }

    static List<StoredRun> Runs(RunStore store, Func<StoredRun, bool> wanted) => [.. store.Counted.Models.Select(m => m.Run).DistinctBy(run => run.Name).Where(wanted)];

    static List<GainSample> Samples(
        RunStore store, ILookup<(string Run, string Model), GainPoint?> rows, Sampling sampling, Func<StoredRun, bool> wanted) =>
    [
        .. from counted in store.Counted.Models
           let run = counted.Run
           let model = counted.Model
           where wanted(run)
           let all = rows[(run.Name, model.Name)].ToList()
           let points = all.OfType<GainPoint>().ToList()
           select new GainSample(Source(store, run, model), sampling, points, all.Count - points.Count),
    ];

    static SampleSource Source(RunStore store, StoredRun run, StoredModel model) => new(
        run.Name, model.Name, model.Identity.Weights, model.Activation, run.Bos, run.PromptSet, run.HasEveryPosition,
        model.Prompts.Select(prompt => string.Join(' ', prompt.Ids)).ToHashSet())
    {
        Label = store.Counted.Label(run, model),
        Texts = model.Prompts.Select(prompt => prompt.Text ?? string.Join(' ', prompt.Ids)).ToHashSet(StringComparer.Ordinal),
        Arithmetic = model.Identity.Arithmetic,
    };

    /// <summary>The reading; null where any of its figures is undefined.</summary>
    static GainPoint? Point(GainRow row, int length) => row is
    {
        Gain: { } gain, Entropy: { } entropy, TopProbability: { } probability, AlignAttn: { } attn, AlignMlp: { } mlp,
        AttributionAttn: { } ofAttn, AttributionMlp: { } ofMlp,
    }
        ? new(row.PromptIndex, row.Category, length, gain, entropy, probability, attn, mlp, ofAttn, ofMlp) { Name = row.Prompt }
        : null;
}
