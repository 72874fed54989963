namespace Castalia.Architectures;

/// <summary>Which two dimensions of a head turn together.</summary>
enum RotaryPairing
{
    /// <summary>(i, i + R/2): GPT-NeoX, Llama.</summary>
    HalfSplit,
    /// <summary>(2i, 2i + 1): GPT-J.</summary>
    Interleaved,
}

/// <summary>How rotary frequencies are changed to reach further than the model was trained.</summary>
abstract record RotaryScaling
{
    /// <summary>Every frequency divided by Factor.</summary>
    public sealed record Linear(double Factor) : RotaryScaling;

    /// <summary>A prompt of T tokens beyond the original context takes base·(Factor·T/OriginalContext − Factor + 1)^(R/(R − 2)); a shorter one the base itself.</summary>
    /// <remarks>Reference: transformers modeling_rope_utils, <c>dynamic</c>, one forward pass per prompt.</remarks>
    public sealed record Dynamic(double Factor, int OriginalContext) : RotaryScaling;

    /// <summary>YaRN: fast dimensions kept, slow ones divided by Factor, a ramp between; cosines and sines times AttentionFactor (arXiv 2309.00071).</summary>
    /// <param name="Factor">Slow frequencies are divided by this.</param>
    /// <param name="AttentionFactor">On cosines and sines, so squared on the scores.</param>
    /// <param name="BetaFast">Dimensions that turn more often than this over the original context are kept.</param>
    /// <param name="BetaSlow">Dimensions that turn less often than this are divided wholly.</param>
    /// <param name="OriginalContext">Context length before stretching, tokens.</param>
    /// <param name="Truncate">The ramp's ends are rounded outwards to whole dimensions.</param>
    public sealed record Yarn(
        double Factor, double AttentionFactor, double BetaFast, double BetaSlow, int OriginalContext, bool Truncate) : RotaryScaling;

    /// <summary>Llama 3.1's stretching of slow rotary frequencies (arXiv 2407.21783; reference: transformers modeling_rope_utils).</summary>
    /// <param name="Factor">Long wavelengths are stretched by this.</param>
    /// <param name="LowFrequencyFactor">Wavelengths above OriginalContext/this are stretched wholly.</param>
    /// <param name="HighFrequencyFactor">Wavelengths below OriginalContext/this are kept.</param>
    /// <param name="OriginalContext">Context length before stretching, tokens.</param>
    public sealed record Llama3(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalContext) : RotaryScaling;
}

/// <summary>Rotary position embedding.</summary>
sealed record Rotary
{
    /// <summary>The largest angle that is turned by, position times frequency; radians. Beyond it float32 implementations tell no position from the next.</summary>
    public const double LargestAngle = 1e6;

    /// <summary>Dimensions of each head that turn; the rest pass through. Even.</summary>
    public required int Dims { get; init; }

    /// <summary>Which dimensions turn together.</summary>
    public required RotaryPairing Pairing { get; init; }

    /// <summary>θ in θ^(−2i/Dims).</summary>
    public required double Base { get; init; }

    /// <summary>Changed frequencies; null for none.</summary>
    public RotaryScaling? Scaling { get; init; }

    /// <summary>Divisors of the frequencies stored in the checkpoint itself (GGUF <c>rope_freqs.weight</c>), Dims/2 of them; null for none.</summary>
    public IReadOnlyList<float>? StoredDivisors { get; init; }

    /// <summary>Factor on cosines and sines.</summary>
    public double Amplitude => Scaling is RotaryScaling.Yarn yarn ? yarn.AttentionFactor : 1;
}
