using Castalia.Architectures;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Derivatives;

/// <summary>
/// Attention between queries and keys as they go into the scores, and its derivatives, float32. P the pattern, S = scale·q·k:
/// z = P·v; ∂v = Pᵀ·∂z; ∂S = scale·P ⊙ (∂z·vᵀ − rowsum(P ⊙ ∂z·vᵀ)); ∂q = ∂S·k; ∂k = ∂Sᵀ·q.
/// </summary>
/// <remarks>
/// Some queries at a time against all keys before them. Backwards the pattern is computed again; to keys and values the queries of a chunk add together, chunk after chunk, and heads that share
/// a key in their order.
/// </remarks>
/// <param name="a">The model.</param>
/// <param name="crew">Threads; no figure depends on them.</param>
sealed unsafe class AttentionGradient(Architecture a, Crew crew) : IDisposable
{
    const int Some = PlainMatMul.Lanes, Chunk = 128; // queries at a time

    readonly int _group = a.NHeads / a.NKvHeads, _width = Up(a.HeadDim);
    readonly bool _isWhole = a.HeadDim % PlainMatMul.Lanes == 0; // heads are written where they belong, else beside and then copied
    readonly FloatBuffer[] _scratch = [.. Enumerable.Range(0, crew.Threads).Select(_ => new FloatBuffer())];

    /// <summary>z of every sequence and head, and what of its softmax is kept.</summary>
    /// <param name="layer">The block.</param>
    /// <param name="starts">First token of each sequence, and the end.</param>
    /// <param name="record">Queries, keys, values read; z and softmax written.</param>
    public void Forward(int layer, IReadOnlyList<int> starts, BlockRecord record)
    {
        record.Z.Resize(record.Query.Rows, record.Query.Columns);
        record.Softmax.Resize(record.Query.Rows, 2 * a.NHeads);
        float scale = (float)a.AttentionScaleOf(layer);
        int window = a.WindowOf(layer) ?? int.MaxValue;
        Each(starts, (first, count, kvHead, worker) =>
        {
            int padded = Up(count);
            float* keys = _scratch[worker].Resize((long)(padded + Some) * _width + (long)Some * padded).Data, beside = keys + (long)padded * _width, scores = beside + Some * _width;
            Across(record.Key, first, count, kvHead, keys);
            for (int head = kvHead * _group; head < (kvHead + 1) * _group; head++)
                for (int t = 0; t < count; t += Some)
                {
                    int some = Math.Min(Some, count - t), seen = Up(t + some);
                    PlainMatMul.Run(At(record.Query, first + t, head), record.Query.Stride, 1, keys, padded, scores, padded, some, a.HeadDim, seen, add: false);
                    for (int i = 0; i < some; i++)
                    {
                        var kept = record.Softmax[first + t + i].Slice(2 * head, 2);
                        (kept[0], kept[1]) = SoftmaxRows.Forward(scores + (long)i * padded, seen, Math.Max(0, t + i + 1 - window), t + i, scale);
                    }
                    Multiply(scores, padded, 1, At(record.Value, first, kvHead), record.Value.Stride, record.Z, first + t, head, some, t + some, beside, add: false);
                }
        });
    }

