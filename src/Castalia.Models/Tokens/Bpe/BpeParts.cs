namespace Castalia.Tokens;

/// <summary>What a byte-pair model is made of, whichever file it came in.</summary>
sealed record BpeParts
{
    /// <summary>Id of each piece.</summary>
    public required PieceTable Vocabulary { get; init; }

    /// <summary>Pairs of ids in order of rank, and what each becomes.</summary>
    public required IReadOnlyList<BpeMerge> Merges { get; init; }

    /// <summary>The token of what the vocabulary lacks; null where that is left out.</summary>
    public int? UnknownId { get; init; }

    /// <summary>Unknown neighbours are one token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>What the vocabulary lacks is spelt in byte tokens, <c>&lt;0xAB&gt;</c>, where it has them.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>A piece that is in the vocabulary is a token whether or not merges lead to it.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>What every symbol of a piece but the first is spelt with before it.</summary>
    public string SubwordPrefix { get; init; } = "";

    /// <summary>What the last symbol of a piece is spelt with behind it.</summary>
    public string WordSuffix { get; init; } = "";

    /// <summary>Pieces come spelt in bytes, a character each (<see cref="ByteAlphabet"/>).</summary>
    public bool SpeltInBytes { get; init; }
}
