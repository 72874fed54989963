using System.Text.Json;
using Castalia.Kernels;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Training;

/// <summary>A step of AdamW is PyTorch's, and every element's is its own.</summary>
public sealed class AdamWTests
{
    internal static JsonDocument Golden(string file) => JsonDocument.Parse(File.ReadAllText(Path.Combine(Shared.Repository, "tests", "golden", "training", file)));

    internal static double Uniform(ulong seed, long i)
    {
        ulong z = seed * 0x9E3779B97F4A7C15 + (ulong)i + 1;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 40) / (double)(1 << 24);
    }

    [Fact]
    public void Steps_are_those_of_the_reference()
    {
        using var golden = Golden("adamw.json");
        foreach (var setting in golden.RootElement.GetProperty("settings").EnumerateArray())
        {
            double Of(string name) => setting.GetProperty(name).GetDouble();
            const int n = 67;
            float[] p = [.. Enumerable.Range(0, n).Select(i => (float)(Uniform(1, i) - 0.5))], m = new float[n], v = new float[n];
            for (int t = 1; t <= 5; t++)
            {
                float[] g = [.. Enumerable.Range(0, n).Select(i => (float)((Uniform(1 + (ulong)t, i) - 0.5) * Math.Pow(2, i % 7 - 5)))];
                var scalars = AdamW.Scalars.Of(t, Of("rate"), setting.GetProperty("betas")[0].GetDouble(), setting.GetProperty("betas")[1].GetDouble(), Of("epsilon"), Of("decay"), 1, 1);
                AdamW.Step(scalars, p, g, m, v);
                if (t is not (1 or 5)) continue;
                double[] expected = [.. setting.GetProperty($"after_{t}").EnumerateArray().Select(x => x.GetDouble())];
                for (int i = 0; i < n; i++) Assert.Equal(expected[i], p[i], 1e-6);
            }
        }
    }

    [Fact]
    public void Vectors_have_the_bits_of_the_definition() => Gen.Select(Gen.Int[1, 70].SelectMany(n => Gen.Single[-9, 9].Array[n].Array[3]), Gen.Int[1, 2000]).Sample((v, t) =>
    {
        var scalars = AdamW.Scalars.Of(t, 3e-3, 0.9, 0.95, 1e-8, 0.1, 0.7, 4);
        float[] p = [.. v[0]], m = [.. v[2]], s = [.. v[1].Select(Math.Abs)], q = [.. p], mq = [.. m], sq = [.. s];
        AdamW.Step(scalars, p, v[1], m, s);
        for (int i = 0; i < p.Length; i++) AdamW.Reference(scalars, ref q[i], v[1][i], ref mq[i], ref sq[i]);
        Assert.Equal(q.Select(BitConverter.SingleToInt32Bits), p.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(mq.Select(BitConverter.SingleToInt32Bits), m.Select(BitConverter.SingleToInt32Bits));
        Assert.Equal(sq.Select(BitConverter.SingleToInt32Bits), s.Select(BitConverter.SingleToInt32Bits));
    });

    /// <summary>k copies of a bias, each with the whole gradient, move k times as far as one.</summary>
    [Fact]
    public void A_bias_of_many_copies_moves_as_their_sum()
    {
        float[] once = [0.25f], m = [0], v = [0], many = [0.25f], m4 = [0], v4 = [0];
        AdamW.Step(AdamW.Scalars.Of(1, 1e-2, 0.9, 0.95, 1e-8, 0, 1, 1), once, [0.5f], m, v);
        AdamW.Step(AdamW.Scalars.Of(1, 1e-2, 0.9, 0.95, 1e-8, 0, 1, 4), many, [0.5f], m4, v4);
        Assert.Equal(4 * (once[0] - 0.25), many[0] - 0.25, 1e-7);
    }
}
