using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>
/// Attention between queries and keys as they go into the scores, and its derivatives, in float64. P the pattern, S = scale·q·k:
/// z = P·v; ∂v = Pᵀ·∂z; ∂S = P ⊙ (∂z·vᵀ − rowsum(P ⊙ ∂z·vᵀ)); ∂q = scale·∂S·k; ∂k = scale·∂Sᵀ·q.
/// </summary>
/// <param name="a">The model.</param>
/// <param name="crew">Threads; no figure depends on them.</param>
sealed class AttentionGradient(Architecture a, Crew crew)
{
    readonly int _group = a.NHeads / a.NKvHeads;

    /// <summary>z of every sequence and head.</summary>
    /// <param name="layer">The block.</param>
    /// <param name="starts">First token of each sequence, and the end.</param>
    /// <param name="q">[tokens × n_heads·head_dim].</param>
    /// <param name="k">[tokens × n_kv_heads·head_dim].</param>
    /// <param name="v">The same.</param>
    /// <param name="z">[tokens × n_heads·head_dim], written.</param>
    public void Forward(int layer, IReadOnlyList<int> starts, FloatRows q, FloatRows k, FloatRows v, FloatRows z)
    {
        z.Resize(q.Rows, q.Columns);
        Each(starts, (first, count, kvHead) =>
        {
            double[][] keys = Wide(k, first, count, kvHead), values = Wide(v, first, count, kvHead);
            double[] pattern = new double[count], sum = new double[a.HeadDim];
            for (int head = kvHead * _group; head < (kvHead + 1) * _group; head++)
            {
                double[][] queries = Wide(q, first, count, head);
                for (int t = 0; t < count; t++)
                {
                    int from = Pattern(layer, queries[t], keys, t, pattern);
                    Array.Clear(sum);
                    for (int s = from; s <= t; s++) LaneSums.Add(pattern[s], values[s], sum);
                    Narrow(sum, z[first + t].Slice(head * a.HeadDim, a.HeadDim));
                }
            }
        });
    }

    /// <summary>Writes ∂q, ∂k and ∂v.</summary>
    /// <param name="layer">The block.</param>
    /// <param name="starts">First token of each sequence, and the end.</param>
    /// <param name="q">As in the pass.</param>
    /// <param name="k">As in the pass.</param>
    /// <param name="v">As in the pass.</param>
    /// <param name="dz">[tokens × n_heads·head_dim].</param>
    /// <param name="dq">Written.</param>
    /// <param name="dk">Written.</param>
    /// <param name="dv">Written.</param>
    public void Backward(int layer, IReadOnlyList<int> starts, FloatRows q, FloatRows k, FloatRows v, FloatRows dz, FloatRows dq, FloatRows dk, FloatRows dv)
    {
        dq.Resize(q.Rows, q.Columns);
        dk.Resize(k.Rows, k.Columns);
        dv.Resize(v.Rows, v.Columns);
        double scale = (float)a.AttentionScaleOf(layer);
        Each(starts, (first, count, kvHead) =>
        {
            double[][] keys = Wide(k, first, count, kvHead), values = Wide(v, first, count, kvHead), dKeys = Zeros(count), dValues = Zeros(count);
            double[] pattern = new double[count], slope = new double[count], sum = new double[a.HeadDim];
            for (int head = kvHead * _group; head < (kvHead + 1) * _group; head++)
            {
                double[][] queries = Wide(q, first, count, head), outputs = Wide(dz, first, count, head);
                for (int t = 0; t < count; t++)
                {
                    int from = Pattern(layer, queries[t], keys, t, pattern);
                    double mean = 0;
                    for (int s = from; s <= t; s++)
                    {
                        slope[s] = LaneSums.Dot(outputs[t], values[s]);
                        mean += pattern[s] * slope[s];
                    }
                    Array.Clear(sum);
                    for (int s = from; s <= t; s++)
                    {
                        double of = scale * pattern[s] * (slope[s] - mean);
                        LaneSums.Add(of, keys[s], sum);
                        LaneSums.Add(of, queries[t], dKeys[s]);
                        LaneSums.Add(pattern[s], outputs[t], dValues[s]);
                    }
                    Narrow(sum, dq[first + t].Slice(head * a.HeadDim, a.HeadDim));
                }
            }
            for (int t = 0; t < count; t++)
            {
                Narrow(dKeys[t], dk[first + t].Slice(kvHead * a.HeadDim, a.HeadDim));
                Narrow(dValues[t], dv[first + t].Slice(kvHead * a.HeadDim, a.HeadDim));
            }
        });
    }

    /// <summary>Each sequence and each key head by itself; query heads that share one follow each other.</summary>
    void Each(IReadOnlyList<int> starts, Action<int, int, int> work) => crew.Run((starts.Count - 1) * a.NKvHeads, (piece, _) =>
    {
        crew.ThrowIfCancelled();
        var (sequence, kvHead) = Math.DivRem(piece, a.NKvHeads);
        work(starts[sequence], starts[sequence + 1] - starts[sequence], kvHead);
    });

    /// <summary>Weights of the keys that a query sees; returns the first of them.</summary>
    int Pattern(int layer, double[] query, double[][] keys, int position, double[] pattern)
    {
        double scale = (float)a.AttentionScaleOf(layer), largest = double.NegativeInfinity, total = 0;
        int first = Math.Max(0, position + 1 - (a.WindowOf(layer) ?? int.MaxValue));
        for (int s = first; s <= position; s++)
        {
            pattern[s] = scale * LaneSums.Dot(query, keys[s]);
            largest = Math.Max(largest, pattern[s]);
        }
        for (int s = first; s <= position; s++) total += pattern[s] = Elementary.Exp(pattern[s] - largest);
        for (int s = first; s <= position; s++) pattern[s] /= total;
        return first;
    }

    double[][] Wide(FloatRows rows, int first, int count, int head)
    {
        double[][] wide = Zeros(count);
        for (int t = 0; t < count; t++) Attribution.Wide.Copy(rows[first + t].Slice(head * a.HeadDim, a.HeadDim), wide[t]);
        return wide;
    }

    double[][] Zeros(int count) => [.. Enumerable.Range(0, count).Select(_ => new double[a.HeadDim])];

    static void Narrow(double[] from, Span<float> to)
    {
        for (int i = 0; i < to.Length; i++) to[i] = (float)from[i];
    }
}
