using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>Causal softmax attention of one head, some queries at a time.</summary>
/// <remarks>
/// score[i, j] = scale·Σ_d q[i, d]·k[j, d] − slope·(i − j), or −slope·(t[i] − t[j]) by a table of positions, the sum one chain
/// of fused multiply-adds in ascending d, capped where asked for; p = exp(score − max) over the keys seen, its sum in float64;
/// z[i, d] = Σ_j p[j]·v[j, d] / sum, chains of ascending j in runs of 256 keys, counted from the first seen, as in
/// <see cref="MatMul"/>. Nothing depends on which other queries or prompts are computed with it. Twelve queries share what they
/// read; where they do not see the same keys, or their runs do not begin together, each takes up its own chain.
/// </remarks>
static unsafe class Attention
{
    /// <summary>Most queries one call takes.</summary>
    public const int QueryTile = AttentionTile.Rows;

    /// <summary>Dimensions of a head are laid out in multiples of this.</summary>
    public const int Lanes = AttentionTile.Panel;

    const int Run = MatMul.Run;

    /// <summary>The definition, for one query.</summary>
    /// <param name="q">The query, [head_dim].</param>
    /// <param name="position">Its position.</param>
    /// <param name="keys">[tokens × stride], at least position + 1 tokens.</param>
    /// <param name="values">The same.</param>
    /// <param name="stride">Values from one token to the next.</param>
    /// <param name="rule">What becomes of the products, and which keys are seen.</param>
    /// <param name="z">[head_dim], written.</param>
    internal static void Reference(
        ReadOnlySpan<float> q, int position, ReadOnlySpan<float> keys, ReadOnlySpan<float> values, int stride, ScoreRule rule, Span<float> z)
    {
        int first = rule.FirstKey(position);
        float[] p = new float[position + 1 - first];
        for (int j = first; j <= position; j++)
        {
            float sum = 0;
            for (int d = 0; d < q.Length; d++) sum = MathF.FusedMultiplyAdd(q[d], keys[j * stride + d], sum);
            float distance = rule.Positions is { } table ? table[j] - table[position] : j - position;
            p[j - first] = MathF.FusedMultiplyAdd(rule.Slope, distance, sum * rule.Scale);
        }
        if (rule.Softcap > 0) SoftCap.Apply(p, rule.Softcap);
        double total = Softmax.Reference(p);
        for (int d = 0; d < z.Length; d++)
        {
            float weighted = 0;
            for (int start = 0; start < p.Length; start += Run)
            {
                float part = 0;
                for (int j = start; j < Math.Min(start + Run, p.Length); j++)
                    part = MathF.FusedMultiplyAdd(p[j], values[(first + j) * stride + d], part);
                weighted += part;
            }
            z[d] = (float)(weighted / total);
        }
    }

    /// <summary>Float32 values of scratch a call needs, for queries that see up to a number of keys.</summary>
    public static long ScratchLength(int keys, int headDim) => QueryTile * (ScoreStride(keys) + 3L * DimStride(headDim));

    /// <summary>Attends from up to twelve consecutive queries to every key each of them sees.</summary>
    /// <param name="q">First query, [count × stride], head_dim values each.</param>
    /// <param name="stride">Values from one query to the next, and from one output to the next.</param>
    /// <param name="count">Queries, 1 to 12.</param>
    /// <param name="position">Position of the first.</param>
    /// <param name="head">Keys and values of at least those positions.</param>
    /// <param name="rule">What becomes of the products, and which keys are seen.</param>
    /// <param name="scratch">As <see cref="ScratchLength"/> says for position + count keys.</param>
    /// <param name="z">[count × stride], written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Attend(float* q, int stride, int count, int position, PackedHead head, ScoreRule rule, float* scratch, float* z)
    {
        int headDim = head.HeadDim, scoreStride = ScoreStride(position + count), dimStride = DimStride(headDim);
        float* queries = scratch, parts = queries + QueryTile * dimStride, totals = parts + QueryTile * dimStride;
        float* scores = totals + QueryTile * dimStride;
        for (int i = 0; i < count; i++) new ReadOnlySpan<float>(q + (nint)i * stride, headDim).CopyTo(new(queries + i * dimStride, headDim));
        for (int i = count; i < QueryTile; i++) new Span<float>(queries + i * dimStride, headDim).Clear();

        int from = rule.FirstKey(position) / Lanes, end = PackedHead.PanelsOf(position + count);
        for (int panel = from; panel < end; panel += 2)
            AttentionTile.Accumulate(
                head.KeyPanel(panel), headDim * Lanes, Math.Min(2, end - panel), queries, dimStride, count, headDim,
                scores + panel * Lanes, scoreStride, fresh: true);

        double* sums = stackalloc double[QueryTile];
        for (int i = 0; i < count; i++) sums[i] = Probabilities(scores + i * scoreStride, position + i, rule);
        WeightedSums(head, rule, count, position, scores, scoreStride, parts, totals, dimStride);
        for (int i = 0; i < count; i++) Divide(totals + i * dimStride, sums[i], headDim, z + (nint)i * stride);
    }

    // Odd multiples of a cache line: rows a power of two apart would share the same few places of the cache.
    static int DimStride(int headDim) => (PackedHead.PanelsOf(headDim) + 1 | 1) * Lanes;

    static int ScoreStride(int keys) => (PackedHead.PanelsOf(keys) + 1 | 1) * Lanes;

