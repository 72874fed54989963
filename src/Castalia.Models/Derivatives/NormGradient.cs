using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>A norm's derivatives, in float64. With x̂ what the norm makes of x before its weight and g = ∂y ⊙ w:
/// ∂x = (g − x̂·⟨g ⊙ x̂⟩ [− ⟨g⟩ of LayerNorm])/s, s the root of the statistic; ∂w = Σ_t ∂y ⊙ x̂; ∂b = Σ_t ∂y.</summary>
/// <param name="a">The model.</param>
/// <param name="crew">Threads; no figure depends on them.</param>
sealed class NormGradient(Architectures.Architecture a, Crew crew) : IDisposable
{
    const int Lanes = 8, Some = 64;

    readonly FloatRows _normed = new();

    /// <summary>y, by the norm of the forward pass.</summary>
    public void Forward(NormWeights norm, FloatRows x, FloatRows y)
    {
        y.Resize(x.Rows, x.Columns);
        crew.Run(x.Rows, (t, _) => BlockPass.Norm(a, norm, x[t], y[t]));
    }

    /// <summary>Adds ∂x; gives ∂w, and ∂b, summed over tokens ascending.</summary>
    /// <param name="norm">Weight and bias.</param>
    /// <param name="x">[tokens × width].</param>
    /// <param name="dy">[tokens × width].</param>
    /// <param name="dx">Added to.</param>
    public (double[] Weight, double[] Bias) Add(NormWeights norm, FloatRows x, FloatRows dy, FloatRows dx)
    {
        int width = x.Columns;
        _normed.Resize(x.Rows, width);
        crew.Run(x.Rows, (t, _) =>
        {
            var row = x[t];
            double mean = a.Norm == NormKind.LayerNorm ? DoubleSum.Of(row) / width : 0;
            double inverse = 1 / Math.Sqrt(DoubleSum.OfSquaresAbout(row, mean) / width + a.NormEpsilon);
            Row(row, dy[t], norm.Weight, mean, inverse, a.Norm == NormKind.LayerNorm, _normed[t], dx[t]);
        });
        double[] weight = new double[width], bias = new double[width];
        crew.Run((width + Some - 1) / Some, (part, _) =>
        {
            int first = part * Some, count = Math.Min(Some, width - first);
            for (int t = 0; t < x.Rows; t++) Sums(dy[t].Slice(first, count), _normed[t].Slice(first, count), weight.AsSpan(first, count), bias.AsSpan(first, count));
        });
        return (weight, bias);
    }

    /// <summary>One position: x̂, and ∂x added.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Row(ReadOnlySpan<float> x, ReadOnlySpan<float> dy, ReadOnlySpan<float> w, double mean, double inverse, bool isCentred, Span<float> normed, Span<float> dx)
    {
        ref float px = ref MemoryMarshal.GetReference(x), py = ref MemoryMarshal.GetReference(dy), pw = ref MemoryMarshal.GetReference(w);
        ref float pn = ref MemoryMarshal.GetReference(normed), pd = ref MemoryMarshal.GetReference(dx);
        Vector512<double> middle = Vector512.Create(mean), times = Vector512.Create(inverse), both = default, sum = default;
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            var hat = (DoubleSum.Widen(ref px, i) - middle) * times;
            var g = DoubleSum.Widen(ref py, i) * DoubleSum.Widen(ref pw, i);
            DoubleSum.Narrow(hat).StoreUnsafe(ref pn, (nuint)i);
            both = Vector512.FusedMultiplyAdd(g, hat, both);
            sum += g;
        }
        double ofBoth = DoubleSum.Fold(both), ofSum = DoubleSum.Fold(sum);
        for (int k = i; k < x.Length; k++)
        {
            double hat = (x[k] - mean) * inverse, g = (double)dy[k] * w[k];
            normed[k] = (float)hat;
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
            var d = Vector512.FusedMultiplyAdd(times, g - less - hat * share, DoubleSum.Widen(ref pd, i));
            DoubleSum.Narrow(d).StoreUnsafe(ref pd, (nuint)i);
        }
        for (; i < x.Length; i++)
        {
            double hat = (x[i] - mean) * inverse, g = (double)dy[i] * w[i];
            dx[i] = (float)Math.FusedMultiplyAdd(inverse, g - ofSum - hat * ofBoth, dx[i]);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Sums(ReadOnlySpan<float> dy, ReadOnlySpan<float> normed, Span<double> weight, Span<double> bias)
    {
        ref float py = ref MemoryMarshal.GetReference(dy), pn = ref MemoryMarshal.GetReference(normed);
        ref double pw = ref MemoryMarshal.GetReference(weight), pb = ref MemoryMarshal.GetReference(bias);
        int i = 0;
        for (; i <= dy.Length - Lanes; i += Lanes)
        {
            var d = DoubleSum.Widen(ref py, i);
            Vector512.FusedMultiplyAdd(d, DoubleSum.Widen(ref pn, i), Vector512.LoadUnsafe(ref pw, (nuint)i)).StoreUnsafe(ref pw, (nuint)i);
            (d + Vector512.LoadUnsafe(ref pb, (nuint)i)).StoreUnsafe(ref pb, (nuint)i);
        }
        for (; i < dy.Length; i++)
        {
            weight[i] = Math.FusedMultiplyAdd(dy[i], (double)normed[i], weight[i]);
            bias[i] += dy[i];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _normed.Dispose();
}
