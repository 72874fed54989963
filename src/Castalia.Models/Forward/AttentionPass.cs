using Castalia.Architectures;
using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>Attention of one chunk: projections, rotary positions, softmax, each prompt by itself.</summary>
sealed unsafe class AttentionPass : IDisposable
{
    readonly Architecture _a;
    readonly Crew _crew;
    readonly LinearPass _linear;
    readonly RotaryTables _rotary;
    readonly FloatBuffer _q = new(), _k = new(), _v = new(), _keys = new(), _values = new();
    readonly FloatBuffer[] _scratch;
    readonly double[]? _slopes;
    readonly float[]?[] _positions;
    readonly Dictionary<int, KeyValueRows> _shared = [];
    AttentionPlan? _plan;

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
        _linear.Run(
            input,
            new LinearOutput(weights.Query, _q.Resize((long)chunk.Tokens * QWidth).Data),
            new LinearOutput(weights.Key, _k.Resize((long)chunk.Tokens * KvWidth).Data),
            new LinearOutput(weights.Value, _v.Resize((long)chunk.Tokens * KvWidth).Data));
        if (_plan?.Batch != batch || _plan.Chunk != chunk) _plan = new AttentionPlan(batch, chunk, _a.NKvHeads);
        var plan = _plan;
        _keys.Resize(_a.NKvHeads * PackedHead.KeysLength(plan.Panels * Attention.Lanes, _a.HeadDim));
        _values.Resize(_a.NKvHeads * PackedHead.ValuesLength(plan.Keys, _a.HeadDim));
        foreach (int p in batch.Shared)
            if (p >= chunk.FirstPrompt && p < chunk.FirstPrompt + chunk.Prompts) RoomFor(p, batch.Prompts[p].Ids.Count);
        _crew.Run(plan.Stretches.Count, (i, worker) => Prepare(batch, plan.Stretches[i], weights, _scratch[worker]));
        ScoreRule[] rules = [.. Enumerable.Range(0, _a.NHeads).Select(head => RuleOf(weights.Layer, head, batch.Longest))];
        _crew.Run(plan.Pieces.Count, (i, worker) => Attend(plan.Pieces[i], rules, z, _scratch[worker]));
    }

    /// <summary>A token's query in a head, as it went into the scores; until the next chunk.</summary>
    public ReadOnlySpan<float> Query(int token, int head) => _q.Row(token, QWidth).Slice(head * _a.HeadDim, _a.HeadDim);

    /// <summary>The key that a query head shares, of a token, as it went into the scores.</summary>
    public ReadOnlySpan<float> Key(int token, int head) => _k.Row(token, KvWidth).Slice(head / (_a.NHeads / _a.NKvHeads) * _a.HeadDim, _a.HeadDim);

    /// <summary>The value that a query head shares, of a token.</summary>
    public ReadOnlySpan<float> Value(int token, int head) => _v.Row(token, KvWidth).Slice(head / (_a.NHeads / _a.NKvHeads) * _a.HeadDim, _a.HeadDim);

    /// <summary>What becomes of the products in a head; for one thread.</summary>
    public ScoreRule RuleOf(int layer, int head, int longest)
    {
        double scale = _a.AttentionScaleOf(layer);
        if (_a.Alibi is { InBFloat16: true } rounded)
        {
            // Rounded products do not grow evenly with distance: a table says how far each key's has grown.
            if (!(_positions[head]?.Length >= longest)) _positions[head] = rounded.Grown(_slopes![head], longest);
            return new((float)scale, (float)(rounded.Times * (rounded.Scaled ? scale : 1)), _a.WindowOf(layer) ?? int.MaxValue, _a.AttentionSoftcap ?? 0)
            {
                Positions = _positions[head],
            };
        }
        double slope = _a.Alibi is { } alibi ? _slopes![head] * alibi.Times * (alibi.Scaled ? scale : 1) : 0;
        return new((float)scale, (float)slope, _a.WindowOf(layer) ?? int.MaxValue, _a.AttentionSoftcap ?? 0);
    }

    /// <summary>What happens to queries, keys and values between their projections and the scores: bound, norm, turn; then they are laid out.</summary>
    void Prepare(RaggedBatch batch, Stretch stretch, BlockWeights weights, FloatBuffer scratch)
    {
        var table = _rotary.Of(weights.Layer, stretch.Tokens);
        int first = stretch.FirstToken + stretch.Position, others = Math.Clamp(stretch.FirstRow - stretch.Position, 0, stretch.Count);
        for (int i = others; i < stretch.Count; i++)
        {
            Span<float> q = _q.Row(first + i, QWidth), k = _k.Row(first + i, KvWidth);
            if (_a.ClipQkv is { } bound)
            {
                Elementwise.Clamp(q, (float)bound);
                Elementwise.Clamp(k, (float)bound);
                Elementwise.Clamp(_v.Row(first + i, KvWidth), (float)bound);
            }
            if (weights.QueryNorm is { } queryNorm) Norm(queryNorm, q);
            if (weights.KeyNorm is { } keyNorm) Norm(keyNorm, k);
            if (table is null) continue;
            table.Turn(q, _a.HeadDim, stretch.Position + i);
            table.Turn(k, _a.HeadDim, stretch.Position + i);
        }
        float* keys = _k.Data + (long)first * KvWidth, values = _v.Data + (long)first * KvWidth;
        if (others > 0)
        {
            keys = Join(_shared[batch.Origins[stretch.Prompt]], stretch, others, first, scratch);
            values = keys + (long)stretch.Count * KvWidth;
        }
        if (_shared.TryGetValue(stretch.Prompt, out var shared) && batch.Shared.Contains(stretch.Prompt)) shared.Keep(stretch.Position, stretch.Count, keys, values, KvWidth);
        Span<PackedHead> heads = stackalloc PackedHead[_a.NKvHeads];
        for (int head = 0; head < heads.Length; head++)
        {
            heads[head] = HeadOf(stretch, head);
            heads[head].PackKeys(stretch.Position, stretch.Count, keys + head * _a.HeadDim, KvWidth);
        }
        for (int i = 0; i < stretch.Count; i++)
            for (int head = 0; head < heads.Length; head++)
                heads[head].PackValue(stretch.Position + i, values + (long)i * KvWidth + head * _a.HeadDim);
    }

    /// <summary>Keys, then values, of a stretch that begins with another's: those and its own, side by side.</summary>
    float* Join(KeyValueRows of, Stretch stretch, int others, int first, FloatBuffer scratch)
    {
        long length = (long)stretch.Count * KvWidth;
        float* keys = scratch.Resize(2 * length).Data, values = keys + length;
        of.Copy(stretch.Position, others, keys, values, KvWidth);
        int own = (stretch.Count - others) * KvWidth;
        if (own > 0)
        {
            _k.Span((long)(first + others) * KvWidth, own).CopyTo(new(keys + (long)others * KvWidth, own));
            _v.Span((long)(first + others) * KvWidth, own).CopyTo(new(values + (long)others * KvWidth, own));
        }
        return keys;
    }

    void RoomFor(int prompt, int tokens)
    {
        if (!_shared.TryGetValue(prompt, out var rows)) _shared[prompt] = rows = new();
        rows.Resize(tokens, KvWidth);
    }

    /// <summary>Where the keys and values of a prompt's head are laid out.</summary>
    PackedHead HeadOf(Stretch stretch, int kvHead)
    {
        int headDim = _a.HeadDim, tokens = stretch.Tokens;
        float* keys = _keys.Data + _a.NKvHeads * PackedHead.KeysLength(stretch.FirstPanel * Attention.Lanes, headDim)
            + kvHead * PackedHead.KeysLength(tokens, headDim);
        float* values = _values.Data + _a.NKvHeads * PackedHead.ValuesLength(stretch.FirstKey, headDim)
            + kvHead * PackedHead.ValuesLength(tokens, headDim);
        return new(keys, values, tokens, headDim);
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

    /// <summary>Some queries of one prompt, for every query head that shares one of the key/value heads.</summary>
    void Attend(AttentionPiece piece, ScoreRule[] rules, float* z, FloatBuffer scratch)
    {
        var (queries, firstHead, heads) = piece;
        int group = _a.NHeads / _a.NKvHeads, end = queries.Position + queries.Count;
        float* room = scratch.Resize(Attention.ScratchLength(end, _a.HeadDim)).Data;
        for (int head = firstHead * group; head < (firstHead + heads) * group; head++)
        {
            var packed = HeadOf(queries, head / group);
            for (int query = queries.Position; query < end; query += Attention.QueryTile)
            {
                long row = (long)(queries.FirstToken + query) * QWidth + head * _a.HeadDim;
                Attention.Attend(_q.Data + row, QWidth, Math.Min(Attention.QueryTile, end - query), query, packed, rules[head], room, z + row);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _q.Dispose();
        _k.Dispose();
        _v.Dispose();
        _keys.Dispose();
        _values.Dispose();
        foreach (var buffer in _scratch) buffer.Dispose();
        foreach (var rows in _shared.Values) rows.Dispose();
    }
}
