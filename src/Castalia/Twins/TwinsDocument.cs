using System.Text.Json.Serialization;
using Castalia.Statistics;

namespace Castalia.Twins;

/// <summary>A study for programs; entropies and losses in nats. Null is what is undefined.</summary>
/// <param name="Plan">The plan's name.</param>
/// <param name="Folder">Where networks and runs are.</param>
/// <param name="Networks">One each, in the plan's order.</param>
sealed record TwinsDocument(string Plan, string Folder, IReadOnlyList<TwinDocument> Networks)
{
    /// <summary>Of a study.</summary>
    public static TwinsDocument Of(TwinPlan plan, string folder, IReadOnlyList<MeasuredTwin> twins) => new(plan.Name, folder, [.. twins.Select(TwinDocument.Of)]);
}

/// <summary>One network.</summary>
sealed record TwinDocument(
    string Cell, IReadOnlyDictionary<string, string> Levels, ulong Seed, string Family, long Parameters, int Steps, double Loss, double? LeastLoss, int Prompts, double? GainMean, double? GainSd,
    double? GainLow, double? GainHigh, double? BelowOneShare, double? PearsonGainTrueEntropy, double? PearsonGainModelEntropy, string Checkpoint, string Run)
{
    /// <summary>Of a network.</summary>
    public static TwinDocument Of(MeasuredTwin m)
    {
        var all = m.Estimates.All;
        var architecture = m.Twin.Cell.Form.Architecture;
        return new(
            m.Twin.Cell.Name, m.Twin.Cell.Levels.ToDictionary(level => level.Factor, level => level.Value), m.Twin.Seed, architecture.Family.ModelType, architecture.ExpectedParameters,
            m.Trained.Steps.Count, m.Trained.Loss, m.Trained.LeastLoss, all.Prompts, all.Gain.Mean.Value, all.Gain.Sd.Value, all.Gain.Interval95.Value?.Low, all.Gain.Interval95.Value?.High,
            all.Gain.N == 0 ? null : all.BelowOne / (double)all.Gain.N, m.GainTrueEntropy.Value, m.Estimates.GainEntropy.Value, m.Trained.Folder, m.Run);
    }
}

/// <summary>How studies are written as JSON: members in snake case, in their order.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(TwinsDocument))]
sealed partial class TwinsJson : JsonSerializerContext;
