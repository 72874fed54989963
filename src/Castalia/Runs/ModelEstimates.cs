using System.Runtime.CompilerServices;
using Castalia.Forward;
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
    const int LeastForThreads = 500; // values in all, whose resamples take some milliseconds

    /// <summary>Pearson correlation of last-layer gain and the true entropy, over the prompts that state it; null where none does.</summary>
    public Figure<double>? GainTrueEntropy { get; init; }

    /// <summary>Prompts it was taken from.</summary>
    public int GainTrueEntropyPairs { get; init; }

    static readonly ConditionalWeakTable<Measurement, Known> s_known = [];

    /// <summary>Estimates of a model; every bootstrap starts from the same seed, and stops between resamples. Made once for a measurement and a seed: page and summary ask for the same.</summary>
    public static ModelEstimates Of(ModelRun model, long seed, CancellationToken cancellation = default)
    {
        if (s_known.TryGetValue(model.Measurement, out var known) && known.Seed == seed) return known.Estimates;
        var estimates = Take(model.Measurement, seed, cancellation);
        s_known.AddOrUpdate(model.Measurement, new(seed, estimates));
        return estimates;
    }

    static ModelEstimates Take(Measurement measurement, long seed, CancellationToken cancellation)
    {
        // Read once: of many prompts the readings may lie in a file.
        var prompts = new List<LastPosition>(measurement.Prompts.Count);
        double?[][] gains = [.. Enumerable.Range(0, measurement.Architecture.NLayers).Select(_ => new double?[measurement.Prompts.Count])];
        for (int p = 0; p < measurement.Prompts.Count; p++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (prompt, reading) = (measurement.Prompts[p].Prompt, measurement.Readings[p]);
            for (int layer = 0; layer < gains.Length; layer++) gains[layer][p] = Gains.Of(reading, layer, ReferencePoint.Block, PositionRule.Last, NormPrecision.Float32);
            prompts.Add(new(prompt.Category, gains[^1][p], Entropy(reading), prompt.TrueEntropy));
        }
        var pairs = prompts.Where(p => p.Gain is not null).ToList();
        var known = pairs.Where(p => p.TrueEntropy is not null).ToList();
        var categories = prompts.Where(p => p.Category is not null).GroupBy(p => p.Category!).ToList();
        var groups = Groups([prompts, .. categories.Select(category => category.ToList())], seed, cancellation);
        return new(
            groups[0],
            [.. categories.Select((category, i) => new NamedEstimate(category.Key, groups[i + 1]))],
            [.. gains.Select(MeanGain)],
            ProfilePeak.Of([.. measurement.Prompts.Select(p => p.Prompt.Name)], gains),
            Pearson.Of([.. pairs.Select(p => p.Gain!.Value)], [.. pairs.Select(p => p.Entropy)]),
            pairs.Count)
        {
            GainTrueEntropy = prompts.Exists(p => p.TrueEntropy is not null) ? Pearson.Of([.. known.Select(p => p.Gain!.Value)], [.. known.Select(p => p.TrueEntropy!.Value)]) : null,
            GainTrueEntropyPairs = known.Count,
        };
    }

    /// <summary>Each group's estimates; the intervals, which take the time, on several threads where values are many.</summary>
    static GroupEstimate[] Groups(IReadOnlyList<List<LastPosition>> groups, long seed, CancellationToken cancellation)
    {
        // Two samples of each: gains, entropies.
        double[][] samples = [.. groups.SelectMany(group => new double[][] { [.. group.Select(p => p.Gain).OfType<double>()], [.. group.Select(p => p.Entropy)] })];
        var estimates = new Estimate[samples.Length];
        if (samples.Sum(sample => sample.Length) < LeastForThreads)
            for (int i = 0; i < samples.Length; i++) estimates[i] = Describe.Of(samples[i], seed, cancellation);
        else
            Parallel.For(0, samples.Length, new() { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount }, i => estimates[i] = Describe.Of(samples[i], seed, cancellation));
        return [.. groups.Select((group, i) => new GroupEstimate(group.Count, estimates[2 * i], samples[2 * i].Count(g => g < 1), GainStatuses.Of(estimates[2 * i].Interval95), estimates[2 * i + 1])
        {
            TrueEntropyNats = group.Select(p => p.TrueEntropy).OfType<double>().ToArray() is { Length: > 0 } some ? Describe.Mean(some) : null,
        })];
    }

    sealed record Known(long Seed, ModelEstimates Estimates);

    sealed record LastPosition(string? Category, double? Gain, double Entropy, double? TrueEntropy);

    static double Entropy(PromptReadings reading) =>
        reading.Outputs[^1]?.EntropyNats ?? throw new InvalidOperationException("The output of a last position was not read.");

    static double? MeanGain(double?[] gains)
    {
        double[] defined = [.. gains.OfType<double>()];
        return defined.Length == 0 ? null : Describe.Mean(defined);
    }
}
