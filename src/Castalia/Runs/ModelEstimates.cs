using Castalia.Residual;
using Castalia.Statistics;

namespace Castalia.Runs;

/// <summary>What a group of prompts says about the last block.</summary>
/// <param name="Prompts">Prompts of the group.</param>
/// <param name="Gain">Last-layer gain at the last token, over the prompts where it is defined.</param>
/// <param name="BelowOne">How many of those gains are below 1.</param>
/// <param name="Status">Where 1 lies against the gain's interval.</param>
/// <param name="EntropyNats">Output entropy at the last token; nats.</param>
sealed record GroupEstimate(int Prompts, Estimate Gain, int BelowOne, GainStatus Status, Estimate EntropyNats)
{
    /// <summary>Mean entropy of the true distributions of the next token, nats, over the prompts that state it; null where none does.</summary>
    public double? TrueEntropyNats { get; init; }
}

/// <summary>A group with its name.</summary>
/// <param name="Name">A category, or what stands for all prompts.</param>
/// <param name="Estimate">What it says.</param>
sealed record NamedEstimate(string Name, GroupEstimate Estimate);

/// <summary>Statistics of one model over the prompts of a run.</summary>
/// <param name="All">Every prompt.</param>
/// <param name="Categories">By category, in the order in which they first appear; empty where no prompt has one.</param>
/// <param name="GainProfile">Mean over prompts of each block's gain at the last token; null where undefined for every prompt.</param>
/// <param name="Peak">What is behind the profile's largest value; null where fewer than two prompts are.</param>
/// <param name="GainEntropy">Pearson correlation of last-layer gain and entropy over prompts.</param>
/// <param name="GainEntropyPairs">Prompts it was taken from.</param>
sealed record ModelEstimates(
    GroupEstimate All, IReadOnlyList<NamedEstimate> Categories,
    IReadOnlyList<double?> GainProfile, ProfilePeak? Peak, Figure<double> GainEntropy, int GainEntropyPairs)
{
    /// <summary>Pearson correlation of last-layer gain and the true entropy, over the prompts that state it; null where none does.</summary>
    public Figure<double>? GainTrueEntropy { get; init; }

    /// <summary>Prompts it was taken from.</summary>
    public int GainTrueEntropyPairs { get; init; }

    /// <summary>Estimates of a model; every bootstrap starts from the same seed, and stops between resamples.</summary>
    public static ModelEstimates Of(ModelRun model, long seed, CancellationToken cancellation = default)
    {
        var measurement = model.Measurement;
        var prompts = measurement.Prompts
            .Zip(measurement.Readings, (prompt, reading) => new LastPosition(prompt.Prompt.Category, LastGain(reading), Entropy(reading), prompt.Prompt.TrueEntropy))
            .ToList();
        var pairs = prompts.Where(p => p.Gain is not null).ToList();
        var known = pairs.Where(p => p.TrueEntropy is not null).ToList();
        return new(
            Group(prompts),
            [.. prompts.Where(p => p.Category is not null).GroupBy(p => p.Category!).Select(g => new NamedEstimate(g.Key, Group([.. g])))],
            [.. Enumerable.Range(0, measurement.Architecture.NLayers).Select(layer => MeanGain(measurement.Readings, layer))],
            ProfilePeak.Of([.. measurement.Prompts.Select(p => p.Prompt.Name)], measurement.Readings, measurement.Architecture.NLayers),
            Pearson.Of([.. pairs.Select(p => p.Gain!.Value)], [.. pairs.Select(p => p.Entropy)]),
            pairs.Count)
        {
            GainTrueEntropy = prompts.Exists(p => p.TrueEntropy is not null) ? Pearson.Of([.. known.Select(p => p.Gain!.Value)], [.. known.Select(p => p.TrueEntropy!.Value)]) : null,
            GainTrueEntropyPairs = known.Count,
        };

        GroupEstimate Group(List<LastPosition> group)
        {
            double[] gains = [.. group.Where(p => p.Gain is not null).Select(p => p.Gain!.Value)];
            var gain = Describe.Of(gains, seed, cancellation);
            return new(group.Count, gain, gains.Count(g => g < 1), GainStatuses.Of(gain.Interval95),
                Describe.Of([.. group.Select(p => p.Entropy)], seed, cancellation))
            {
                TrueEntropyNats = group.Select(p => p.TrueEntropy).OfType<double>().ToArray() is { Length: > 0 } some ? Describe.Mean(some) : null,
            };
        }
    }

    sealed record LastPosition(string? Category, double? Gain, double Entropy, double? TrueEntropy);

    static double? LastGain(PromptReadings reading) =>
        Gains.Of(reading, reading.Blocks.Length - 1, ReferencePoint.Block, PositionRule.Last, NormPrecision.Float32);

    static double Entropy(PromptReadings reading) =>
        reading.Outputs[^1]?.EntropyNats ?? throw new InvalidOperationException("The output of a last position was not read.");

    static double? MeanGain(IReadOnlyList<PromptReadings> readings, int layer)
    {
        var gains = new List<double>(readings.Count);
        foreach (var reading in readings)
            if (Gains.Of(reading, layer, ReferencePoint.Block, PositionRule.Last, NormPrecision.Float32) is { } gain) gains.Add(gain);
        return gains.Count == 0 ? null : Describe.Mean(gains);
    }
}
