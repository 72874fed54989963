using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>One block as a map of one position's stream, the others held, in float64: the definition of what the derivatives are of.</summary>
/// <remarks>Own query, key and value move. Of a mixture the experts chosen are those of the first point, or given; their weights move.</remarks>
sealed class BlockMap(Architecture architecture, Crew crew, WideLinear linear) : IDisposable
{
    readonly WideRows _in = new(), _out = new();

    /// <summary>The block at some vectors.</summary>
    /// <param name="weights">The block.</param>
    /// <param name="held">The other positions.</param>
    /// <param name="points">Vectors, [d_model] each.</param>
    /// <param name="chosen">Experts; null for those that the router chooses at the first vector.</param>
    public BlockPoint[] At(BlockWeights weights, HeldPositions held, double[][] points, int[]? chosen = null)
    {
        var a = architecture;
        var (attnNorms, attnIn) = Read(weights.AttnNorm, points);
        double[][] q = Linear(weights.Query, attnIn), k = Linear(weights.Key, attnIn), v = Linear(weights.Value, attnIn);
        var turns = new (HeadTurn, HeadTurn, HeadTurn)[points.Length];
        var heads = new HeadPoint[points.Length][];
        double[][] z = new double[points.Length][];
        crew.Run(points.Length, (i, _) =>
        {
            var place = (held.Position, held.Tokens);
            turns[i] = (HeadTurn.Of(a, weights.Layer, place, weights.QueryNorm, false, q[i]), HeadTurn.Of(a, weights.Layer, place, weights.KeyNorm, false, k[i]), HeadTurn.Of(a, weights.Layer, place, null, true, v[i]));
            heads[i] = [.. Enumerable.Range(0, a.NHeads).Select(head => HeadPoint.Of(a, held, head, q[i], k[i], v[i]))];
            z[i] = [.. heads[i].SelectMany(head => head.Z)];
        });
        var (attnPost, attnOut) = Write(weights.AttnPostNorm, Linear(weights.AttnOut, z));
        bool sequential = a.Wiring == Wiring.Sequential;
        double[][] reads = sequential ? [.. points.Zip(attnOut, Sum)] : points;
        var (mlpNorms, mlpIn) = a.Wiring == Wiring.ParallelOneNorm ? (new NormSlope?[points.Length], attnIn) : Read(weights.MlpNorm, reads);
        var (mlps, raw) = Mlp(weights, mlpIn, chosen);
        var (mlpPost, mlpOut) = Write(weights.MlpPostNorm, raw);
        return [.. points.Select((h, i) => new BlockPoint
        {
            Pre = h,
            AttnNorm = attnNorms[i],
            Heads = heads[i],
            Turns = turns[i],
            AttnPostNorm = attnPost[i],
            AttnOut = attnOut[i],
            MlpNorm = mlpNorms[i],
            Mlps = mlps[i],
            MlpPostNorm = mlpPost[i],
            MlpOut = mlpOut[i],
            Post = Sum(Sum(h, attnOut[i]), mlpOut[i]),
        })];
    }

    (MlpPoint[][] Mlps, double[][] Raw) Mlp(BlockWeights weights, double[][] x, int[]? chosen)
    {
        double[][]? scores = weights.Router is { } router ? Linear(router, x) : null;
        int[] experts = scores is null ? [0] : chosen ?? Largest(scores[0], architecture.Mixture!.PerToken);
        var mlps = x.Select(_ => new MlpPoint[experts.Length]).ToArray();
        for (int e = 0; e < experts.Length; e++)
        {
            var mlp = weights.Mlps[experts[e]];
            double[][]? gate = mlp.Gate is null ? null : Linear(mlp.Gate, x);
            double[][] up = Linear(mlp.Up, x), post = [.. up.Select((row, i) => MlpPoint.PostOf(architecture.Activation, gate?[i], row))], given = Linear(mlp.Down, post);
            for (int i = 0; i < x.Length; i++) mlps[i][e] = new(experts[e], Share(scores?[i], experts, e), gate?[i], up[i], post[i], given[i]);
        }
        return (mlps, [.. mlps.Select(Mixed)]);
    }

    /// <summary>Softmax of the router's scores over the chosen.</summary>
    static double Share(double[]? scores, int[] experts, int e)
    {
        if (scores is null) return 1;
        double total = 0;
        foreach (int other in experts) total += Elementary.Exp(scores[other] - scores[experts[e]]);
        return 1 / total;
    }

    static double[] Mixed(MlpPoint[] experts)
    {
        if (experts is [var only]) return [.. only.Out.Select(value => only.Share * value)];
        var sum = new double[experts[0].Out.Length];
        foreach (var expert in experts)
            for (int i = 0; i < sum.Length; i++) sum[i] += expert.Share * expert.Out[i];
        return sum;
    }

    /// <summary>Indices of the largest, ascending; of equal ones the first.</summary>
    static int[] Largest(double[] scores, int count) =>
        [.. Enumerable.Range(0, scores.Length).OrderByDescending(e => scores[e]).ThenBy(e => e).Take(count).Order()];

    (NormSlope?[], double[][]) Read(NormWeights? norm, double[][] x)
    {
        var slopes = new NormSlope?[x.Length];
        if (norm is null) return (slopes, x);
        double[][] y = [.. x.Select(row => new double[row.Length])];
        for (int i = 0; i < x.Length; i++) slopes[i] = NormSlope.Of(architecture, norm, x[i], y[i]);
        return (slopes, y);
    }

    (NormSlope?[], double[][]) Write(NormWeights? norm, double[][] raw)
    {
        var (slopes, y) = Read(norm, raw);
        if (architecture.ResidualScale != 1) y = [.. y.Select(row => row.Select(value => value * architecture.ResidualScale).ToArray())];
        return (slopes, y);
    }

    double[][] Linear(LinearWeights weights, double[][] x)
    {
        _in.Clear(x.Length, x[0].Length);
        for (int i = 0; i < x.Length; i++) _in.Set(i, x[i]);
        linear.Run(_in, weights, _out, withBias: true);
        return [.. x.Select((_, i) => _out.Row(i))];
    }

    static double[] Sum(double[] a, double[] b)
    {
        var sum = new double[a.Length];
        for (int i = 0; i < sum.Length; i++) sum[i] = a[i] + b[i];
        return sum;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _in.Dispose();
        _out.Dispose();
    }
}
