using Castalia.Kernels;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Kernels;

public sealed class NormsTests
{
    static readonly Gen<float[]> Vectors = Gen.Single[-1000, 1000].Array[1, 70];

    [Fact]
    public void Layer_norm_is_its_definition() => Vectors.Sample(x =>
    {
        float[] weight = [.. x.Select((_, i) => 0.5f + i)], bias = [.. x.Select((_, i) => -0.25f * i)], y = new float[x.Length];
        double mean = x.Average(v => (double)v), variance = x.Average(v => (v - mean) * (v - mean));
        Norms.Layer(x, weight, bias, 1e-5, y);
        for (int i = 0; i < x.Length; i++)
        {
            double expected = (x[i] - mean) / Math.Sqrt(variance + 1e-5) * weight[i] + bias[i];
            Assert.Equal(expected, y[i], 1e-6 * (Math.Abs(expected) + weight[i]));
        }
        Norms.Layer(x, weight, [], 1e-5, y);
        Assert.Equal((x[^1] - mean) / Math.Sqrt(variance + 1e-5) * weight[^1], y[^1], 1e-6 * weight[^1] * 10);
    });

    [Fact]
    public void Rms_norm_is_its_definition() => Vectors.Sample(x =>
    {
        float[] weight = [.. x.Select((_, i) => 0.5f + i)], y = new float[x.Length];
        double scale = 1 / Math.Sqrt(x.Average(v => (double)v * v) + 1e-6);
        Norms.Rms(x, weight, 1e-6, y);
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(x[i] * scale * weight[i], y[i], 1e-6 * Math.Abs(x[i] * scale * weight[i]) + 1e-30);
    });

    [Fact]
    public void Residual_sums_are_the_inner_products() =>
        Gen.Int[1, 70].SelectMany(n => Gen.Single[-9, 9].Array[n].Array[3]).Sample(v =>
        {
            var (h, a, m) = (v[0], v[1], v[2]);
            var sums = ResidualSums.Reference(h, a, m);
            Near(Dot(h, h), sums.Pre);
            Near(Dot(a, a), sums.Attn);
            Near(Dot(m, m), sums.Mlp);
            Near(Dot(a, h), sums.AttnPre);
            Near(Dot(m, h), sums.MlpPre);
            Near(Dot(a, m), sums.AttnMlp);
            Near(Dot(a, a) + 2 * Dot(a, m) + Dot(m, m), sums.Delta);
            Near(Dot(h, h) + 2 * (Dot(a, h) + Dot(m, h)) + sums.Delta, sums.Post);
        });

    static double Dot(float[] a, float[] b) => a.Zip(b, (x, y) => (double)x * y).Sum();

    static void Near(double expected, double actual) => Assert.Equal(expected, actual, 1e-9);

    [Fact]
    public void Turning_keeps_the_length_and_touches_nothing_else() =>
        Gen.Select(Gen.Single[-5, 5].Array[12], Gen.Double[-10, 10], Gen.Bool).Sample((x, angle, halfSplit) =>
        {
            float[] y = [.. x], cos = [.. Enumerable.Repeat((float)Math.Cos(angle), 4)], sin = [.. Enumerable.Repeat((float)Math.Sin(angle), 4)];
            if (halfSplit) Rope.HalfSplit(y, cos, sin);
            else Rope.Interleaved(y, cos, sin);
            Assert.Equal(x[8..], y[8..]);
            for (int i = 0; i < 4; i++)
            {
                var (p, q) = halfSplit ? (i, i + 4) : (2 * i, 2 * i + 1);
                Assert.Equal(x[p] * Math.Cos(angle) - x[q] * Math.Sin(angle), y[p], 2e-6);
                Assert.Equal(x[q] * Math.Cos(angle) + x[p] * Math.Sin(angle), y[q], 2e-6);
            }
        });
}
