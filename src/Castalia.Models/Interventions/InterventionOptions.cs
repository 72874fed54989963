using Castalia.Prompts;

namespace Castalia.Interventions;

/// <summary>Which interventions are made, and within what bounds.</summary>
sealed record InterventionOptions
{
    /// <summary>What was written down, in its order.</summary>
    public required IReadOnlyList<InterventionEntry> Entries { get; init; }

    /// <summary>The texts of every set that a mean, a direction or a ranking of coordinates is taken over, by name.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<TokenizedPrompt>> Sets { get; init; }

    /// <summary>Where finished portions are kept, and found again; null for nowhere.</summary>
    public IPortionJournal? Journal { get; init; }

    /// <summary>Finds principal components; null where no entry names any.</summary>
    internal Attribution.FindComponents? Components { get; init; }

    /// <summary>Finds bands of the unembedding; null where no entry names any.</summary>
    internal Func<Attribution.UnembeddingBands>? Bands { get; init; }

    /// <summary>Bytes that the variants of a portion may take.</summary>
    public long MostBytes { get; init; } = 1L << 30;
}
