using Castalia.Attribution;

namespace Castalia.Runs;

/// <summary>What attribution.parquet holds beside the parts of the block.</summary>
static class DerivedRows
{
    /// <summary>The split of figures of reference texts.</summary>
    public const string Reference = "reference";

    /// <summary>The new splits, for the column's description.</summary>
    public const string Splits =
        "directions and bands add up to gain_squared_minus_one as well, of each set and of the bands, directions_before, directions_after, bands_before and bands_after to 1; " +
        "reference are figures of the reference texts.";

    /// <summary>The new parts, for the column's description.</summary>
    public const string Parts =
        "in directions the set: reference_mean, reference_components, or the tensor's name; in bands band; " +
        "in reference positions, kurtosis_before, kurtosis_after, mean_share_before, mean_share_after, ranked_coordinate, component_share.";

    const int Ranked = 10;

    /// <summary>Rows of one block at one position.</summary>
    public static IEnumerable<(string Split, string Part, int? Index, int? Source, double Value)> Of(DerivedFigures derived)
    {
        yield return ("block", "participation_before", null, null, derived.ParticipationBefore);
        yield return ("block", "participation_after", null, null, derived.ParticipationAfter);
        if (derived.Reference is { } reference)
        {
            yield return ("block", "centred_gain", null, null, reference.CentredGain);
            yield return ("block", "common_mode_rejection", null, null, reference.CommonModeRejection);
            foreach (var without in reference.Without)
            {
                yield return ("block", FormattableString.Invariant($"gain_without_{without.Coordinates}"), null, null, without.Gain);
                yield return ("block", FormattableString.Invariant($"gain_without_random_{without.Coordinates}"), null, null, without.Random);
                yield return ("block", FormattableString.Invariant($"gain_without_{without.Coordinates}_p"), null, null, without.P);
            }
        }
        foreach (var split in derived.Directions)
            foreach (var row in OfSplit("directions", split.Name, split)) yield return row;
        if (derived.Bands is { } bands)
            foreach (var row in OfSplit("bands", "band", bands)) yield return row;
    }

    static IEnumerable<(string Split, string Part, int? Index, int? Source, double Value)> OfSplit(string name, string part, DirectionSplit split) =>
        Rows(name, part, split.Parts, split.Outside)
            .Concat(Rows($"{name}_before", part, split.Before, split.BeforeOutside))
            .Concat(Rows($"{name}_after", part, split.After, split.AfterOutside));

    static IEnumerable<(string Split, string Part, int? Index, int? Source, double Value)> Rows(string split, string part, IReadOnlyList<double> values, double outside)
    {
        for (int i = 0; i < values.Count; i++) yield return (split, part, i, null, values[i]);
        yield return (split, part, null, null, outside);
    }

    /// <summary>Rows of the reference texts.</summary>
    public static IEnumerable<(int Block, string Part, int? Index, double Value)> OfReference(AttributedRun run)
    {
        foreach (var of in run.ReferenceBlocks)
        {
            yield return (of.Block, "positions", null, of.Positions);
            yield return (of.Block, "kurtosis_before", null, of.KurtosisBefore);
            yield return (of.Block, "kurtosis_after", null, of.KurtosisAfter);
            yield return (of.Block, "mean_share_before", null, of.MeanShareBefore);
            yield return (of.Block, "mean_share_after", null, of.MeanShareAfter);
            foreach (int coordinate in of.Ranking.Take(Ranked)) yield return (of.Block, "ranked_coordinate", coordinate, of.SizeBefore[coordinate]);
            for (int i = 0; i < (of.Components?.Shares.Count ?? 0); i++) yield return (of.Block, "component_share", i, of.Components!.Shares[i]);
        }
    }
}
