using Castalia.Attribution;
using Castalia.Forward;

namespace Castalia.Derivatives;

/// <summary>A block at points some way from the one of the pass: a longer and a shorter stream, and perturbations of several sizes.</summary>
/// <param name="map">The block.</param>
/// <param name="weights">Its weights.</param>
/// <param name="held">The other positions.</param>
/// <param name="at">The point of the pass.</param>
/// <param name="directions">Unit vectors.</param>
sealed class FinitePoints(BlockMap map, BlockWeights weights, HeldPositions held, BlockPoint at, double[][] directions)
{
    readonly double[] _h = at.Pre;
    readonly double _norm = StreamResponse.Length(at.Pre);

    /// <summary>Adds what is found.</summary>
    /// <param name="found">Figures of the point.</param>
    /// <param name="response">How the block answers to a longer stream.</param>
    /// <param name="jacobian">J, [out × in].</param>
    public BlockDynamics Fill(BlockDynamics found, StreamResponse response, double[] jacobian)
    {
        var points = new List<double[]>();
        foreach (double s in DynamicsOptions.Scales) points.Add([.. _h.Select(value => s * value)]);
        foreach (double size in DynamicsOptions.Sizes)
        {
            points.Add([.. _h.Select(value => (1 + size) * value)]);
            foreach (double[] u in directions) points.Add([.. _h.Zip(u, (value, direction) => value + size * _norm * direction)]);
        }
        double[][] ends = [.. map.At(weights, held, [.. points], at.Chosen).Select(point => point.Post)];
        double[][] linear = [.. directions.Select(u => Times(jacobian, u))];
        int first = DynamicsOptions.Scales.Count, each = 1 + directions.Length;
        return found with
        {
            Recovery = [.. DynamicsOptions.Scales.Select((s, i) => Recovery(found, response, s, ends[i]))],
            Perturbations = [.. DynamicsOptions.Sizes.Select((size, i) => Perturbation(size, ends[(first + i * each)..(first + (i + 1) * each)], linear))],
        };
    }

    Recovery Recovery(BlockDynamics found, StreamResponse response, double s, double[] end)
    {
        double r = found.StepRatio / s, cos = double.IsNaN(found.CosTheta) ? 0 : found.CosTheta;
        double law = Math.Sqrt(Math.Max(0, 1 + 2 * r * cos + r * r)), withEpsilon = double.NaN;
        if (response.Attention is not null && response.Mlp is not null)
        {
            double[] moved = DynamicsPass.Difference(at.Post, _h);
            LaneSums.Add(Longer(response.AttnEpsilon, s) - 1, response.Attention, moved);
            LaneSums.Add(Longer(response.MlpEpsilon, s) - 1, response.Mlp, moved);
            LaneSums.Add(s, _h, moved);
            withEpsilon = StreamResponse.Length(moved) / (s * _norm);
        }
        return new(s, StreamResponse.Length(end) / (s * _norm), law, withEpsilon);
    }

    /// <summary>‖n(s·x) − β‖/‖n(x) − β‖ of a norm, e its share of ε at x: s/√(s²(1 − e) + e).</summary>
    static double Longer(double share, double s) => s / Math.Sqrt(s * s * (1 - share) + share);

    Perturbation Perturbation(double size, double[][] ends, double[][] linear)
    {
        double length = size * _norm;
        double[] stretches = new double[linear.Length], departures = new double[linear.Length];
        for (int k = 0; k < linear.Length; k++)
        {
            double[] moved = DynamicsPass.Difference(ends[k + 1], at.Post);
            stretches[k] = StreamResponse.Length(moved) / length;
            LaneSums.Add(-length, linear[k], moved);
            departures[k] = StreamResponse.Length(moved) / length;
        }
        return new(size, stretches, [.. linear.Select(StreamResponse.Length)], departures, StreamResponse.Length(DynamicsPass.Difference(ends[0], at.Post)) / length);
    }

    static double[] Times(double[] matrix, double[] x)
    {
        var y = new double[x.Length];
        for (int row = 0; row < y.Length; row++) y[row] = LaneSums.Dot(matrix.AsSpan(row * x.Length, x.Length), x);
        return y;
    }
}
