namespace Castalia.Architectures;

/// <summary>Which normalisation a block reads the stream through.</summary>
public enum NormKind
{
    /// <summary>(x − mean)/√(variance + ε), biased variance, times weight, plus bias where there is one.</summary>
    LayerNorm,
    /// <summary>x/√(mean of squares + ε), times weight.</summary>
    RmsNorm,
}

/// <summary>How attention and MLP of one block stand to each other.</summary>
public enum Wiring
{
    /// <summary>resid_mid = resid_pre + attn(norm₁(resid_pre)); resid_post = resid_mid + mlp(norm₂(resid_mid)).</summary>
    Sequential,
    /// <summary>resid_post = resid_pre + attn(norm₁(resid_pre)) + mlp(norm₂(resid_pre)); no resid_mid.</summary>
    ParallelTwoNorms,
}

/// <summary>Which two dimensions of a head turn together.</summary>
public enum RotaryPairing
{
    /// <summary>(i, i + R/2): GPT-NeoX, Llama.</summary>
    HalfSplit,
    /// <summary>(2i, 2i + 1): GPT-J.</summary>
    Interleaved,
}

/// <summary>The nonlinearity of the MLP.</summary>
public enum Activation
{
    /// <summary>x·Φ(x), with the error function.</summary>
    GeluErf,
    /// <summary>½x(1 + tanh(√(2/π)(x + 0.044715x³))).</summary>
    GeluTanh,
    /// <summary>x/(1 + e⁻ˣ).</summary>
    Silu,
    /// <summary>max(x, 0).</summary>
    Relu,
}

/// <summary>The shape of the MLP.</summary>
public enum MlpKind
{
    /// <summary>down(act(up(x))).</summary>
    Plain,
    /// <summary>down(act(gate(x)) ⊙ up(x)).</summary>
    Gated,
}

/// <summary>Llama 3.1's stretching of slow rotary frequencies (arXiv 2407.21783; reference: transformers modeling_rope_utils).</summary>
/// <param name="Factor">Long wavelengths are stretched by this.</param>
/// <param name="LowFrequencyFactor">Wavelengths above OriginalContext/this are stretched wholly.</param>
/// <param name="HighFrequencyFactor">Wavelengths below OriginalContext/this are kept.</param>
/// <param name="OriginalContext">Context length before stretching, tokens.</param>
public sealed record Llama3RotaryScaling(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalContext);

/// <summary>Rotary position embedding.</summary>
public sealed record Rotary
{
    /// <summary>Dimensions of each head that turn; the rest pass through. Even.</summary>
    public required int Dims { get; init; }

    /// <summary>Which dimensions turn together.</summary>
    public required RotaryPairing Pairing { get; init; }

    /// <summary>θ in θ^(−2i/Dims).</summary>
    public required double Base { get; init; }

    /// <summary>Llama 3.1 scaling; null for none.</summary>
    public Llama3RotaryScaling? Llama3 { get; init; }

    /// <summary>Divisors of the frequencies stored in the checkpoint itself (GGUF <c>rope_freqs.weight</c>), Dims/2 of them; null for none.</summary>
    public IReadOnlyList<float>? StoredDivisors { get; init; }
}

/// <summary>A family at given sizes: everything the arithmetic needs to know besides the weights. Printed by <c>castalia describe</c>.</summary>
public sealed record Architecture
{
    /// <summary>The family it was read as.</summary>
    public required Family Family { get; init; }

    /// <summary>Blocks.</summary>
    public required int NLayers { get; init; }

    /// <summary>Width of the stream.</summary>
    public required int DModel { get; init; }

    /// <summary>Query heads.</summary>
    public required int NHeads { get; init; }

    /// <summary>Key/value heads; NHeads is a multiple of it.</summary>
    public required int NKvHeads { get; init; }

    /// <summary>Width of a head.</summary>
    public required int HeadDim { get; init; }

    /// <summary>Inner width of the MLP.</summary>
    public required int DFf { get; init; }

    /// <summary>Rows of the embedding as the config states them (may be padded).</summary>
    public required int DVocab { get; init; }

    /// <summary>Longest prompt the model was made for, tokens.</summary>
    public required int NCtx { get; init; }

    /// <summary>Kind of every norm.</summary>
    public required NormKind Norm { get; init; }

    /// <summary>ε of every norm.</summary>
    public required double NormEpsilon { get; init; }

    /// <summary>How attention and MLP are wired.</summary>
    public required Wiring Wiring { get; init; }

    /// <summary>Rotary embedding.</summary>
    public required Rotary Rotary { get; init; }

    /// <summary>Nonlinearity of the MLP.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Shape of the MLP.</summary>
    public required MlpKind Mlp { get; init; }

    /// <summary>Query, key and value projections have biases.</summary>
    public required bool QkvBias { get; init; }

    /// <summary>Attention's output projection has a bias.</summary>
    public required bool AttnOutBias { get; init; }

    /// <summary>The MLP's projections have biases.</summary>
    public required bool MlpBias { get; init; }

    /// <summary>The unembedding is the embedding.</summary>
    public required bool TiedUnembedding { get; init; }

    /// <summary>Factor on query·key before softmax; 1/√HeadDim unless the family says otherwise.</summary>
    public required double AttentionScale { get; init; }

    /// <summary>Config keys that were absent, with the value taken and the reference implementation it is the default of.</summary>
    public required IReadOnlyList<ConfigDefault> Defaults { get; init; }

    /// <summary>Parameters the description implies; a tied matrix counts once.</summary>
    public long ExpectedParameters => WeightShapes.Parameters(this);
}

/// <summary>A config key that was absent.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value taken, as text.</param>
/// <param name="Source">Whose documented default it is.</param>
public sealed record ConfigDefault(string Key, string Value, string Source);
