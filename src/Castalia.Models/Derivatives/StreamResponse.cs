using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Forward;

namespace Castalia.Derivatives;

/// <summary>How a block answers to a longer stream, h at the place of the tangents: Jh, κ, and what of Jh − h comes from where.</summary>
/// <remarks>
/// A norm answers to h itself by (n − β)·ε·f², so with A = (∂a/∂n)(n − β), M = (∂m/∂n)(n − β) and e = ε·f² of each norm: in a parallel block
/// Jh − h = e_a·A + e_m·M. In a sequential one the MLP's norm reads r = h + a, whose tangent h + e_a·A is r − a + e_a·A:
/// Jh − h = e_a·A + e_m·M + (∂m/∂r)(e_a·A) − (∂m/∂r)a. The last term is the wiring, the others are the ε's.
/// </remarks>
/// <param name="Jh">J·h.</param>
/// <param name="Attention">A; null where attention reads without a norm.</param>
/// <param name="Mlp">M; null where the MLP does.</param>
/// <param name="AttnEpsilon">e_a.</param>
/// <param name="MlpEpsilon">e_m.</param>
/// <param name="OfEpsilon">What the ε's make of Jh − h; null where a sublayer reads without a norm.</param>
/// <param name="OfWiring">What the wiring makes of it; null where a sublayer reads without a norm.</param>
sealed record StreamResponse(double[] Jh, double[]? Attention, double[]? Mlp, double AttnEpsilon, double MlpEpsilon, double[]? OfEpsilon, double[]? OfWiring)
{
    /// <summary>At a point.</summary>
    public static StreamResponse Of(Architecture a, BlockWeights weights, BlockPoint at, BlockTangents tangents)
    {
        double[] jh = tangents.Run(weights, at, at.Pre);
        var mlpNorm = a.Wiring == Wiring.ParallelOneNorm ? at.AttnNorm : at.MlpNorm;
        double[]? attention = at.AttnNorm is null ? null : tangents.One(at.AttnNorm.WithoutBias(), (d, to) => tangents.Attention(weights, at, d, to));
        double[]? mlp = mlpNorm is null ? null : tangents.One(mlpNorm.WithoutBias(), (d, to) => tangents.Mlp(weights, at, d, to));
        if (attention is null || mlp is null) return new(jh, attention, mlp, double.NaN, double.NaN, null, null);
        double ofAttn = at.AttnNorm!.EpsilonShare(a.NormEpsilon), ofMlp = mlpNorm!.EpsilonShare(a.NormEpsilon);
        var epsilon = new double[jh.Length];
        LaneSums.Add(ofAttn, attention, epsilon);
        LaneSums.Add(ofMlp, mlp, epsilon);
        var wiring = new double[jh.Length];
        if (a.Wiring == Wiring.Sequential)
        {
            LaneSums.Add(ofAttn, tangents.MlpFrom(weights, at, attention), epsilon);
            LaneSums.Add(-1, tangents.MlpFrom(weights, at, at.AttnOut), wiring);
        }
        return new(jh, attention, mlp, ofAttn, ofMlp, epsilon, wiring);
    }

    /// <summary>Jh − h by its sources.</summary>
    /// <param name="h">h.</param>
    /// <param name="norm">‖h‖.</param>
    public Departure Departure(double[] h, double norm)
    {
        double[] total = [.. Jh];
        LaneSums.Add(-1, h, total);
        double whole = Length(total) / norm;
        if (OfEpsilon is null || OfWiring is null) return new(whole, double.NaN, double.NaN, double.NaN);
        LaneSums.Add(-1, OfEpsilon, total);
        LaneSums.Add(-1, OfWiring, total);
        return new(whole, Length(OfEpsilon) / norm, Length(OfWiring) / norm, Length(total) / norm);
    }

    /// <summary>‖x‖.</summary>
    public static double Length(double[] x) => Math.Sqrt(LaneSums.Dot(x, x));
}
