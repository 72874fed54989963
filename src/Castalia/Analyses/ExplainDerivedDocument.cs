using System.Text.Json.Serialization;
using Castalia.Attribution;
using Castalia.Runs;

namespace Castalia.Analyses;

/// <summary>The reference texts, and what is of them alone.</summary>
sealed record ReferenceDocument(string Set, int Texts, int Positions, int RandomSets, long Seed, IReadOnlyList<ReferenceBlockDocument> Blocks)
{
    public static ReferenceDocument? Of(AttributedRun run) => run.Reference is not { } reference ? null : new(
        reference.Name, reference.Texts.Count, reference.Positions, CoordinateSets.Count, run.Seed, [.. run.ReferenceBlocks.Select(ReferenceBlockDocument.Of)]);
}

/// <summary>A block over the reference texts.</summary>
sealed record ReferenceBlockDocument(
    int Block, double KurtosisBefore, double KurtosisAfter, double MeanShareBefore, double MeanShareAfter, IReadOnlyList<int> RankedCoordinates, IReadOnlyList<double>? ComponentShares)
{
    public static ReferenceBlockDocument Of(ReferenceBlock block) => new(
        block.Block, block.KurtosisBefore, block.KurtosisAfter, block.MeanShareBefore, block.MeanShareAfter, [.. block.Ranking.Take(CoordinateSets.Sizes[^1])],
        block.Components is { } components ? [.. components.Shares] : null);
}

/// <summary>The unembedding's bands.</summary>
sealed record BandsDocument(
    long Rows, bool FinalNormHasWeight, bool MeanFree, IReadOnlyList<int> Directions, IReadOnlyList<double> SingularValues, IReadOnlyList<int> EdgesUndetermined)
{
    public static BandsDocument Of(UnembeddingBands bands) => new(
        bands.Rows, bands.HasWeight, bands.IsMeanFree, [.. bands.Directions.Sizes], [.. bands.Values], [.. bands.Undetermined]);
}

/// <summary>What is derived beside the parts of a block; what was not asked for is left out.</summary>
sealed record DerivedDocument(
    double ParticipationBefore, double ParticipationAfter, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? CentredGain,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? CommonModeRejection,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<GainWithoutDocument>? GainWithout, IReadOnlyList<NamedSplitDocument> Directions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] SplitDocument? Bands)
{
    public static DerivedDocument Of(DerivedFigures d) => new(
        d.ParticipationBefore, d.ParticipationAfter, d.Reference?.CentredGain, d.Reference?.CommonModeRejection,
        d.Reference is { } reference ? [.. reference.Without.Select(w => new GainWithoutDocument(w.Coordinates, w.Gain, w.Random, w.P))] : null, [.. d.Directions.Select(NamedSplitDocument.Of)],
        d.Bands is { } bands ? SplitDocument.Of(bands) : null);
}

/// <summary>The gain without some coordinates, beside random sets of as many.</summary>
sealed record GainWithoutDocument(int Coordinates, double Gain, double Random, double P);

/// <summary>A split along directions.</summary>
sealed record SplitDocument(IReadOnlyList<double> Parts, double Outside, IReadOnlyList<double> Before, double BeforeOutside, IReadOnlyList<double> After, double AfterOutside)
{
    public static SplitDocument Of(DirectionSplit s) => new([.. s.Parts], s.Outside, [.. s.Before], s.BeforeOutside, [.. s.After], s.AfterOutside);
}

/// <summary>A split along the directions of a set.</summary>
sealed record NamedSplitDocument(string Set, IReadOnlyList<double> Parts, double Outside, IReadOnlyList<double> Before, double BeforeOutside, IReadOnlyList<double> After, double AfterOutside)
{
    public static NamedSplitDocument Of(DirectionSplit s) => new(s.Name, [.. s.Parts], s.Outside, [.. s.Before], s.BeforeOutside, [.. s.After], s.AfterOutside);
}
