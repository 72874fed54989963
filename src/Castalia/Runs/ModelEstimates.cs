using Castalia.Residual;
using Castalia.Statistics;

namespace Castalia.Runs;

/// <summary>What a group of prompts says about the last block.</summary>
/// <param name="Prompts">Prompts of the group.</param>
/// <param name="Gain">Last-layer gain at the last token, over the prompts where it is defined.</param>
/// <param name="BelowOne">How many of those gains are below 1.</param>
/// <param name="Status">Where 1 lies against the gain's interval.</param>
/// <param name="EntropyNats">Output entropy at the last token; nats.</param>
public sealed record GroupEstimate(int Prompts, Estimate Gain, int BelowOne, GainStatus Status, Estimate EntropyNats);

/// <summary>Statistics of one model over the prompts of a run.</summary>
/// <param name="All">Every prompt.</param>
/// <param name="Categories">By category, in the order in which they first appear; empty where no prompt has one.</param>
/// <param name="GainProfile">Mean over prompts of each block's gain at the last token; null where undefined for every prompt.</param>
/// <param name="GainEntropy">Pearson correlation of last-layer gain and entropy over prompts.</param>
/// <param name="GainEntropyPairs">Prompts it was taken from.</param>
public sealed record ModelEstimates(
    GroupEstimate All, IReadOnlyList<(string Category, GroupEstimate Estimate)> Categories,
    IReadOnlyList<double?> GainProfile, Figure<double> GainEntropy, int GainEntropyPairs)
{
    /// <summary>Estimates of a model; every bootstrap starts from the same seed, and stops between resamples.</summary>
    public static ModelEstimates Of(ModelRun model, long seed, CancellationToken cancellation = default)
    {
        var measurement = model.Measurement;
        var prompts = measurement.Prompts
            .Zip(measurement.Readings, (prompt, reading) => (prompt.Prompt.Category, Gain: LastGain(reading), Entropy: Entropy(reading)))
            .ToList();
        var pairs = prompts.Where(p => p.Gain is not null).ToList();
        return new(
            Group(prompts.Select(p => (p.Gain, p.Entropy))),
            [.. prompts.Where(p => p.Category is not null).GroupBy(p => p.Category!)
                .Select(g => (g.Key, Group(g.Select(p => (p.Gain, p.Entropy)))))],
            [.. Enumerable.Range(0, measurement.Architecture.NLayers).Select(layer => MeanGain(measurement.Readings, layer))],
            Pearson.Of([.. pairs.Select(p => p.Gain!.Value)], [.. pairs.Select(p => p.Entropy)]),
            pairs.Count);

        GroupEstimate Group(IEnumerable<(double? Gain, double Entropy)> group)
        {
            var all = group.ToList();
            double[] gains = [.. all.Where(p => p.Gain is not null).Select(p => p.Gain!.Value)];
            var gain = Describe.Of(gains, seed, cancellation);
            return new(all.Count, gain, gains.Count(g => g < 1), GainStatuses.Of(gain.Interval95),
                Describe.Of([.. all.Select(p => p.Entropy)], seed, cancellation));
        }
    }

    static double? LastGain(PromptReadings reading) =>
        Gains.Of(reading, reading.Blocks.Length - 1, ReferencePoint.Block, PositionRule.Last, NormPrecision.Float32);

    static double Entropy(PromptReadings reading) =>
        reading.Outputs[^1]?.EntropyNats ?? throw new InvalidOperationException("The output of a last position was not read.");

    static double? MeanGain(IReadOnlyList<PromptReadings> readings, int layer)
    {
        double[] gains =
        [
            .. readings.Select(r => Gains.Of(r, layer, ReferencePoint.Block, PositionRule.Last, NormPrecision.Float32))
                .Where(g => g is not null).Select(g => g!.Value),
        ];
        return gains.Length == 0 ? null : Describe.Mean(gains);
    }
}
