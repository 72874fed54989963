using System.Text.Json.Serialization;
using Castalia.Anatomy.Units;
using Castalia.Attribution;
using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>What <c>castalia explain --json</c> says of units over all prompts.</summary>
/// <param name="Block">The last block that was attributed, of which stability and concentration are.</param>
/// <param name="Stability">Of heads, neurons and neurons below 0, between two halves of the prompts.</param>
/// <param name="Concentration">With entropy, over prompts and over positions.</param>
/// <param name="Blocks">Every block that was attributed.</param>
sealed record UnitsDocument(int Block, IReadOnlyList<StabilityDocument> Stability, IReadOnlyList<ConcentrationDocument> Concentration, IReadOnlyList<BlockUnitsDocument> Blocks)
{
    public static UnitsDocument Of(IReadOnlyList<UnitMeans> means, UnitsOverPrompts units, IReadOnlyList<BlockUnitWeights> weights) => new(
        units.Block, [.. units.Stability.Select(s => new StabilityDocument(s.Units, s.Count, s.Spearman.Value, s.Spearman.UndefinedBecause, s.Leading, s.Shared, s.ByChance))],
        [.. units.Concentrations.Select(ConcentrationDocument.Of)],
        [.. means.Select(m => new BlockUnitsDocument(m.Block, m.Heads, WeightsDocument.Of(weights.FirstOrDefault(w => w.Block == m.Block), m)))]);
}

/// <summary>Rank stability of a kind of units.</summary>
sealed record StabilityDocument(string Units, int Count, double? Spearman, string? SpearmanUndefinedBecause, int Leading, int LeadingInBoth, double LeadingInBothByChance);

/// <summary>Concentration with entropy; intervals by text.</summary>
sealed record ConcentrationDocument(
    string Over, int? N, int? Texts, ClusteredDocument? HalfOfNegativeSpearman, ClusteredDocument? HalfOfNegativePearson, ClusteredDocument? ParticipationSpearman,
    ClusteredDocument? ParticipationPearson, IReadOnlyList<string> HeldFixed, SlopeOnEntropyDocument? LogParticipationSlope, SlopeOnEntropyDocument? NegativeSlope,
    SlopeOnEntropyDocument? PositiveSlope)
{
    public static ConcentrationDocument Of(Concentration c) => new(
        c.Sampling == Sampling.EveryPosition ? "positions" : "prompts", c.Half.Spearman.Value?.N, c.Half.Spearman.Value?.Texts,
        ClusteredDocument.Of(c.Half.Spearman), ClusteredDocument.Of(c.Half.Pearson), ClusteredDocument.Of(c.Participation.Spearman), ClusteredDocument.Of(c.Participation.Pearson),
        c.Controls.Names, SlopeOnEntropyDocument.Of(c.Adjusted), SlopeOnEntropyDocument.Of(c.Below), SlopeOnEntropyDocument.Of(c.Above));
}

/// <summary>A slope on entropy, per nat, with its interval; errors by text.</summary>
sealed record SlopeOnEntropyDocument(double Slope, double Low, double High)
{
    public static SlopeOnEntropyDocument? Of(Figure<AdjustedSlope> figure) => figure.Value is { } slope ? new(slope.Slope, slope.Interval95.Low, slope.Interval95.High) : null;
}

/// <summary>A coefficient with its interval over texts.</summary>
sealed record ClusteredDocument(double Coefficient, double? Low, double? High)
{
    public static ClusteredDocument? Of(Figure<ClusteredFigure> figure) =>
        figure.Value is { } f ? new(f.Value, f.Interval95.Value?.Low, f.Interval95.Value?.High) : null;
}

/// <summary>A block: means over prompts, and its weights where they were read.</summary>
sealed record BlockUnitsDocument(int Block, IReadOnlyList<double> HeadMeans, WeightsDocument? Weights);

/// <summary>What weights alone say; null where a figure is undefined.</summary>
sealed record WeightsDocument(
    IReadOnlyList<double?> BiasCosine, IReadOnlyList<double?> BiasDifference, IReadOnlyList<double?> Tau, IReadOnlyList<double?> SUp, IReadOnlyList<double?>? SGate,
    CosineDocument? SUpSummary, CosineDocument? SGateSummary)
{
    public static WeightsDocument? Of(BlockUnitWeights? weights, UnitMeans means) => weights is null ? null : new(
        Defined(weights.BiasCosines), Defined(weights.BiasDifferences), Defined(weights.Tau), Defined(weights.Up), weights.Gate is { } gate ? Defined(gate) : null,
        CosineDocument.Of(weights.Up, means), weights.Gate is { } read ? CosineDocument.Of(read, means) : null);

    static IReadOnlyList<double?> Defined(IReadOnlyList<double> values) => [.. values.Select(value => double.IsFinite(value) ? value : (double?)null)];
}

/// <summary>How cosines are spread.</summary>
sealed record CosineDocument(double Mean, double LowerDecile, double ShareBelowZero, double? ShareOfNegativeInLowestTenth)
{
    public static CosineDocument? Of(IReadOnlyList<double> cosines, UnitMeans means) => CosineSummary.Of(cosines, means.NegativeNeurons) is { } s
        ? new(s.Mean, s.LowerDecile, s.Below, double.IsFinite(s.NegativeShare) ? s.NegativeShare : null) : null;
}
