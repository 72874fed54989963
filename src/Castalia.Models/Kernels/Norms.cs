using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>What a norm takes from the vector it reads, in float64.</summary>
/// <param name="Centre">Subtracted first: the mean, or 0.</param>
/// <param name="Factor">1/√(mean square about the centre + ε).</param>
readonly record struct NormStatistics(double Centre, double Factor);

/// <summary>The two norms a block reads the stream through, for one position; statistics in float64, one rounding at the end.</summary>
/// <remarks>Sums run in eight float64 lanes, element i in lane i mod 8, folded in one fixed order: <see cref="DoubleSum"/>.</remarks>
static class Norms
{
    const int Lanes = 8;

    /// <summary>LayerNorm's: mean, and biased variance about it.</summary>
    /// <param name="x">[d_model].</param>
    /// <param name="epsilon">ε.</param>
    public static NormStatistics LayerStatistics(ReadOnlySpan<float> x, double epsilon)
    {
        double mean = DoubleSum.Of(x) / x.Length;
        return new(mean, 1 / Math.Sqrt(DoubleSum.OfSquaresAbout(x, mean) / x.Length + epsilon));
    }

    /// <summary>RMSNorm's.</summary>
    /// <param name="x">[d_model].</param>
    /// <param name="epsilon">ε.</param>
    public static NormStatistics RmsStatistics(ReadOnlySpan<float> x, double epsilon) =>
        new(0, 1 / Math.Sqrt(DoubleSum.OfSquaresAbout(x, 0) / x.Length + epsilon));

    /// <summary>LayerNorm: (x − mean)/√(variance + ε)·weight + bias, biased variance about the mean.</summary>
    /// <param name="x">[d_model].</param>
    /// <param name="weight">[d_model].</param>
    /// <param name="bias">[d_model], or empty for none.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="y">[d_model], written; may be x.</param>
    public static void Layer(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, double epsilon, Span<float> y) =>
        Apply(LayerStatistics(x, epsilon), x, weight, bias, y);

    /// <summary>RMSNorm: x/√(mean of squares + ε)·weight.</summary>
    /// <param name="x">[d_model].</param>
    /// <param name="weight">[d_model].</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="y">[d_model], written; may be x.</param>
    public static void Rms(ReadOnlySpan<float> x, ReadOnlySpan<float> weight, double epsilon, Span<float> y) =>
        Apply(RmsStatistics(x, epsilon), x, weight, [], y);

    /// <summary>The definition of the last step, for one value; no bias is not a bias of 0, which would lose the sign of a zero.</summary>
    internal static float Reference(NormStatistics statistics, float x, float weight, float? bias)
    {
        double scaled = (x - statistics.Centre) * statistics.Factor * weight;
        return (float)(bias is { } b ? scaled + b : scaled);
    }

    /// <summary>y = (x − centre)·factor·weight + bias.</summary>
    /// <param name="statistics">Centre and factor.</param>
    /// <param name="x">[d_model].</param>
    /// <param name="weight">[d_model].</param>
    /// <param name="bias">[d_model], or empty for none.</param>
    /// <param name="y">[d_model], written; may be x.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(
        NormStatistics statistics, ReadOnlySpan<float> x, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, Span<float> y)
    {
        bool biased = !bias.IsEmpty;
        ref float px = ref MemoryMarshal.GetReference(x), py = ref MemoryMarshal.GetReference(y[..x.Length]);
        ref float pw = ref MemoryMarshal.GetReference(weight[..x.Length]);
        ref float pb = ref MemoryMarshal.GetReference(biased ? bias[..x.Length] : bias);
        Vector512<double> centre = Vector512.Create(statistics.Centre), factor = Vector512.Create(statistics.Factor);
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            var scaled = (DoubleSum.Widen(ref px, i) - centre) * factor * DoubleSum.Widen(ref pw, i);
            if (biased) scaled += DoubleSum.Widen(ref pb, i);
            DoubleSum.Narrow(scaled).StoreUnsafe(ref py, (nuint)i);
        }
        for (; i < x.Length; i++) y[i] = Reference(statistics, x[i], weight[i], biased ? bias[i] : null);
    }
}

