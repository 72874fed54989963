namespace Castalia.Architectures;

/// <summary>How a family turns queries and keys.</summary>
sealed record RotaryRule
{
    /// <summary>Which dimensions turn together, after rows were put in order (<see cref="RowOrder"/>).</summary>
    public required RotaryPairing Pairing { get; init; }

    /// <summary>θ.</summary>
    public required NumberKey Base { get; init; }

    /// <summary>Share of each head that turns, in (0, 1].</summary>
    public NumberKey Fraction { get; init; } = new() { Default = 1 };

    /// <summary>Dimensions of each head that turn, where that is stated instead of a share; null where it never is.</summary>
    public SizeKey? Dims { get; init; }

    /// <summary>Only whole heads turn in the reference; anything less is refused.</summary>
    public bool WholeHead { get; init; }

    /// <summary>Where frequency scaling is stated; null where it cannot be.</summary>
    public ScalingKeys? Scaling { get; init; }

    /// <summary>Every key it is stated by; of scaling what its keys stand under.</summary>
    public IEnumerable<string> Keys => [.. Base.Names, .. Fraction.Names, .. Dims?.Names ?? [], .. Scaling?.Under ?? []];

    /// <summary>Tensor that divides the frequencies, where a checkpoint stores one; null where none does.</summary>
    public string? StoredDivisors { get; init; }
}

/// <summary>Where rotary frequency scaling is stated. The numbers are read only where the type asks for them.</summary>
/// <param name="Under">What its keys stand under, e.g. <c>rope_scaling</c> and <c>rope_parameters</c>.</param>
sealed record ScalingKeys(params IReadOnlyList<string> Under)
{
    /// <summary>Types that are computed; every other one is refused.</summary>
    public IReadOnlyList<string> Types { get; init; } = ["default", "linear", "dynamic", "yarn", "llama3"];

    /// <summary>The older key of the factor, which holds where the newer is absent; null for none. Where it is not, keys and defaults are llama.cpp's.</summary>
    public string? OlderFactor { get; init; }

    /// <summary>What the type is called.</summary>
    public IReadOnlyList<string> TypeNames { get; init; } = ["rope_type", "type"];

    /// <summary>Between what they stand under and the key.</summary>
    public string Join { get; init; } = "/";

    /// <summary>A key in all its spellings.</summary>
    public IReadOnlyList<string> Named(params IReadOnlyList<string> names) =>
        [.. Under.SelectMany(under => names.Select(name => $"{under}{Join}{name}"))];
}
