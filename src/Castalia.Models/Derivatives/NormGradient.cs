using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>A norm's derivatives, in float64. With x̂ what the norm makes of x before its weight and g = ∂y ⊙ w:
/// ∂x = (g − x̂·⟨g ⊙ x̂⟩ [− ⟨g⟩ of LayerNorm])/s, s the root of the statistic; ∂w = Σ_t ∂y ⊙ x̂; ∂b = Σ_t ∂y.</summary>
static class NormGradient
{
    const int Lanes = 8;

    /// <summary>y of a row, by the kernels of the forward pass; gives what it took from x.</summary>
    /// <param name="a">The model.</param>
    /// <param name="norm">Weight and bias.</param>
    /// <param name="x">[width].</param>
    /// <param name="y">[width], written.</param>
    public static NormStatistics Forward(Architectures.Architecture a, NormWeights norm, ReadOnlySpan<float> x, Span<float> y)
    {
        var statistics = a.Norm == NormKind.LayerNorm ? Norms.LayerStatistics(x, a.NormEpsilon) : Norms.RmsStatistics(x, a.NormEpsilon);
        Norms.Apply(statistics, x, norm.Weight, norm.Bias, y);
        return statistics;
    }

    /// <summary>One position: ∂x is added, and its share of ∂w and ∂b.</summary>
    /// <param name="a">The model.</param>
    /// <param name="norm">Weight and bias.</param>
    /// <param name="statistics">Of x.</param>
    /// <param name="x">[width].</param>
    /// <param name="dy">[width].</param>
    /// <param name="dx">[width], added to.</param>
    /// <param name="weight">[width], added to.</param>
    /// <param name="bias">[width], added to; empty where ∂b is not asked for.</param>
    public static void Add(Architectures.Architecture a, NormWeights norm, NormStatistics statistics, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dx, Span<double> weight, Span<double> bias)
    {
        Row(x, dy, norm.Weight, statistics, a.Norm == NormKind.LayerNorm, dx, weight);
        if (!bias.IsEmpty) DoubleSum.AddTo(dy, bias);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Row(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> w, NormStatistics statistics, bool isCentred, Span<float> dx, Span<double> weight)
    {
        ref float px = ref MemoryMarshal.GetReference(x), py = ref MemoryMarshal.GetReference(dy[..x.Length]), pw = ref MemoryMarshal.GetReference(w[..x.Length]), pd = ref MemoryMarshal.GetReference(dx[..x.Length]);
        ref double ps = ref MemoryMarshal.GetReference(weight[..x.Length]);
        Vector512<double> middle = Vector512.Create(statistics.Centre), times = Vector512.Create(statistics.Factor), both = default, sum = default;
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            Vector512<double> hat = (DoubleSum.Widen(ref px, i) - middle) * times, d = DoubleSum.Widen(ref py, i), g = d * DoubleSum.Widen(ref pw, i);
            Vector512.FusedMultiplyAdd(d, hat, Vector512.LoadUnsafe(ref ps, (nuint)i)).StoreUnsafe(ref ps, (nuint)i);
            both = Vector512.FusedMultiplyAdd(g, hat, both);
            sum += g;
        }
        double ofBoth = DoubleSum.Fold(both), ofSum = DoubleSum.Fold(sum);
        for (int k = i; k < x.Length; k++)
        {
            double hat = (x[k] - statistics.Centre) * statistics.Factor, g = (double)dy[k] * w[k];
            weight[k] = Math.FusedMultiplyAdd(dy[k], hat, weight[k]);
            ofBoth = Math.FusedMultiplyAdd(g, hat, ofBoth);
            ofSum += g;
        }
        ofBoth /= x.Length;
        ofSum = isCentred ? ofSum / x.Length : 0;
        Vector512<double> share = Vector512.Create(ofBoth), less = Vector512.Create(ofSum);
        for (i = 0; i <= x.Length - Lanes; i += Lanes)
        {
            var hat = (DoubleSum.Widen(ref px, i) - middle) * times;
            var g = DoubleSum.Widen(ref py, i) * DoubleSum.Widen(ref pw, i);
            DoubleSum.Narrow(Vector512.FusedMultiplyAdd(times, g - less - hat * share, DoubleSum.Widen(ref pd, i))).StoreUnsafe(ref pd, (nuint)i);
        }
        for (; i < x.Length; i++)
        {
            double hat = (x[i] - statistics.Centre) * statistics.Factor, g = (double)dy[i] * w[i];
            dx[i] = (float)Math.FusedMultiplyAdd(statistics.Factor, g - ofSum - hat * ofBoth, dx[i]);
        }
    }
}
