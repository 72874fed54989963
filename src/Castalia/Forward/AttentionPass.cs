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
    readonly RotaryTables _rotary;
    readonly FloatBuffer _q = new(), _k = new(), _v = new();
    readonly FloatBuffer[] _scratch;
    readonly double[]? _slopes;
    readonly float[]?[] _positions;

    public AttentionPass(Architecture architecture, Crew crew, LinearPass linear, RotaryTables rotary)
    {
        (_a, _crew, _linear, _rotary) = (architecture, crew, linear, rotary);
        _slopes = architecture.Alibi?.Slopes(architecture.NHeads);
        _positions = new float[architecture.NHeads][];
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
        _crew.Run((chunk.Tokens + 63) / 64, (piece, _) => Prepare(batch, chunk, weights, piece * 64, Math.Min(64, chunk.Tokens - piece * 64)));
        ScoreRule[] rules = [.. Enumerable.Range(0, _a.NHeads).Select(head => RuleOf(weights.Layer, head, batch.Longest))];

        var pieces = new List<(int Prompt, int KvHead, int FirstQuery)>();
        for (int p = chunk.FirstPrompt; p < chunk.FirstPrompt + chunk.Prompts; p++)
            for (int head = 0; head < _a.NKvHeads; head++)
                for (int query = 0; query < batch.Prompts[p].Ids.Count; query += QueriesPerPiece) pieces.Add((p, head, query));
        _crew.Run(pieces.Count, (piece, worker) =>
        {
            var (prompt, head, query) = pieces[piece];
            int first = batch.Starts[prompt] - chunk.FirstToken;
            Attend(first, head, query, Math.Min(QueriesPerPiece, batch.Prompts[prompt].Ids.Count - query), rules, z, _scratch[worker]);
        });
    }

    ScoreRule RuleOf(int layer, int head, int longest)
    {
        double scale = _a.AttentionScaleOf(layer);
        if (_a.Alibi is { InBFloat16: true } rounded)
        {
            // Rounded products do not grow evenly with distance: a table says how far each key's has grown.
            if (!(_positions[head]?.Length >= Up(longest))) _positions[head] = rounded.Grown(_slopes![head], Up(longest));
            return new((float)scale, (float)(rounded.Times * (rounded.Scaled ? scale : 1)), _a.WindowOf(layer) ?? int.MaxValue, _a.AttentionSoftcap ?? 0)
            {
                Positions = _positions[head],
            };
        }
        double slope = _a.Alibi is { } alibi ? _slopes![head] * alibi.Times * (alibi.Scaled ? scale : 1) : 0;
        return new((float)scale, (float)slope, _a.WindowOf(layer) ?? int.MaxValue, _a.AttentionSoftcap ?? 0);
    }

    /// <summary>What happens to queries, keys and values between their projections and the scores: bound, norm, turn.</summary>
    void Prepare(RaggedBatch batch, Chunk chunk, BlockWeights weights, int firstToken, int count)
    {
        RotaryTable? table = null;
        int tableOf = -1;
        for (int t = firstToken; t < firstToken + count; t++)
        {
            var (prompt, position) = batch.At(chunk.FirstToken + t);
            if (prompt != tableOf) (table, tableOf) = (_rotary.Of(weights.Layer, batch.Prompts[prompt].Ids.Count), prompt);
            Span<float> q = _q.Row(t, QWidth), k = _k.Row(t, KvWidth);
            if (_a.ClipQkv is { } bound)
            {
                Elementwise.Clamp(q, (float)bound);
                Elementwise.Clamp(k, (float)bound);
                Elementwise.Clamp(_v.Row(t, KvWidth), (float)bound);
            }
            if (weights.QueryNorm is { } queryNorm) Norm(queryNorm, q);
            if (weights.KeyNorm is { } keyNorm) Norm(keyNorm, k);
            if (table is null) continue;
            for (int head = 0; head < _a.NHeads; head++) table.Turn(q.Slice(head * _a.HeadDim, _a.HeadDim), position);
            for (int head = 0; head < _a.NKvHeads; head++) table.Turn(k.Slice(head * _a.HeadDim, _a.HeadDim), position);
        }
    }

    /// <summary>All heads of one position through their norm.</summary>
    void Norm(NormWeights norm, Span<float> heads)
    {
        if (_a.QkNorm == QkNorm.AllHeads)
        {
            BlockPass.Norm(_a, norm, heads, heads);
            return;
        }
        for (int at = 0; at < heads.Length; at += _a.HeadDim)
        {
            var head = heads.Slice(at, _a.HeadDim);
            if (_a.QkNorm == QkNorm.EachHeadOwnWeight) BlockPass.Norm(_a, norm.Weight.AsSpan(at, _a.HeadDim), [], head, head);
            else BlockPass.Norm(_a, norm, head, head);
        }
    }

    /// <summary>Some queries of one prompt, for every query head that shares a key/value head.</summary>
    void Attend(int firstToken, int kvHead, int query, int queries, ScoreRule[] rules, float* z, FloatBuffer scratch)
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
                    valueStride, headDim, rules[head], scores, sum, z + row, QWidth);
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
