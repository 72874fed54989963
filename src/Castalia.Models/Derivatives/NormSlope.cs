using System.Runtime.Intrinsics;
using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>A norm y = x̂ ⊙ w + β of one vector in float64, x̂ = (x − c)·f, and its derivative there.</summary>
/// <remarks>
/// f = 1/√(mean (x − c)² + ε), c the mean (LayerNorm) or 0. dy = w ⊙ f·(dx − mean dx − x̂·⟨x̂, dx⟩/d), without mean dx where c is 0. The map between
/// the brackets is symmetric, so that the transpose is dx = f·(P − x̂x̂ᵀ/d)(w ⊙ dy). Along x itself dy = w ⊙ x̂·ε·f² (LayerNorm: + what the mean has no part in).
/// </remarks>
sealed unsafe class NormSlope
{
    readonly double[] _normalised, _weight;
    readonly bool _centred;

    NormSlope(double[] normalised, double[] weight, double factor, bool centred) => (_normalised, _weight, Factor, _centred) = (normalised, weight, factor, centred);

    /// <summary>f.</summary>
    public double Factor { get; }

    /// <summary>The norm of a vector, and how it answers there.</summary>
    /// <param name="a">Kind and ε.</param>
    /// <param name="weight">w, [width].</param>
    /// <param name="bias">β, [width]; empty for none.</param>
    /// <param name="x">[width].</param>
    /// <param name="y">[width], written; may be x.</param>
    public static NormSlope Of(Architecture a, ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, ReadOnlySpan<double> x, Span<double> y)
    {
        bool centred = a.Norm == NormKind.LayerNorm;
        double centre = 0, squares = 0;
        if (centred)
        {
            foreach (double value in x) centre += value;
            centre /= x.Length;
        }
        foreach (double value in x) squares += (value - centre) * (value - centre);
        double factor = 1 / Math.Sqrt(squares / x.Length + a.NormEpsilon);
        double[] normalised = new double[x.Length], wide = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            wide[i] = weight[i];
            normalised[i] = (x[i] - centre) * factor;
        }
        for (int i = 0; i < x.Length; i++) y[i] = normalised[i] * wide[i] + (bias.IsEmpty ? 0 : bias[i]);
        return new(normalised, wide, factor, centred);
    }

    /// <summary>The same of a block's norm.</summary>
    public static NormSlope Of(Architecture a, NormWeights norm, ReadOnlySpan<double> x, Span<double> y) => Of(a, norm.Weight, norm.Bias, x, y);

    /// <summary>y − β: what a longer output at a fixed statistic grows by.</summary>
    public double[] WithoutBias() => [.. _normalised.Zip(_weight, (x, w) => x * w)];

    /// <summary>ε·f²: the share of ε in mean square + ε, by which the norm answers to a longer x.</summary>
    public double EpsilonShare(double epsilon) => epsilon * Factor * Factor;

    /// <summary>The derivative as a diagonal less two products of rank one, [out, in]: D_j·δ − Mean_out − Along_out·x̂_in.</summary>
    /// <returns>D, [width]; Mean, [width], 0 where the norm takes no mean; Along, [width]; x̂, [width].</returns>
    public (double[] Diagonal, double[] Mean, double[] Along, double[] Normalised) Parts()
    {
        int width = _normalised.Length;
        double[] diagonal = [.. _weight.Select(w => Factor * w)];
        return (diagonal, [.. diagonal.Select(d => _centred ? d / width : 0)], [.. diagonal.Zip(_normalised, (d, x) => d * x / width)], _normalised);
    }

    /// <summary>The definition, for one tangent.</summary>
    internal double[] Reference(double[] dx)
    {
        double mean = _centred ? dx.Sum() / dx.Length : 0, along = dx.Zip(_normalised, (d, x) => d * x).Sum() / dx.Length;
        return [.. dx.Select((d, i) => _weight[i] * Factor * (d - mean - _normalised[i] * along))];
    }

    /// <summary>Sixteen tangents.</summary>
    /// <param name="dx">[width × 16].</param>
    /// <param name="dy">[width × 16], written; may be dx.</param>
    public void Apply(double* dx, double* dy)
    {
        const int lanes = WideMatMul.Lanes;
        int width = _normalised.Length;
        var count = Vector512.Create((double)width);
        for (int half = 0; half < lanes; half += lanes / 2)
        {
            Vector512<double> mean = default, along = default;
            for (int i = 0; i < width; i++)
            {
                var d = Vector512.Load(dx + i * lanes + half);
                mean += d;
                along = Vector512.FusedMultiplyAdd(Vector512.Create(_normalised[i]), d, along);
            }
            mean = _centred ? mean / count : default;
            along /= count;
            var factor = Vector512.Create(Factor);
            for (int i = 0; i < width; i++)
            {
                var d = Vector512.Load(dx + i * lanes + half) - mean - Vector512.Create(_normalised[i]) * along;
                (Vector512.Create(_weight[i]) * (factor * d)).Store(dy + i * lanes + half);
            }
        }
    }
}
