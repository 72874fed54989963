using System.Runtime.InteropServices;
using Castalia.Kernels;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Kernels;

public sealed unsafe class AttentionTests
{
    static readonly Gen<(int Tokens, int HeadDim, int Seed)> Cases = Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int);

    /// <summary>Prompts that end about the edges of tiles, panels and runs; heads of every width, and those models have.</summary>
    static readonly Gen<(int Tokens, int HeadDim, int Seed)> Edges = Gen.Select(
        Gen.OneOf(Gen.Int[1, 40], Gen.Int[250, 275], Gen.Int[508, 530]), Gen.OneOf(Gen.Int[1, 40], One(48, 64, 80, 96, 128)), Gen.Int);

    static readonly ScoreRule Plain = new(0.25f, 0, int.MaxValue, 0);

    static readonly Gen<ScoreRule> Rules = Gen.Select(
        One(0.25f, 1f), One(0f, 0.5f, 0.0625f), One(int.MaxValue, 1, 2, 7, 11, 12, 13, 16, 33, 255, 256, 257, 268), One(0.0, 5.0),
        (scale, slope, window, cap) => new ScoreRule(scale, slope, window, cap));

    /// <summary>Positions that do not grow evenly, as products rounded to few bits.</summary>
    static readonly float[] Bent = [.. Enumerable.Range(0, 530).Select(j => MathF.Round(0.7f * j))];

    static readonly Gen<ScoreRule> AllRules = Gen.Select(Rules, Gen.Bool, (rule, bent) => bent ? rule with { Positions = Bent } : rule);

    static Gen<T> One<T>(params T[] of) => Gen.Int[0, of.Length - 1].Select(i => of[i]);

    /// <summary>The definition against softmax(q·k)·v written out in float64, with every rule.</summary>
    [Fact]
    public void A_head_is_softmax_of_scores_times_values() => Cases.Select(AllRules).Sample((sizes, rule) =>
    {
        var (tokens, headDim, seed) = sizes;
        float[] q = Values(tokens * headDim, seed), k = Values(tokens * headDim, seed + 1), v = Values(tokens * headDim, seed + 2);
        float[] z = Definition(q, k, v, tokens, headDim, rule);
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
    public void Every_output_has_the_bits_of_the_definition() => Gen.Select(Edges, AllRules, Gen.Int[1, 12]).Sample((sizes, rule, tile) =>
    {
        var (tokens, headDim, seed) = sizes;
        float[] q = Values(tokens * headDim, seed), k = Values(tokens * headDim, seed + 1), v = Values(tokens * headDim, seed + 2);
        AssertSame(Definition(q, k, v, tokens, headDim, rule), Head(q, k, v, tokens, headDim, tile, rule));
    }, iter: 100);

    /// <summary>Every size of window about the edges of a tile, at a width of head that has a panel beyond a pair.</summary>
    [Fact]
    public void No_window_changes_a_bit()
    {
        const int tokens = 40, headDim = 48;
        float[] q = Values(tokens * headDim, 1), k = Values(tokens * headDim, 2), v = Values(tokens * headDim, 3);
        for (int window = 1; window <= tokens + 1; window++)
        {
            var rule = Plain with { Window = window };
            AssertSame(Definition(q, k, v, tokens, headDim, rule), Head(q, k, v, tokens, headDim, tile: 12, rule));
        }
    }

    /// <summary>Values that are all 0 with either sign, and scores so far apart that all p but one are 0.</summary>
    [Fact]
    public void Zeros_keep_their_signs()
    {
        const int tokens = 300, headDim = 16;
        float[] q = Values(tokens * headDim, 1), k = Values(tokens * headDim, 2);
        float[] v = [.. Enumerable.Range(0, tokens * headDim).Select(i => i % 3 == 0 ? 0f : -0f)];
        foreach (var rule in new[] { Plain, Plain with { Scale = 1000 }, Plain with { Scale = 1000, Window = 20 } })
            AssertSame(Definition(q, k, v, tokens, headDim, rule), Head(q, k, v, tokens, headDim, tile: 12, rule));
    }

    /// <summary>A key or value that is no number is felt by the queries that see it, and by no earlier one.</summary>
    [Fact]
    public void What_a_query_does_not_see_does_not_reach_it()
    {
        const int tokens = 24, headDim = 20, bad = 13; // a tile begins at 12
        float[] q = Values(tokens * headDim, 1), k = Values(tokens * headDim, 2), v = Values(tokens * headDim, 3);
        float[] whole = Head(q, k, v, tokens, headDim, tile: 12, Plain);
        foreach (var (array, at, value) in new[] { (v, 0, float.PositiveInfinity), (v, headDim - 1, float.NaN), (k, 3, float.NaN) })
        {
            float[] was = [.. array];
            array[bad * headDim + at] = value;
            float[] z = Head(q, k, v, tokens, headDim, tile: 12, Plain);
            AssertSame(whole[..(bad * headDim)], z[..(bad * headDim)]);
            for (int i = bad; i < tokens; i++) Assert.Contains(z[(i * headDim)..((i + 1) * headDim)], x => !float.IsFinite(x));
            was.CopyTo(array, 0);
        }
    }

    [Fact]
    public void Every_vector_width_returns_the_same_bits() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 2], Gen.Int[1, 70], Gen.Bool, Gen.Int).Sample((rows, panels, count, fresh, seed) =>
        {
            int next = 16 * (count + 3), wStride = count + 5;
            const int cStride = 48;
            float[] x = Values(2 * next, seed), w = Values(12 * wStride, seed + 1), start = Values(12 * cStride, seed + 2);
            float[] expected = Run((px, pw, pc) =>
            {
                for (int panel = 0; panel < panels; panel++)
                    AttentionTile.Scalar(px + panel * next, pw, wStride, rows, count, pc + panel * 16, cStride, fresh);
            });
            Same((px, pw, pc) => AttentionTile.Accumulate(px, next, panels, pw, wStride, rows, count, pc, cStride, fresh));
            Same((px, pw, pc) =>
            {
                if (panels == 2) AttentionTile512.Wide(px, next, pw, wStride, count, pc, cStride, fresh);
                else AttentionTile512.Narrow(px, pw, wStride, count, pc, cStride, fresh);
            });
            Same((px, pw, pc) => Each(6, (row, panel) =>
                AttentionTile.Wide256(px + panel * next, pw + row * wStride, wStride, count, pc + row * cStride + panel * 16, cStride, fresh)));
            Same((px, pw, pc) => Each(3, (row, panel) =>
                AttentionTile.Wide128(px + panel * next, pw + row * wStride, wStride, count, pc + row * cStride + panel * 16, cStride, fresh)));

            void Each(int step, Action<int, int> part)
            {
                for (int panel = 0; panel < panels; panel++)
                    for (int row = 0; row < rows; row += step) part(row, panel);
            }

            void Same(Kernel kernel)
            {
                float[] c = Run(kernel);
                for (int row = 0; row < rows; row++)
                    AssertSame(expected[(row * cStride)..(row * cStride + 16 * panels)], c[(row * cStride)..(row * cStride + 16 * panels)]);
            }

            float[] Run(Kernel kernel)
            {
                float[] c = [.. start];
                fixed (float* px = x, pw = w, pc = c) kernel(px, pw, pc);
                return c;
            }
        }, iter: 200);

    delegate void Kernel(float* x, float* w, float* c);

    static double Dot(float[] a, int i, float[] b, int j, int n) =>
        Enumerable.Range(0, n).Sum(d => (double)a[i * n + d] * b[j * n + d]);

    static float[] Definition(float[] q, float[] k, float[] v, int tokens, int headDim, ScoreRule rule)
    {
        float[] z = new float[tokens * headDim];
        for (int i = 0; i < tokens; i++)
            Attention.Reference(q.AsSpan(i * headDim, headDim), i, k, v, headDim, rule, z.AsSpan(i * headDim, headDim));
        return z;
    }

    static float[] Head(float[] q, float[] k, float[] v, int tokens, int headDim, int tile, ScoreRule rule)
    {
        float[] keys = new float[PackedHead.KeysLength(tokens, headDim)], values = new float[PackedHead.ValuesLength(tokens, headDim)];
        float[] z = new float[tokens * headDim], scratch = new float[Attention.ScratchLength(tokens, headDim)];
        scratch.AsSpan().Fill(float.NaN);
        fixed (float* pq = q, pk = keys, pv = values, ps = scratch, pz = z, k0 = k, v0 = v)
        {
            var head = new PackedHead(pk, pv, tokens, headDim);
            head.PackKeys(0, tokens, k0, headDim);
            for (int t = 0; t < tokens; t++) head.PackValue(t, v0 + t * headDim);
            for (int i = 0; i < tokens; i += tile)
                Attention.Attend(pq + i * headDim, headDim, Math.Min(tile, tokens - i), i, head, rule, ps, pz + i * headDim);
        }
        return z;
    }

    static void AssertSame(float[] expected, float[] actual) =>
        Assert.Equal(MemoryMarshal.Cast<float, int>(expected).ToArray(), MemoryMarshal.Cast<float, int>(actual).ToArray());

    static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 4 - 2))];
    }
}
