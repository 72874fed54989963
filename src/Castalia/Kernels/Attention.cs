using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>What becomes of a query's product with a key, and which keys it sees.</summary>
/// <param name="Scale">Factor on the product.</param>
/// <param name="Slope">Penalty for each position between query and key.</param>
/// <param name="Window">Keys seen, the query's own included; <see cref="int.MaxValue"/> for all before it.</param>
/// <param name="Softcap">c of c·tanh(s/c) on the scores; 0 for none.</param>
readonly record struct ScoreRule(float Scale, float Slope, int Window, double Softcap)
{
    /// <summary>What counts as a key's position in the penalty, for a multiple of 16 keys; null for the position itself.</summary>
    public float[]? Positions { get; init; }

    /// <summary>The first key a query sees.</summary>
    public int FirstKey(int position) => Math.Max(0, position - (Window - 1));
}

/// <summary>Causal softmax attention of one head, a few queries at a time.</summary>
/// <remarks>
/// score[i, j] = scale·Σ_d q[i, d]·k[j, d] − slope·(i − j), or −slope·(t[i] − t[j]) by a table of positions, the sum one chain of fused multiply-adds in ascending d, capped where asked
/// for; p = exp(score − max) over the keys seen, its sum in float64; z[i, d] = Σ_j p[j]·v[j, d] / sum, chains of ascending j in runs of
/// 256 keys, counted from the first seen, as in <see cref="MatMul"/>. Nothing depends on which other queries or prompts are computed
/// with it.
/// </remarks>
static unsafe class Attention
{
    /// <summary>Most queries one call takes.</summary>
    public const int QueryTile = 4;

    /// <summary>Keys and dimensions are laid out in multiples of this.</summary>
    public const int Lanes = 16;

    const int Run = MatMul.Run;

    /// <summary>Attends from up to four consecutive queries to every key at or before each.</summary>
    /// <param name="q">First query, [count × qStride], head_dim values each.</param>
    /// <param name="qStride">Values from one query to the next.</param>
    /// <param name="count">Queries, 1 to 4.</param>
    /// <param name="position">Position of the first.</param>
    /// <param name="keys">Keys transposed, [head_dim × keyStride].</param>
    /// <param name="keyStride">A multiple of 16 at or above the number of tokens.</param>
    /// <param name="values">[tokens × valueStride], padded with zeros.</param>
    /// <param name="valueStride">A multiple of 16 at or above head_dim.</param>
    /// <param name="headDim">Width of the head.</param>
    /// <param name="rule">What becomes of the products, and which keys are seen.</param>
    /// <param name="scores">Scratch, [4 × keyStride].</param>
    /// <param name="sum">Scratch, [valueStride].</param>
    /// <param name="z">[count × zStride], written.</param>
    /// <param name="zStride">Values from one output to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Attend(
        float* q, int qStride, int count, int position, float* keys, int keyStride, float* values, int valueStride,
        int headDim, ScoreRule rule, float* scores, float* sum, float* z, int zStride)
    {
        Scores(q, qStride, count, position, keys, keyStride, headDim, rule, scores);
        for (int i = 0; i < count; i++)
        {
            int first = rule.FirstKey(position + i);
            var p = new Span<float>(scores + i * keyStride + first, position + i + 1 - first);
            if (rule.Softcap > 0) SoftCap.Apply(p, rule.Softcap);
            double total = Softmax.Exponentials(p);
            WeightedSum(p, values + (nint)first * valueStride, valueStride, sum);
            float* row = z + (nint)i * zStride;
            for (int d = 0; d < headDim; d++) row[d] = (float)(sum[d] / total);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Scores(
        float* q, int qStride, int count, int position, float* keys, int keyStride, int headDim, ScoreRule rule, float* scores)
    {
        // Fewer than four queries: the missing ones repeat the last and are written to its row again with the same bits.
        int i1 = Math.Min(1, count - 1), i2 = Math.Min(2, count - 1), i3 = Math.Min(3, count - 1);
        float* q0 = q, q1 = q + (nint)i1 * qStride, q2 = q + (nint)i2 * qStride, q3 = q + (nint)i3 * qStride;
        var factor = Vector512.Create(rule.Scale);
        var slope = Vector512.Create(rule.Slope);
        // Distances are whole numbers, exact in float32; without a slope the penalty adds nothing to any bit.
        var lanes = Vector512.ConvertToSingle(Vector512<int>.Indices);
        for (int j = rule.FirstKey(position) / Lanes * Lanes; j < position + count; j += Lanes)
        {
            Vector512<float> a0, a1, a2, a3;
            if (rule.Positions is { } table)
            {
                var at = Vector512.LoadUnsafe(ref table[j]);
                a0 = at - Vector512.Create(table[position]);
                a1 = at - Vector512.Create(table[position + i1]);
                a2 = at - Vector512.Create(table[position + i2]);
                a3 = at - Vector512.Create(table[position + i3]);
            }
            else
            {
                a0 = lanes + Vector512.Create((float)(j - position));
                a1 = a0 - Vector512.Create((float)i1);
                a2 = a0 - Vector512.Create((float)i2);
                a3 = a0 - Vector512.Create((float)i3);
            }
            Vector512<float> s0 = default, s1 = default, s2 = default, s3 = default;
            float* k = keys + j;
            for (int d = 0; d < headDim; d++, k += keyStride)
            {
                var key = Vector512.Load(k);
                s0 = Vector512.FusedMultiplyAdd(Vector512.Create(q0[d]), key, s0);
                s1 = Vector512.FusedMultiplyAdd(Vector512.Create(q1[d]), key, s1);
                s2 = Vector512.FusedMultiplyAdd(Vector512.Create(q2[d]), key, s2);
                s3 = Vector512.FusedMultiplyAdd(Vector512.Create(q3[d]), key, s3);
            }
            Vector512.FusedMultiplyAdd(slope, a0, s0 * factor).Store(scores + j);
            Vector512.FusedMultiplyAdd(slope, a1, s1 * factor).Store(scores + i1 * keyStride + j);
            Vector512.FusedMultiplyAdd(slope, a2, s2 * factor).Store(scores + i2 * keyStride + j);
            Vector512.FusedMultiplyAdd(slope, a3, s3 * factor).Store(scores + i3 * keyStride + j);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void WeightedSum(ReadOnlySpan<float> p, float* values, int valueStride, float* sum)
    {
        for (int d = 0; d < valueStride; d += Lanes)
        {
            Vector512<float> total = default;
            for (int start = 0; start < p.Length; start += Run)
            {
                Vector512<float> part = default;
                int end = Math.Min(start + Run, p.Length);
                float* v = values + (nint)start * valueStride + d;
                for (int j = start; j < end; j++, v += valueStride)
                    part = Vector512.FusedMultiplyAdd(Vector512.Create(p[j]), Vector512.Load(v), part);
                total += part;
            }
            total.Store(sum + d);
        }
    }
}