    /// <summary>One query's products become scores, and these p; returns Σ p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double Probabilities(float* scores, int position, ScoreRule rule)
    {
        int first = rule.FirstKey(position);
        Vector512<float> factor = Vector512.Create(rule.Scale), slope = Vector512.Create(rule.Slope);
        if (rule.Positions is { } table)
        {
            fixed (float* at = table)
            {
                int j = first;
                for (; j <= position - (Lanes - 1); j += Lanes)
                {
                    var distance = Vector512.Load(at + j) - Vector512.Create(at[position]);
                    Vector512.FusedMultiplyAdd(slope, distance, Vector512.Load(scores + j) * factor).Store(scores + j);
                }
                for (; j <= position; j++) scores[j] = MathF.FusedMultiplyAdd(rule.Slope, at[j] - at[position], scores[j] * rule.Scale);
            }
        }
        else
        {
            // Distances are whole numbers, exact in float32; without a slope the penalty adds nothing to any bit.
            var distance = Vector512.ConvertToSingle(Vector512<int>.Indices) + Vector512.Create((float)(first - position));
            for (int j = first; j <= position; j += Lanes, distance += Vector512.Create((float)Lanes))
                Vector512.FusedMultiplyAdd(slope, distance, Vector512.Load(scores + j) * factor).Store(scores + j);
        }
        int seen = position + 1 - first;
        if (rule.Softcap > 0) SoftCap.Apply(new Span<float>(scores + first, seen), rule.Softcap);
        return Softmax.Exponentials(scores + first, seen);
    }

    /// <summary>totals[i, d] = Σ_j p[i, j]·v[j, d].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void WeightedSums(
        PackedHead head, ScoreRule rule, int count, int position, float* p, int pStride, float* parts, float* totals, int dimStride)
    {
        int panels = PackedHead.PanelsOf(head.HeadDim), last = count - 1;
        int firstOfAll = rule.FirstKey(position), firstOfLast = rule.FirstKey(position + last);
        // The last query sees the most keys, so it has the most runs.
        for (int run = 0; firstOfLast + run <= position + last; run += Run)
        {
            // All queries are within a run of theirs from the last one's beginning of it to the first one's end.
            int shared = firstOfLast + run, sharedEnd = Math.Min(firstOfAll + run + Run, position + 1);
            bool fresh = firstOfAll == firstOfLast && shared < sharedEnd;
            if (!fresh) new Span<float>(parts, count * dimStride).Clear();
            if (shared < sharedEnd)
            {
                for (int i = 0; !fresh && i < last; i++)
                    One(head, p + i * pStride, rule.FirstKey(position + i) + run, shared, parts + i * dimStride, panels);
                for (int panel = 0; panel < panels; panel += 2)
                    AttentionTile.Accumulate(
                        head.ValuePanel(panel) + (nint)shared * Lanes, (nint)head.Tokens * Lanes, Math.Min(2, panels - panel), p + shared,
                        pStride, count, sharedEnd - shared, parts + panel * Lanes, dimStride, fresh);
            }
            for (int i = 0; i < count; i++)
            {
                int begin = rule.FirstKey(position + i) + run, end = Math.Min(begin + Run, position + i + 1);
                if (begin >= end) continue;
                One(head, p + i * pStride, shared < sharedEnd ? sharedEnd : begin, end, parts + i * dimStride, panels);
                Add(totals + i * dimStride, parts + i * dimStride, panels, first: run == 0);
            }
        }
    }

    /// <summary>One query takes its chains on over keys from … end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void One(PackedHead head, float* p, int from, int end, float* parts, int panels)
    {
        if (from >= end) return;
        nint next = (nint)head.Tokens * Lanes;
        float* v = head.ValuePanel(0) + (nint)from * Lanes;
        for (; panels >= 4; panels -= 4, v += 4 * next, parts += 4 * Lanes)
        {
            float* x = v;
            Vector512<float> a = Vector512.Load(parts), b = Vector512.Load(parts + Lanes);
            Vector512<float> c = Vector512.Load(parts + 2 * Lanes), d = Vector512.Load(parts + 3 * Lanes);
            for (int j = from; j < end; j++, x += Lanes)
            {
                var weight = Vector512.Create(p[j]);
                a = Vector512.FusedMultiplyAdd(weight, Vector512.Load(x), a);
                b = Vector512.FusedMultiplyAdd(weight, Vector512.Load(x + next), b);
                c = Vector512.FusedMultiplyAdd(weight, Vector512.Load(x + 2 * next), c);
                d = Vector512.FusedMultiplyAdd(weight, Vector512.Load(x + 3 * next), d);
            }
            a.Store(parts);
            b.Store(parts + Lanes);
            c.Store(parts + 2 * Lanes);
            d.Store(parts + 3 * Lanes);
        }
        for (; panels > 0; panels--, v += next, parts += Lanes)
        {
            float* x = v;
            var a = Vector512.Load(parts);
            for (int j = from; j < end; j++, x += Lanes) a = Vector512.FusedMultiplyAdd(Vector512.Create(p[j]), Vector512.Load(x), a);
            a.Store(parts);
        }
    }

    static void Add(float* totals, float* parts, int panels, bool first)
    {
        for (int d = 0; d < panels * Lanes; d += Lanes)
            ((first ? Vector512<float>.Zero : Vector512.Load(totals + d)) + Vector512.Load(parts + d)).Store(totals + d);
    }

    /// <summary>z = totals/sum, in float64 and rounded once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Divide(float* totals, double sum, int headDim, float* z)
    {
        var divisor = Vector512.Create(sum);
        int d = 0;
        for (; d <= headDim - Lanes; d += Lanes)
        {
            var (low, high) = Vector512.Widen(Vector512.Load(totals + d));
            Vector512.Narrow(low / divisor, high / divisor).Store(z + d);
        }
        for (; d < headDim; d++) z[d] = (float)(totals[d] / sum);
    }
}
