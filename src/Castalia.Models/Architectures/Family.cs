namespace Castalia.Architectures;

/// <summary>What all models of one family share, as data: read off by <see cref="ArchitectureReader"/>, never executed.</summary>
/// <remarks>A further family is one more value in <see cref="Families"/>, usually another <c>with</c> its differences.</remarks>
sealed record Family
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

    /// <summary>Where the norms of a block stand.</summary>
    public NormPlacement NormPlacement { get; init; }

    /// <summary>Where the width of the stored embedding is stated, which must be d_model; null where it never is.</summary>
    public SizeKey? EmbeddingWidth { get; init; }

    /// <summary>Norms multiply by 1 + weight.</summary>
    public bool NormWeightPlusOne { get; init; }

    /// <summary>How queries and keys are normed, or what decides it.</summary>
    public Choice<QkNorm> QkNorm { get; init; } = Architectures.QkNorm.None;

    /// <summary>How attention and MLP are wired, or what decides it.</summary>
    public required Choice<Wiring> Wiring { get; init; }

    /// <summary>Rotary embedding; null where positions always enter another way.</summary>
    public required RotaryRule? Rotary { get; init; }

    /// <summary>Rotary embedding of blocks that see a window; null for the same.</summary>
    public RotaryRule? WindowedRotary { get; init; }

    /// <summary>Penalty on distance in place of rotary embedding; null for never.</summary>
    public AlibiRule? Alibi { get; init; }

    /// <summary>Learned positions; null for none.</summary>
    public LearnedPositions? LearnedPositions { get; init; }

    /// <summary>Which blocks see a window only; null for none.</summary>
    public WindowRule? Windows { get; init; }

    /// <summary>Factor on query·key.</summary>
    public AttentionScaleRule AttentionScale { get; init; } = new();

    /// <summary>Where a cap on attention's scores is stated; null where there is never one.</summary>
    public NumberKey? AttentionSoftcap { get; init; }

    /// <summary>Where a bound on queries, keys and values is stated; null where there is never one.</summary>
    public NumberKey? ClipQkv { get; init; }

    /// <summary>Factor on the embedding.</summary>
    public EmbeddingScaleRule? EmbeddingScale { get; init; }

    /// <summary>Where a factor on what attention and MLP add is stated; null where there is never one.</summary>
    public NumberKey? ResidualScale { get; init; }

    /// <summary>Where a factor on the logits is stated; null where there is never one.</summary>
    public NumberKey? LogitScale { get; init; }

    /// <summary>Where a divisor of the logits is stated; null where there is never one.</summary>
    public NumberKey? LogitDivisor { get; init; }

    /// <summary>Where a cap on the logits is stated; null where there is never one.</summary>
    public NumberKey? LogitSoftcap { get; init; }

    /// <summary>Where the experts are counted; null unless the MLP is a mixture.</summary>
    public MixtureKeys? Mixture { get; init; }

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

    /// <summary>Whether the unembedding has a bias.</summary>
    public Flag UnembeddingBias { get; init; } = new Flag.Always(false);

    /// <summary>What the names of all but the unembedding begin with, and what some checkpoints leave out; empty for nothing.</summary>
    public string BasePrefix { get; init; } = "";

    /// <summary>The stored tensor behind each role; a role without a slot does not exist in the family.</summary>
    public required IReadOnlyDictionary<WeightRole, TensorSlot> Tensors { get; init; }

    /// <summary>Name patterns of tensors that checkpoints carry and the arithmetic does not read; <c>{layer}</c> is a block index.</summary>
    public IReadOnlyList<string> KnownUnused { get; init; } = [];

    /// <summary>Keys understood at some values only; any other value is refused.</summary>
    public required IReadOnlyList<LimitedKey> Limited { get; init; }

    /// <summary>Keys that do not change the arithmetic; <c>*</c> stands for any run of characters.</summary>
    public required IReadOnlyList<string> Harmless { get; init; }

    /// <summary>Key patterns under which tools beside the reference record how the file was made, which a run mentions and passes over.</summary>
    public IReadOnlyList<string> Records { get; init; } = [];

    /// <summary>What a run must say of every checkpoint of the family, because the file cannot tell; null for nothing.</summary>
    public string? Caveat { get; init; }

    /// <summary>Of a GGUF architecture, the form its models have on the hub; null for the hub's own families.</summary>
    public HubForm? Hub { get; init; }
}

/// <summary>Where a checkpoint states what it is.</summary>
enum ConfigKind
{
    /// <summary>config.json as Hugging Face transformers writes it.</summary>
    HuggingFace,
    /// <summary>The metadata of a GGUF file.</summary>
    Gguf,
}

/// <summary>Where a family's models state their sizes; members as in <see cref="Architecture"/>.</summary>
sealed record SizeKeys
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
