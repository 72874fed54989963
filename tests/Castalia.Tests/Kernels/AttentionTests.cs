using Castalia.Kernels;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Kernels;

public sealed unsafe class AttentionTests
{
    static readonly Gen<(int Tokens, int HeadDim, int Seed)> Cases = Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int);

    /// <summary>Against softmax(q·k)·v written out in float64.</summary>
    [Fact]
    public void A_head_is_softmax_of_scores_times_values() => Cases.Sample((tokens, headDim, seed) =>
    {
        float[] q = Values(tokens * headDim, seed), k = Values(tokens * headDim, seed + 1), v = Values(tokens * headDim, seed + 2);
        float[] z = Head(q, k, v, tokens, headDim, tile: 4);
        for (int i = 0; i < tokens; i++)
        {
            double[] score = [.. Enumerable.Range(0, i + 1).Select(j => 0.25 * Dot(q, i, k, j, headDim))];
            double[] p = [.. score.Select(s => Math.Exp(s - score.Max()))];
            for (int d = 0; d < headDim; d++)
            {
                double expected = Enumerable.Range(0, i + 1).Sum(j => p[j] * v[j * headDim + d]) / p.Sum();
                Assert.Equal(expected, z[i * headDim + d], 1e-5);
            }
        }
    }, iter: 200);

    [Fact]
    public void A_query_does_not_depend_on_the_queries_beside_it() => Cases.Sample((tokens, headDim, seed) =>
    {
        float[] q = Values(tokens * headDim, seed), k = Values(tokens * headDim, seed + 1), v = Values(tokens * headDim, seed + 2);
        Assert.Equal(Head(q, k, v, tokens, headDim, tile: 4), Head(q, k, v, tokens, headDim, tile: 1));
    }, iter: 200);

    /// <summary>More keys than one run of the weighted sum: the first output, which sees one key, is that key's value.</summary>
    [Fact]
    public void Long_prompts_cross_the_run_length()
    {
        const int tokens = 600, headDim = 8;
        float[] q = Values(tokens * headDim, 1), k = Values(tokens * headDim, 2), ones = [.. Enumerable.Repeat(1f, tokens * headDim)];
        float[] z = Head(q, k, ones, tokens, headDim, tile: 4);
        Assert.All(z, value => Assert.Equal(1, value, 2e-6));
    }

    static double Dot(float[] a, int i, float[] b, int j, int n) =>
        Enumerable.Range(0, n).Sum(d => (double)a[i * n + d] * b[j * n + d]);

    static float[] Head(float[] q, float[] k, float[] v, int tokens, int headDim, int tile)
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
                    pq + i * headDim, headDim, Math.Min(tile, tokens - i), i, pk, keyStride, pv, valueStride, headDim, 0.25f, ps, pm,
                    pz + i * headDim, headDim);
        return z;
    }

    static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 4 - 2))];
    }
}
