namespace Castalia.Attribution;

/// <summary>What is attributed, and what of it is kept.</summary>
sealed record AttributionOptions
{
    /// <summary>Parts of each split that are kept where not all are.</summary>
    public const int MostListed = 50;

    /// <summary>Which blocks.</summary>
    public required BlockChoice Blocks { get; init; }

    /// <summary>Every position instead of the last.</summary>
    public required bool AllPositions { get; init; }

    /// <summary>Every neuron and dimension instead of the <see cref="MostListed"/> largest.</summary>
    public required bool AllParts { get; init; }

    /// <summary>Mean lengths of what heads and neurons write as well.</summary>
    internal bool Lengths { get; init; }

    /// <summary>What figures are derived from beside the blocks.</summary>
    internal Derivation Derivation { get; init; } = Derivation.None;
}
