using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>
/// Attention between queries and keys as they go into the scores, and its derivatives, float32. P the pattern, S = scale·q·k:
/// z = P·v; ∂v = Pᵀ·∂z; ∂S = scale·P ⊙ (∂z·vᵀ − rowsum(P ⊙ ∂z·vᵀ)); ∂q = ∂S·k; ∂k = ∂Sᵀ·q.
/// </summary>
/// <remarks>Some queries at a time against all keys before them; what heads that share a key add to it is added in their order.</remarks>
/// <param name="a">The model.</param>
/// <param name="crew">Threads; no figure depends on them.</param>
sealed unsafe class AttentionGradient(Architecture a, Crew crew) : IDisposable
{
    const int Some = 96; // queries at a time

    readonly int _group = a.NHeads / a.NKvHeads, _width = Up(a.HeadDim);
    readonly FloatBuffer[] _scratch = [.. Enumerable.Range(0, crew.Threads).Select(_ => new FloatBuffer())];

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
        Each(starts, (first, count, kvHead, worker) =>
        {
            int padded = Up(count);
            long rows = (long)padded * _width;
            float* keys = _scratch[worker].Resize(4 * rows + (long)Some * padded).Data, values = keys + rows, queries = values + rows, sums = queries + rows, scores = sums + rows;
            Across(k, first, count, kvHead, keys);
            Along(v, first, count, kvHead, values);
            for (int head = kvHead * _group; head < (kvHead + 1) * _group; head++)
            {
                Along(q, first, count, head, queries);
                for (int t = 0; t < count; t += Some)
                {
                    int some = Math.Min(Some, count - t), seen = Up(t + some);
                    Pattern(layer, queries, keys, t, some, padded, seen, scores);
                    PlainMatMul.Run(scores, padded, 1, values, _width, sums, _width, some, t + some, _width, add: false);
                    Narrow(sums, z, first + t, some, head);
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
        float scale = (float)a.AttentionScaleOf(layer);
        Each(starts, (first, count, kvHead, worker) =>
        {
            int padded = Up(count);
            long rows = (long)padded * _width;
            float* keys = _scratch[worker].Resize(8 * rows + 2L * Some * padded).Data, across = keys + rows, values = across + rows, queries = values + rows, outputs = queries + rows;
            float* sums = outputs + rows, dKeys = sums + rows, dValues = dKeys + rows, scores = dValues + rows, slopes = scores + (long)Some * padded;
            Along(k, first, count, kvHead, keys);
            Across(k, first, count, kvHead, across);
            Across(v, first, count, kvHead, values);
            new Span<float>(dKeys, (int)(2 * rows)).Clear();
            for (int head = kvHead * _group; head < (kvHead + 1) * _group; head++)
            {
                Along(q, first, count, head, queries);
                Along(dz, first, count, head, outputs);
                for (int t = 0; t < count; t += Some)
                {
                    int some = Math.Min(Some, count - t), end = t + some, seen = Up(end);
                    float* query = queries + (long)t * _width, output = outputs + (long)t * _width;
                    Pattern(layer, queries, across, t, some, padded, seen, scores);
                    PlainMatMul.Run(output, _width, 1, values, padded, slopes, padded, some, _width, seen, add: false);
                    PlainMatMul.Run(scores, 1, padded, output, _width, dValues, _width, end, some, _width, add: true);
                    for (int i = 0; i < some; i++) SoftmaxRows.Backward(scores + (long)i * padded, slopes + (long)i * padded, seen, scale);
                    PlainMatMul.Run(slopes, padded, 1, keys, _width, sums, _width, some, end, _width, add: false);
                    PlainMatMul.Run(slopes, 1, padded, query, _width, dKeys, _width, end, some, _width, add: true);
                    Narrow(sums, dq, first + t, some, head);
                }
            }
            Narrow(dKeys, dk, first, count, kvHead);
            Narrow(dValues, dv, first, count, kvHead);
        });
    }

    /// <summary>The pattern of some queries, [some × padded]; 0 for keys that a query does not see.</summary>
    void Pattern(int layer, float* queries, float* keys, int t, int some, int padded, int seen, float* scores)
    {
        float scale = (float)a.AttentionScaleOf(layer);
        PlainMatMul.Run(queries + (long)t * _width, _width, 1, keys, padded, scores, padded, some, a.HeadDim, seen, add: false);
        for (int i = 0; i < some; i++)
            SoftmaxRows.Forward(scores + (long)i * padded, seen, Math.Max(0, t + i + 1 - (a.WindowOf(layer) ?? int.MaxValue)), t + i, scale);
    }

    /// <summary>Each sequence and each key head by itself; query heads that share one follow each other.</summary>
    void Each(IReadOnlyList<int> starts, Action<int, int, int, int> work) => crew.Run((starts.Count - 1) * a.NKvHeads, (piece, worker) =>
    {
        crew.ThrowIfCancelled();
        var (sequence, kvHead) = Math.DivRem(piece, a.NKvHeads);
        work(starts[sequence], starts[sequence + 1] - starts[sequence], kvHead, worker);
    });

    static int Up(int count) => (count + PlainMatMul.Lanes - 1) / PlainMatMul.Lanes * PlainMatMul.Lanes;

    /// <summary>A head, [tokens × width], 0 where there is none.</summary>
    void Along(FloatRows from, int first, int count, int head, float* to)
    {
        new Span<float>(to, Up(count) * _width).Clear();
        for (int t = 0; t < count; t++) from[first + t].Slice(head * a.HeadDim, a.HeadDim).CopyTo(new Span<float>(to + (long)t * _width, a.HeadDim));
    }

    /// <summary>A head transposed, [width × tokens].</summary>
    void Across(FloatRows from, int first, int count, int head, float* to)
    {
        int padded = Up(count);
        new Span<float>(to, padded * _width).Clear();
        for (int t = 0; t < count; t++)
        {
            var row = from[first + t].Slice(head * a.HeadDim, a.HeadDim);
            for (int d = 0; d < row.Length; d++) to[(long)d * padded + t] = row[d];
        }
    }

    void Narrow(float* from, FloatRows to, int first, int count, int head)
    {
        for (int t = 0; t < count; t++) new Span<float>(from + (long)t * _width, a.HeadDim).CopyTo(to[first + t].Slice(head * a.HeadDim, a.HeadDim));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _scratch) buffer.Dispose();
    }
}
