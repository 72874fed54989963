using Castalia.Kernels;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Kernels;

public sealed unsafe class AttentionTests
{
    static readonly Gen<(int Tokens, int HeadDim, int Seed)> Cases = Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int);

    static readonly ScoreRule Plain = new(0.25f, 0, int.MaxValue, 0);

    static readonly Gen<ScoreRule> Rules = Gen.Select(
        One(0.25f, 1f), One(0f, 0.5f, 0.0625f), One(int.MaxValue, 1, 2, 7, 16, 33), One(0.0, 5.0),
        (scale, slope, window, cap) => new ScoreRule(scale, slope, window, cap));

    /// <summary>Positions that do not grow evenly, as products rounded to few bits.</summary>
    static readonly float[] Bent = [.. Enumerable.Range(0, 48).Select(j => MathF.Round(0.7f * j))];

    static readonly Gen<ScoreRule> AllRules = Gen.Select(Rules, Gen.Bool, (rule, bent) => bent ? rule with { Positions = Bent } : rule);

    static Gen<T> One<T>(params T[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);

    /// <summary>Against softmax(q·k)·v written out in float64, with every rule.</summary>
    [Fact]
    public void A_head_is_softmax_of_scores_times_values() => Cases.Select(AllRules).Sample((sizes, rule) =>
    {
        var (tokens, headDim, seed) = sizes;
        float[] q = Values(tokens * headDim, seed), k = Values(tokens * headDim, seed + 1), v = Values(tokens * headDim, seed + 2);
        float[] z = Head(q, k, v, tokens, headDim, tile: 4, rule);
        for (int i = 0; i < tokens; i++)
        {
            int[] seen = [.. Enumerable.Range(0, i + 1).Where(j => i - j < rule.Window)];
            double[] score = [.. seen.Select(j => Capped(rule.Scale * Dot(q, i, k, j, headDim) - rule.Slope * (At(rule, i) - At(rule, j)), rule.Softcap))];
            double[] p = [.. score.Select(s => Math.Exp(s - score.Max()))];
            for (int d = 0; d < headDim; d++)
            {
                double expected = seen.Select((j, n) => p[n] * v[j * headDim + d]).Sum() / p.Sum();
                Assert.Equal(expected, z[i * headDim + d], 5e-5);
            }
        }
    }, iter: 300);

    static double At(ScoreRule rule, int position) => rule.Positions?[position] ?? position;

    static double Capped(double score, double cap) => cap > 0 ? cap * Math.Tanh(score / cap) : score;

    [Fact]
    public void A_query_does_not_depend_on_the_queries_beside_it() => Cases.Select(AllRules).Sample((sizes, rule) =>
    {
        var (tokens, headDim, seed) = sizes;
        float[] q = Values(tokens * headDim, seed), k = Values(tokens * headDim, seed + 1), v = Values(tokens * headDim, seed + 2);
        Assert.Equal(Head(q, k, v, tokens, headDim, tile: 4, rule), Head(q, k, v, tokens, headDim, tile: 1, rule));
    }, iter: 200);

    /// <summary>More keys than one run of the weighted sum: the first output, which sees one key, is that key's value.</summary>
    [Fact]
    public void Long_prompts_cross_the_run_length()
    {
        const int tokens = 600, headDim = 8;
        float[] q = Values(tokens * headDim, 1), k = Values(tokens * headDim, 2), ones = [.. Enumerable.Repeat(1f, tokens * headDim)];
        float[] z = Head(q, k, ones, tokens, headDim, tile: 4, Plain);
        Assert.All(z, value => Assert.Equal(1, value, 2e-6));
    }

    static double Dot(float[] a, int i, float[] b, int j, int n) =>
        Enumerable.Range(0, n).Sum(d => (double)a[i * n + d] * b[j * n + d]);

    static float[] Head(float[] q, float[] k, float[] v, int tokens, int headDim, int tile, ScoreRule rule)
    {
        int keyStride = (tokens + 15) / 16 * 16, valueStride = (headDim + 15) / 16 * 16;
        float[] keys = new float[headDim * keyStride], values = new float[tokens * valueStride], z = new float[tokens * headDim];
        float[] scores = new float[4 * keyStride], sum = new float[valueStride];
        for (int j = 0; j < tokens; j++)
        {
            for (int d = 0; d < headDim; d++)
            {
                keys[d * keyStride + j] = k[j * headDim + d];
                values[j * valueStride + d] = v[j * headDim + d];
            }
        }
        fixed (float* pq = q, pk = keys, pv = values, ps = scores, pm = sum, pz = z)
            for (int i = 0; i < tokens; i += tile)
                Attention.Attend(
                    pq + i * headDim, headDim, Math.Min(tile, tokens - i), i, pk, keyStride, pv, valueStride, headDim, rule, ps, pm,
                    pz + i * headDim, headDim);
        return z;
    }

    static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 4 - 2))];
    }
}
