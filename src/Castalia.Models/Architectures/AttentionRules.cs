namespace Castalia.Architectures;

/// <summary>How a family scales query·key before softmax; 1/√head_dim where nothing here says otherwise.</summary>
sealed record AttentionScaleRule
{
    /// <summary>Where the factor itself is stated; it may be absent or null.</summary>
    public NumberKey? Factor { get; init; }

    /// <summary>Where the number is stated whose inverse root is the factor.</summary>
    public NumberKey? InverseRootOf { get; init; }

    /// <summary>Where this holds there is no factor.</summary>
    public Flag Unscaled { get; init; } = new Flag.Always(false);

    /// <summary>Where this holds block ℓ, from 0, divides by ℓ + 1 besides.</summary>
    public Flag ByBlock { get; init; } = new Flag.Always(false);
}

/// <summary>When a family has a penalty on distance in place of rotary embedding.</summary>
/// <param name="When">What decides.</param>
/// <param name="MaxBias">Exponent of the last slope.</param>
sealed record AlibiRule(Flag When, NumberKey MaxBias)
{
    /// <summary>See <see cref="Alibi"/>.</summary>
    public bool Scaled { get; init; }

    /// <summary>See <see cref="Alibi"/>.</summary>
    public int Times { get; init; } = 1;

    /// <summary>See <see cref="Alibi"/>.</summary>
    public bool InBFloat16 { get; init; }

    /// <summary>What a run must say where the penalty is in use; null for nothing.</summary>
    public string? Caveat { get; init; }
}

/// <summary>Which blocks of a family see only the last so many positions.</summary>
/// <remarks>A list <c>layer_types</c> of <c>full_attention</c> and <c>sliding_attention</c>, where a config has one, says it for every block.</remarks>
/// <param name="Size">Where the number of positions is stated, the query's own included; null or absent without a default: no block has a window.</param>
abstract record WindowRule(NumberKey Size)
{
    /// <summary>Every block.</summary>
    public sealed record EveryBlock(NumberKey Size) : WindowRule(Size);

    /// <summary>From a block on, where a flag allows it.</summary>
    /// <param name="Size">See <see cref="WindowRule"/>.</param>
    /// <param name="When">The flag.</param>
    /// <param name="First">Index of the first block with a window, from 0.</param>
    public sealed record FromBlock(NumberKey Size, Flag When, NumberKey First) : WindowRule(Size);

    /// <summary>All but the last of every so many.</summary>
    /// <param name="Size">See <see cref="WindowRule"/>.</param>
    /// <param name="Period">Length of the pattern, blocks.</param>
    public sealed record AllButLastOf(NumberKey Size, NumberKey Period) : WindowRule(Size);

    /// <summary>Those called <c>local</c> in a list of [[kinds], repetitions]: GPT-Neo.</summary>
    /// <param name="Size">See <see cref="WindowRule"/>.</param>
    /// <param name="Key">The list.</param>
    /// <param name="PerBlock">A list of kinds, one for each block, which some configs have besides.</param>
    public sealed record ByKinds(NumberKey Size, string Key, string PerBlock) : WindowRule(Size);
}

/// <summary>Factor on the embedding: √d_model, or a number that the config states.</summary>
/// <param name="Stated">Where it is stated; null for √d_model.</param>
sealed record EmbeddingScaleRule(NumberKey? Stated);

/// <summary>Where the experts of a mixture are counted.</summary>
/// <param name="Experts">Experts of a block.</param>
/// <param name="PerToken">Experts a token goes through.</param>
sealed record MixtureKeys(SizeKey Experts, SizeKey PerToken);
