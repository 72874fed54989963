using Castalia.Kernels;
using Xunit;

namespace Castalia.Tests.Kernels;

/// <summary>Sixteen tokens at once give each the bits it has alone.</summary>
public unsafe class StripTests
{
    [Theory]
    [InlineData(1, 16)]
    [InlineData(7, 16)]
    [InlineData(8, 32)]
    [InlineData(9, 32)]
    [InlineData(70, 32)]
    [InlineData(1023, 16)]
    public void Sums_norms_and_additions_of_a_strip_are_those_of_its_vectors(int width, int stride)
    {
        var random = new Random(width);
        float[][] h = Vectors(), a = Vectors(), m = Vectors(), y = Vectors(), z = Vectors();
        float[] weight = h[3], bias = a[5];
        fixed (float* ph = Packed(h), pa = Packed(a), pm = Packed(m), py = Packed(y), pz = Packed(z))
        {
            Strip sh = new(ph, stride, width), sa = new(pa, stride, width), sm = new(pm, stride, width);
            Strip sy = new(py, stride, width), sz = new(pz, stride, width);
            double* sums = stackalloc double[Strip.Tokens];
            StripSums.Of(sh, sums);
            Each(t => DoubleSum.Of(h[t]), sums);
            double* centres = stackalloc double[Strip.Tokens];
            for (int t = 0; t < Strip.Tokens; t++) centres[t] = t * 0.125;
            StripSums.OfSquaresAbout(sh, centres, sums);
            Each(t => DoubleSum.OfSquaresAbout(h[t], t * 0.125), sums);

            ResidualSums[] residual = new ResidualSums[13];
            StripSums.Of(sh, sa, sm, residual);
            for (int t = 0; t < residual.Length; t++) Assert.Equal(ResidualSums.Reference(h[t], a[t], m[t]), residual[t]);

            StripNorms.Statistics statistics;
            StripNorms.Layer(sh, 1e-5, &statistics);
            StripNorms.Apply(&statistics, sh, weight, bias, sy);
            Same(sy, t => Row(to => Norms.Layer(h[t], weight, bias, 1e-5, to)));
            StripNorms.Rms(sa, 1e-6, &statistics);
            StripNorms.Apply(&statistics, sa, weight, [], sy);
            Same(sy, t => Row(to => Norms.Rms(a[t], weight, 1e-6, to)));

            StripArithmetic.Add(sh, sa, sy);
            Same(sy, t => [.. h[t].Zip(a[t], (x, y) => x + y)]);
            StripArithmetic.AddBoth(sh, sa, sm, sy);
            Same(sy, t => [.. Enumerable.Range(0, width).Select(k => (float)((double)h[t][k] + a[t][k] + m[t][k]))]);
            StripArithmetic.Copy(sm, sz);
            Same(sz, t => m[t]);
            StripArithmetic.Scale(sz, 1 / 3.0);
            Same(sz, t => Row(to =>
            {
                m[t].CopyTo(to, 0);
                Elementwise.Scale(to, 1 / 3.0);
            }));
        }

        float[][] Vectors() =>
            [.. Enumerable.Range(0, Strip.Tokens).Select(_ => Enumerable.Range(0, width).Select(_ => (float)(random.NextDouble() * 8 - 4)).ToArray())];

        // What lies between the strip's rows is not to be touched.
        float[] Packed(float[][] vectors)
        {
            float[] packed = new float[width * stride];
            Array.Fill(packed, float.NaN);
            for (int t = 0; t < Strip.Tokens; t++)
                for (int k = 0; k < width; k++) packed[k * stride + t] = vectors[t][k];
            return packed;
        }

        float[] Row(Action<float[]> write)
        {
            float[] row = new float[width];
            write(row);
            return row;
        }

        void Same(Strip strip, Func<int, float[]> expected)
        {
            for (int t = 0; t < Strip.Tokens; t++)
            {
                float[] row = expected(t);
                for (int k = 0; k < width; k++) Assert.Equal(row[k], strip.Data[k * stride + t]);
            }
            for (int k = 0; k < width; k++)
                for (int t = Strip.Tokens; t < stride; t++) Assert.True(float.IsNaN(strip.Data[k * stride + t]));
        }

        static void Each(Func<int, double> expected, double* sums)
        {
            for (int t = 0; t < Strip.Tokens; t++) Assert.Equal(expected(t), sums[t]);
        }
    }

    [Fact]
    public void Strips_of_different_widths_are_refused()
    {
        float[] values = new float[16 * 8];
        fixed (float* p = values)
        {
            float* at = p;
            Assert.Throws<ArgumentException>(() => StripArithmetic.Add(new(at, 16, 8), new(at, 16, 7), new(at, 16, 8)));
            Assert.Throws<ArgumentException>(() => StripSums.Of(new(at, 16, 8), new(at, 16, 8), new(at, 16, 7), new ResidualSums[1]));
        }
    }
}
