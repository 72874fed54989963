namespace Castalia.Attribution;

/// <summary>What figures are derived from beside the block itself.</summary>
sealed record Derivation
{
    /// <summary>Nothing.</summary>
    public static Derivation None { get; } = new() { Reference = [], Random = null, Bands = null, Given = [] };

    /// <summary>Reference texts, by block; none where there are none.</summary>
    public required IReadOnlyList<ReferenceBlock> Reference { get; init; }

    /// <summary>Random sets of coordinates; null where there are no reference texts.</summary>
    public required CoordinateSets? Random { get; init; }

    /// <summary>Bands of the unembedding; null where they are not asked for.</summary>
    public required DirectionSet? Bands { get; init; }

    /// <summary>Sets of directions that were given.</summary>
    public required IReadOnlyList<DirectionSet> Given { get; init; }

    /// <summary>The figures of one block at one position.</summary>
    public DerivedFigures Of(int block, ReadOnlySpan<double> pre, ReadOnlySpan<double> post)
    {
        var reference = Reference.FirstOrDefault(one => one.Block == block);
        var splits = new List<DirectionSplit>();
        if (reference?.MeanDirection is { } mean) splits.Add(DirectionSplit.Of(mean, pre, post));
        if (reference?.Components is { } components) splits.Add(DirectionSplit.Of(components.Directions, pre, post));
        foreach (var set in Given) splits.Add(DirectionSplit.Of(set, pre, post));
        return new()
        {
            ParticipationBefore = DerivedFigures.Participation(pre),
            ParticipationAfter = DerivedFigures.Participation(post),
            Reference = reference is null ? null : ReferenceFigures.Of(reference, Random!, pre, post),
            Directions = splits,
            Bands = Bands is null ? null : DirectionSplit.Of(Bands, pre, post),
        };
    }
}
