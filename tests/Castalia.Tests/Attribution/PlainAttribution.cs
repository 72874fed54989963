using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Tests.Attribution;

/// <summary>The definition: every part is made, taken through what follows the sublayer, and multiplied with h + h′; float64, one loop after the other.</summary>
sealed class PlainAttribution
{
    readonly Architecture _a;
    readonly double[] _both;
    readonly double _square;

    /// <param name="a">The model.</param>
    /// <param name="weights">The block.</param>
    /// <param name="pre">resid_pre.</param>
    /// <param name="post">resid_post.</param>
    /// <param name="z">z.</param>
    /// <param name="experts">mlp_post with its weight, expert by expert; a weight of 0 for those not chosen; one of weight 1 where there is no mixture.</param>
    public PlainAttribution(Architecture a, BlockWeights weights, double[] pre, double[] post, double[] z, IReadOnlyList<(double Weight, double[] MlpPost)> experts)
    {
        _a = a;
        _both = [.. pre.Zip(post, (h, after) => h + after)];
        _square = pre.Sum(h => h * h);
        GainSquaredMinusOne = post.Sum(h => h * h) / _square - 1;
        Dimensions = [.. pre.Select((h, i) => (post[i] - h) * (post[i] + h) / _square)];

        var heads = Enumerable.Range(0, a.NHeads).Select(head => Columns(weights.AttnOut, head * a.HeadDim, z.AsSpan(head * a.HeadDim, a.HeadDim), 1)).ToList();
        var attn = Through(weights.AttnPostNorm, [.. heads, Bias(weights.AttnOut, 1)]);
        (Heads, AttnBias) = (attn[..^1], attn[^1]);

        var parts = new List<double[]>();
        double[] bias = new double[a.DModel];
        for (int e = 0; e < experts.Count; e++)
        {
            var (weight, mlpPost) = experts[e];
            for (int j = 0; j < a.DFf; j++) parts.Add(weight == 0 ? new double[a.DModel] : Columns(weights.Mlps[e].Down, j, [mlpPost[j]], weight));
            bias = [.. bias.Zip(Bias(weights.Mlps[e].Down, weight), (x, y) => x + y)];
        }
        var mlp = Through(weights.MlpPostNorm, [.. parts, bias]);
        (Neurons, MlpBias) = (mlp[..^1], mlp[^1]);
    }

    public double GainSquaredMinusOne { get; }
    public double[] Heads { get; }
    public double[] Neurons { get; }
    public double[] Dimensions { get; }
    public double AttnBias { get; }
    public double MlpBias { get; }

    /// <summary>Some columns of a matrix times what goes into them.</summary>
    double[] Columns(LinearWeights linear, int first, ReadOnlySpan<double> inner, double weight)
    {
        double[] sum = new double[_a.DModel];
        float[] row = new float[inner.Length];
        for (int d = 0; d < sum.Length; d++)
        {
            linear.Weight.Widen(d, first, row);
            for (int k = 0; k < inner.Length; k++) sum[d] += weight * row[k] * inner[k];
        }
        return sum;
    }

    double[] Bias(LinearWeights linear, double weight) => linear.Bias is { } bias ? [.. bias.Select(b => weight * b)] : new double[_a.DModel];

    /// <summary>A_p of every part; the last is the bias, to which a norm's own is added.</summary>
    double[] Through(NormWeights? norm, List<double[]> parts)
    {
        if (norm is not null)
        {
            double[] whole = [.. Enumerable.Range(0, _a.DModel).Select(d => parts.Sum(part => part[d]))];
            bool centred = _a.Norm == NormKind.LayerNorm;
            double centre = centred ? whole.Average() : 0, spread = Math.Sqrt(whole.Average(x => (x - centre) * (x - centre)) + _a.NormEpsilon);
            parts = [.. parts.Select(part =>
            {
                double mean = centred ? part.Average() : 0;
                return part.Select((x, d) => (x - mean) / spread * norm.Weight[d]).ToArray();
            })];
            if (norm.Bias is { } own) parts[^1] = [.. parts[^1].Zip(own, (x, b) => x + b)];
        }
        return [.. parts.Select(part => _a.ResidualScale * part.Zip(_both, (x, v) => x * v).Sum() / _square)];
    }

    /// <summary>The experts of a mixture at one token, from what the MLP reads.</summary>
    public static IReadOnlyList<(double Weight, double[] MlpPost)> Experts(Architecture a, BlockWeights weights, double[] mlpIn)
    {
        double[] scores = Times(weights.Router!, mlpIn);
        int[] chosen = [.. Enumerable.Range(0, scores.Length).OrderByDescending(e => scores[e]).ThenBy(e => e).Take(a.Mixture!.PerToken)];
        double total = chosen.Sum(e => Math.Exp(scores[e] - scores.Max()));
        return [.. weights.Mlps.Select((expert, e) =>
        {
            if (!chosen.Contains(e)) return (0.0, Array.Empty<double>());
            double[] gate = Times(expert.Gate!, mlpIn), up = Times(expert.Up, mlpIn);
            return (Math.Exp(scores[e] - scores.Max()) / total, gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u).ToArray());
        })];
    }

    static double[] Times(LinearWeights linear, double[] x)
    {
        float[] row = new float[x.Length];
        return [.. Enumerable.Range(0, linear.Weight.Rows).Select(o =>
        {
            linear.Weight.Widen(o, 0, row);
            return row.Zip(x, (w, value) => w * value).Sum() + (linear.Bias?[o] ?? 0);
        })];
    }
}
