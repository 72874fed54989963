using Castalia.Architectures;
using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>Attention of one chunk: projections, rotary positions, softmax, each prompt by itself.</summary>
sealed unsafe class AttentionPass : IDisposable
{
    const int QueriesPerPiece = 128;

    readonly Architecture _a;
    readonly Crew _crew;
    readonly LinearPass _linear;
    readonly RotaryTable _rotary;
    readonly FloatBuffer _q = new(), _k = new(), _v = new();
    readonly FloatBuffer[] _scratch;

    public AttentionPass(Architecture architecture, Crew crew, LinearPass linear, RotaryTable rotary)
    {
        (_a, _crew, _linear, _rotary) = (architecture, crew, linear, rotary);
        _scratch = [.. Enumerable.Range(0, crew.Threads).Select(_ => new FloatBuffer())];
    }

    int QWidth => _a.NHeads * _a.HeadDim;

    int KvWidth => _a.NKvHeads * _a.HeadDim;

    /// <summary>Writes z, [tokens × n_heads·head_dim].</summary>
    /// <param name="batch">Where the prompts lie.</param>
    /// <param name="chunk">The tokens.</param>
    /// <param name="weights">The block.</param>
    /// <param name="input">attn_in, packed.</param>
    /// <param name="z">Written.</param>
    public void Run(RaggedBatch batch, Chunk chunk, BlockWeights weights, PackedTokens input, float* z)
    {
        _linear.Run(input, weights.Query, _q.Resize((long)chunk.Tokens * QWidth).Data);
        _linear.Run(input, weights.Key, _k.Resize((long)chunk.Tokens * KvWidth).Data);
        _linear.Run(input, weights.Value, _v.Resize((long)chunk.Tokens * KvWidth).Data);
        _crew.Run((chunk.Tokens + 63) / 64, (piece, _) => Turn(batch, chunk, piece * 64, Math.Min(64, chunk.Tokens - piece * 64)));

        var pieces = new List<(int Prompt, int KvHead, int FirstQuery)>();
        for (int p = chunk.FirstPrompt; p < chunk.FirstPrompt + chunk.Prompts; p++)
            for (int head = 0; head < _a.NKvHeads; head++)
                for (int query = 0; query < batch.Prompts[p].Ids.Count; query += QueriesPerPiece) pieces.Add((p, head, query));
        _crew.Run(pieces.Count, (piece, worker) =>
        {
            var (prompt, head, query) = pieces[piece];
            int first = batch.Starts[prompt] - chunk.FirstToken;
            Attend(first, head, query, Math.Min(QueriesPerPiece, batch.Prompts[prompt].Ids.Count - query), z, _scratch[worker]);
        });
    }

    void Turn(RaggedBatch batch, Chunk chunk, int firstToken, int count)
    {
        for (int t = firstToken; t < firstToken + count; t++)
        {
            int position = batch.At(chunk.FirstToken + t).Position;
            var q = _q.Row(t, QWidth);
            var k = _k.Row(t, KvWidth);
            for (int head = 0; head < _a.NHeads; head++) _rotary.Turn(q.Slice(head * _a.HeadDim, _a.HeadDim), position);
            for (int head = 0; head < _a.NKvHeads; head++) _rotary.Turn(k.Slice(head * _a.HeadDim, _a.HeadDim), position);
        }
    }

    /// <summary>Some queries of one prompt, for every query head that shares a key/value head.</summary>
    void Attend(int firstToken, int kvHead, int query, int queries, float* z, FloatBuffer scratch)
    {
        int headDim = _a.HeadDim, nKeys = query + queries, keyStride = Up(nKeys), valueStride = Up(headDim);
        long keysLength = (long)headDim * keyStride, valuesLength = (long)nKeys * valueStride;
        float* keys = scratch.Resize(keysLength + valuesLength + (long)Attention.QueryTile * keyStride + valueStride).Data;
        float* values = keys + keysLength, scores = values + valuesLength, sum = scores + Attention.QueryTile * keyStride;
        new Span<float>(keys, checked((int)(keysLength + valuesLength))).Clear();
        for (int j = 0; j < nKeys; j++)
        {
            float* k = _k.Data + (long)(firstToken + j) * KvWidth + kvHead * headDim;
            for (int d = 0; d < headDim; d++) keys[(long)d * keyStride + j] = k[d];
            _v.Row(firstToken + j, KvWidth).Slice(kvHead * headDim, headDim).CopyTo(new Span<float>(values + (long)j * valueStride, headDim));
        }
        int group = _a.NHeads / _a.NKvHeads;
        for (int head = kvHead * group; head < (kvHead + 1) * group; head++)
        {
            for (int i = 0; i < queries; i += Attention.QueryTile)
            {
                long row = (long)(firstToken + query + i) * QWidth + head * headDim;
                Attention.Attend(
                    _q.Data + row, QWidth, Math.Min(Attention.QueryTile, queries - i), query + i, keys, keyStride, values,
                    valueStride, headDim, (float)_a.AttentionScale, scores, sum, z + row, QWidth);
            }
        }
    }

    static int Up(int n) => (n + Attention.Lanes - 1) / Attention.Lanes * Attention.Lanes;

    /// <inheritdoc/>
    public void Dispose()
    {
        _q.Dispose();
        _k.Dispose();
        _v.Dispose();
        foreach (var buffer in _scratch) buffer.Dispose();
    }
}