    /// <summary>Writes ∂q, ∂k and ∂v.</summary>
    /// <param name="layer">The block.</param>
    /// <param name="starts">First token of each sequence, and the end.</param>
    /// <param name="record">Of the forward pass.</param>
    /// <param name="dz">[tokens × n_heads·head_dim].</param>
    /// <param name="dq">Written.</param>
    /// <param name="dk">Written.</param>
    /// <param name="dv">Written.</param>
    public void Backward(int layer, IReadOnlyList<int> starts, BlockRecord record, PaddedRows dz, PaddedRows dq, PaddedRows dk, PaddedRows dv)
    {
        dq.Resize(record.Query.Rows, record.Query.Columns);
        dk.Resize(record.Key.Rows, record.Key.Columns);
        dv.Resize(record.Value.Rows, record.Value.Columns);
        float scale = (float)a.AttentionScaleOf(layer);
        int window = a.WindowOf(layer) ?? int.MaxValue;
        Each(starts, (first, count, kvHead, worker) =>
        {
            int padded = Up(count), most = Math.Min(Chunk, padded);
            long rows = (long)padded * _width;
            float* keys = _scratch[worker].Resize(3 * rows + 2L * most * padded).Data, values = keys + rows, beside = values + rows, pattern = beside + rows, slopes = pattern + (long)most * padded;
            Across(record.Key, first, count, kvHead, keys);
            Across(record.Value, first, count, kvHead, values);
            for (int head = kvHead * _group; head < (kvHead + 1) * _group; head++)
                for (int chunk = 0; chunk < count; chunk += Chunk)
                {
                    int end = Math.Min(chunk + Chunk, count);
                    for (int t = chunk; t < end; t += Some)
                    {
                        int some = Math.Min(Some, end - t), seen = Up(t + some);
                        float* p = pattern + (long)(t - chunk) * padded, d = slopes + (long)(t - chunk) * padded;
                        PlainMatMul.Run(At(record.Query, first + t, head), record.Query.Stride, 1, keys, padded, p, padded, some, a.HeadDim, seen, add: false);
                        PlainMatMul.Run(At(dz, first + t, head), dz.Stride, 1, values, padded, d, padded, some, a.HeadDim, seen, add: false);
                        for (int i = 0; i < some; i++)
                        {
                            var kept = record.Softmax[first + t + i].Slice(2 * head, 2);
                            SoftmaxRows.Again(p + (long)i * padded, seen, Math.Max(0, t + i + 1 - window), t + i, scale, kept[0], kept[1]);
                            SoftmaxRows.Backward(p + (long)i * padded, d + (long)i * padded, seen, scale);
                        }
                        Multiply(d, padded, 1, At(record.Key, first, kvHead), record.Key.Stride, dq, first + t, head, some, t + some, beside, add: false);
                    }
                    for (int key = 0; key < end; key += Some)
                    {
                        int from = Math.Max(chunk, key), keysHere = Math.Min(Some, end - key);
                        long at = (long)(from - chunk) * padded + key;
                        bool add = head > kvHead * _group || key < chunk; // a key's first queries are those of its own chunk
                        Multiply(pattern + at, 1, padded, At(dz, first + from, head), dz.Stride, dv, first + key, kvHead, keysHere, end - from, beside, add);
                        Multiply(slopes + at, 1, padded, At(record.Query, first + from, head), record.Query.Stride, dk, first + key, kvHead, keysHere, end - from, beside, add);
                    }
                }
        });
    }

    /// <summary>A head of some rows of a matrix becomes a product, or is added to.</summary>
    void Multiply(float* left, long row, long step, float* right, long stride, PaddedRows to, int first, int head, int rows, int depth, float* beside, bool add)
    {
        if (_isWhole)
        {
            PlainMatMul.Run(left, row, step, right, stride, At(to, first, head), to.Stride, rows, depth, _width, add);
            return;
        }
        if (add)
            for (int t = 0; t < rows; t++) HeadOf(to, first + t, head).CopyTo(new(beside + (long)t * _width, a.HeadDim));
        PlainMatMul.Run(left, row, step, right, stride, beside, _width, rows, depth, _width, add);
        for (int t = 0; t < rows; t++) new Span<float>(beside + (long)t * _width, a.HeadDim).CopyTo(HeadOf(to, first + t, head));
    }

    /// <summary>Each sequence and each key head by itself; query heads that share one follow each other.</summary>
    void Each(IReadOnlyList<int> starts, Action<int, int, int, int> work) => crew.Run((starts.Count - 1) * a.NKvHeads, (piece, worker) =>
    {
        crew.ThrowIfCancelled();
        var (sequence, kvHead) = Math.DivRem(piece, a.NKvHeads);
        work(starts[sequence], starts[sequence + 1] - starts[sequence], kvHead, worker);
    });

    static int Up(int count) => (count + PlainMatMul.Lanes - 1) / PlainMatMul.Lanes * PlainMatMul.Lanes;

    float* At(PaddedRows of, int row, int head) => of.At(row) + head * a.HeadDim;

    Span<float> HeadOf(PaddedRows of, int row, int head) => of[row].Slice(head * a.HeadDim, a.HeadDim);

    /// <summary>A head transposed, [head_dim × tokens], 0 where there is none.</summary>
    void Across(PaddedRows from, int first, int count, int head, float* to)
    {
        int padded = Up(count);
        if (padded > count)
            for (int d = 0; d < a.HeadDim; d++) new Span<float>(to + (long)d * padded + count, padded - count).Clear();
        Transpose.Run(At(from, first, head), from.Stride, count, a.HeadDim, to, padded);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var buffer in _scratch) buffer.Dispose();
    }
}
