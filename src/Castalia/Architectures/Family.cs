namespace Castalia.Architectures;

/// <summary>What all models of one family share, as data: read off by <see cref="ArchitectureReader"/>, never executed.</summary>
/// <remarks>A further family is one more value in <see cref="Families"/>, usually another <c>with</c> its differences.</remarks>
public sealed record Family
{
    /// <summary>The config's <c>model_type</c>, or the GGUF <c>general.architecture</c>.</summary>
    public required string ModelType { get; init; }

    /// <summary>The family as a person names it.</summary>
    public required string Title { get; init; }

    /// <summary>Where its models state their sizes.</summary>
    public required ConfigKind Config { get; init; }

    /// <summary>The implementation whose arithmetic is meant and whose defaults hold for absent keys.</summary>
    public required string Reference { get; init; }

    /// <summary>Where the sizes are.</summary>
    public required SizeKeys Sizes { get; init; }

    /// <summary>Kind of every norm.</summary>
    public required NormKind Norm { get; init; }

    /// <summary>ε of every norm.</summary>
    public required NumberKey NormEpsilon { get; init; }

    /// <summary>How attention and MLP are wired, or what decides it.</summary>
    public required Choice<Wiring> Wiring { get; init; }

    /// <summary>Rotary embedding.</summary>
    public required RotaryRule Rotary { get; init; }

    /// <summary>Shape of the MLP.</summary>
    public required MlpKind Mlp { get; init; }

    /// <summary>Nonlinearity of the MLP.</summary>
    public required ActivationKey Activation { get; init; }

    /// <summary>Whether query, key and value have biases.</summary>
    public required Flag QkvBias { get; init; }

    /// <summary>Whether attention's output projection has a bias.</summary>
    public required Flag AttnOutBias { get; init; }

    /// <summary>Whether the MLP's projections have biases.</summary>
    public required Flag MlpBias { get; init; }

    /// <summary>Whether the unembedding is the embedding.</summary>
    public required Flag TiedUnembedding { get; init; }

    /// <summary>The stored tensor behind each role; a role without a slot does not exist in the family.</summary>
    public required IReadOnlyDictionary<WeightRole, TensorSlot> Tensors { get; init; }

    /// <summary>Name patterns of tensors that checkpoints carry and the arithmetic does not read; <c>{layer}</c> is a block index.</summary>
    public IReadOnlyList<string> KnownUnused { get; init; } = [];

    /// <summary>Keys understood at some values only; any other value is refused.</summary>
    public required IReadOnlyList<LimitedKey> Limited { get; init; }

    /// <summary>Keys that do not change the arithmetic; <c>*</c> stands for any run of characters.</summary>
    public required IReadOnlyList<string> Harmless { get; init; }

    /// <summary>What a run must say of every checkpoint of the family, because the file cannot tell; null for nothing.</summary>
    public string? Caveat { get; init; }
}

/// <summary>Where a checkpoint states what it is.</summary>
public enum ConfigKind
{
    /// <summary>config.json as Hugging Face transformers writes it.</summary>
    HuggingFace,
    /// <summary>The metadata of a GGUF file.</summary>
    Gguf,
}

/// <summary>Where a family's models state their sizes; members as in <see cref="Architecture"/>.</summary>
public sealed record SizeKeys
{
    /// <summary>Width of the stream.</summary>
    public required SizeKey DModel { get; init; }

    /// <summary>Blocks.</summary>
    public required SizeKey NLayers { get; init; }

    /// <summary>Query heads.</summary>
    public required SizeKey NHeads { get; init; }

    /// <summary>Key/value heads.</summary>
    public required SizeKey NKvHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required SizeKey HeadDim { get; init; }

    /// <summary>Inner width of the MLP.</summary>
    public required SizeKey DFf { get; init; }

    /// <summary>Rows of the embedding.</summary>
    public required SizeKey DVocab { get; init; }

    /// <summary>Longest prompt, tokens.</summary>
    public required SizeKey NCtx { get; init; }
}

/// <summary>How a family turns queries and keys.</summary>
public sealed record RotaryRule
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

    /// <summary>Tensor that divides the frequencies, where a checkpoint stores one; null where none does.</summary>
    public string? StoredDivisors { get; init; }
}

/// <summary>Where rotary frequency scaling is stated. The numbers are read only where the type asks for them.</summary>
/// <param name="Type">Kind of scaling: <c>default</c> or <c>llama3</c>.</param>
/// <param name="Factor">See <see cref="Llama3RotaryScaling"/>.</param>
/// <param name="LowFrequencyFactor">The same.</param>
/// <param name="HighFrequencyFactor">The same.</param>
/// <param name="OriginalContext">The same.</param>
public sealed record ScalingKeys(
    IReadOnlyList<string> Type, NumberKey Factor, NumberKey LowFrequencyFactor, NumberKey HighFrequencyFactor, SizeKey OriginalContext);
