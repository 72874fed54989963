using System.Text.Json.Serialization;

namespace Castalia.Twins;

/// <summary>The shipped twins for programs, beside their run's summary; entropies in nats. Null is what is undefined.</summary>
/// <param name="Plan">The plan's name.</param>
/// <param name="Networks">One each, in the plan's order.</param>
/// <param name="Pairs">Networks that differ in one factor; over prompts of this pair alone.</param>
sealed record ShippedDocument(string Plan, IReadOnlyList<ShippedNetworkDocument> Networks, IReadOnlyList<TwinPairDocument> Pairs)
{
    /// <summary>Of what was read.</summary>
    public static ShippedDocument Of(IReadOnlyList<ReadTwin> twins, IReadOnlyList<TwinPair> pairs) =>
        new(ShippedTwins.Plan.Name, [.. twins.Select(ShippedNetworkDocument.Of)], [.. pairs.Select(TwinPairDocument.Of)]);
}

/// <summary>A shipped network.</summary>
sealed record ShippedNetworkDocument(
    string Model, IReadOnlyDictionary<string, string> Levels, ulong Seed, string Sha256, int Steps, double? GainMean, double? BelowOneShare, double? PearsonGainTrueEntropy, double? PearsonLow, double? PearsonHigh, double? PearsonGainModelEntropy,
    double? TrueEntropyNatsMean, double? ModelEntropyNatsMean, double? TheoreticalUntrainedGain)
{
    /// <summary>Of a network.</summary>
    public static ShippedNetworkDocument Of(ReadTwin twin)
    {
        var all = twin.Estimates.All;
        return new(
            twin.Shipped.Name, twin.Shipped.Twin.Cell.Levels.ToDictionary(level => level.Factor, level => level.Value), twin.Shipped.Twin.Seed, twin.Shipped.Sha256, twin.Shipped.Twin.Recipe.Options.Steps,
            all.Gain.Mean.Value, all.Gain.N == 0 ? null : all.BelowOne / (double)all.Gain.N, twin.Relation.Value?.Coefficient, twin.Relation.Value?.Interval95.Value?.Low,
            twin.Relation.Value?.Interval95.Value?.High, twin.Estimates.GainEntropy.Value,
            all.TrueEntropyNats, all.EntropyNats.Mean.Value, twin.TheoreticalGain);
    }
}

/// <summary>Two networks.</summary>
sealed record TwinPairDocument(string Factor, string FirstLevel, string SecondLevel, string First, string Second, IReadOnlyList<TwinDifferenceDocument> Gains)
{
    /// <summary>Of a pair.</summary>
    public static TwinPairDocument Of(TwinPair pair) => new(
        pair.Factor, pair.FirstLevel, pair.SecondLevel, pair.First.Shipped.Name, pair.Second.Shipped.Name,
        [.. pair.Differences.Select(d => new TwinDifferenceDocument(d.Category, d.Difference.N, d.First.Value, d.Second.Value, d.Difference.Mean.Value, d.Difference.Interval95.Value?.Low, d.Difference.Interval95.Value?.High))]);
}

/// <summary>Mean gains over the prompts of one kind, or of all where there is no category, and first minus second prompt by prompt with its 95 % BCa interval.</summary>
sealed record TwinDifferenceDocument(string? Category, int N, double? FirstMean, double? SecondMean, double? Difference, double? Low, double? High);

/// <summary>How it is written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(ShippedDocument))]
sealed partial class ShippedJson : JsonSerializerContext;
