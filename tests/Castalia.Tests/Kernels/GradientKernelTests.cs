using Castalia.Forward;
using Castalia.Kernels;
using Xunit;

namespace Castalia.Tests.Kernels;

/// <summary>Kernels that only derivatives use.</summary>
public sealed unsafe class GradientKernelTests
{
    static float[] Random(int seed, int count) => [.. new Random(seed) is var random ? Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5)) : []];

    [Theory]
    [InlineData(1, 1, 16, false)]
    [InlineData(6, 7, 32, true)]
    [InlineData(13, 40, 48, false)]
    [InlineData(20, 33, 80, true)]
    [InlineData(8, 9, 64, false)]
    [InlineData(27, 5, 144, true)]
    [InlineData(10, 1, 112, true)]
    [InlineData(17, 17, 208, false)]
    [InlineData(11, 6, 144, false)]
    public void Every_entry_is_one_chain(int rows, int depth, int columns, bool add)
    {
        float[] a = Random(1, rows * depth), across = new float[a.Length], b = Random(2, depth * columns), c = Random(3, rows * columns), other = [.. c], before = [.. c];
        for (int i = 0; i < rows; i++)
            for (int k = 0; k < depth; k++) across[k * rows + i] = a[i * depth + k];
        fixed (float* pa = a, pt = across, pb = b, pc = c, po = other)
        {
            PlainMatMul.Run(pa, depth, 1, pb, columns, pc, columns, rows, depth, columns, add);
            PlainMatMul.Run(pt, 1, rows, pb, columns, po, columns, rows, depth, columns, add);
        }
        Assert.Equal(c, other);
        for (int i = 0; i < rows; i++)
            for (int j = 0; j < columns; j++)
            {
                float sum = add ? before[i * columns + j] : 0;
                for (int k = 0; k < depth; k++) sum = MathF.FusedMultiplyAdd(a[i * depth + k], b[k * columns + j], sum);
                Assert.Equal(sum, c[i * columns + j]);
            }
    }

    [Theory]
    [InlineData(32, 0, 31)]
    [InlineData(48, 5, 29)]
    [InlineData(16, 3, 3)]
    public void A_pattern_is_a_softmax_and_its_slope_that_of_one(int columns, int first, int last)
    {
        float[] scores = Random(1, columns), pattern = [.. scores], by = Random(2, columns), slope = [.. by];
        const float scale = 3.5f;
        fixed (float* p = pattern, d = slope)
        {
            SoftmaxRows.Forward(p, columns, first, last, scale);
            SoftmaxRows.Backward(p, d, columns, scale);
        }
        double total = Enumerable.Range(first, last - first + 1).Sum(i => Math.Exp((double)scale * scores[i]));
        double[] expected = [.. scores.Select((x, i) => i >= first && i <= last ? Math.Exp((double)scale * x) / total : 0)];
        double mean = expected.Zip(by, (p, d) => p * d).Sum();
        for (int i = 0; i < columns; i++)
        {
            Assert.Equal(expected[i], pattern[i], 1e-6);
            Assert.Equal(scale * expected[i] * (by[i] - mean), slope[i], 2e-6);
        }
    }

    static readonly (Func<double, double> Function, Func<float[], float[]> Slope, string Name)[] s_slopes =
    [
        (x => x * 0.5 * (1 + Erf(x / Math.Sqrt(2))), Of<GeluErfSlope>, "gelu"),
        (x => x / (1 + Math.Exp(-2 * Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))), Of<GeluTanhSlope>, "gelu tanh"),
        (x => x / (1 + Math.Exp(-x)), Of<SiluSlope>, "silu"),
        (x => x / (1 + Math.Exp(-1.702 * x)), Of<QuickGeluSlope>, "quick gelu"),
        (x => Math.Max(x, 0), Of<ReluSlope>, "relu"),
        (x => Math.Max(x, 0) * Math.Max(x, 0), Of<SquaredReluSlope>, "squared relu"),
    ];

    static double Erf(double x) => MathNet.Numerics.SpecialFunctions.Erf(x);

    static float[] Of<TSlope>(float[] x) where TSlope : ILaneFunction
    {
        float[] y = [.. x];
        Elementwise.Apply<TSlope>(y);
        return y;
    }

    /// <summary>Together with its slope a function has the bits it has alone, in whole vectors and in what is left.</summary>
    [Fact]
    public void A_pair_is_the_function_and_the_slope()
    {
        float[] x = [.. Random(1, 45).Select(value => 8 * value)];
        Same<GeluErfPair, GeluErf, GeluErfSlope>();
        Same<LanePair<Silu, SiluSlope>, Silu, SiluSlope>();

        void Same<TPair, TFunction, TSlope>()
            where TPair : ILanePair
            where TFunction : ILaneFunction
            where TSlope : ILaneFunction
        {
            float[] value = [.. x], slope = new float[x.Length];
            Elementwise.ApplyBoth<TPair>(value, slope);
            Assert.Equal(Of<TFunction>(x), value);
            Assert.Equal(Of<TSlope>(x), slope);
        }
    }

    /// <summary>A gate's products, of whole vectors and of what is left.</summary>
    [Fact]
    public void A_gate_gives_its_product_and_both_derivatives()
    {
        float[] f = Random(1, 37), slope = Random(2, 37), up = Random(3, 37), value = [.. f], byUp = [.. slope], byGate = [.. up];
        Elementwise.Gate(value, byUp, byGate);
        for (int i = 0; i < f.Length; i++) Assert.Equal((f[i] * up[i], f[i], slope[i] * up[i]), (value[i], byUp[i], byGate[i]));
    }

    [Theory]
    [InlineData(16, 0, 15)]
    [InlineData(48, 7, 40)]
    public void A_pattern_is_computed_again_to_the_bit(int columns, int first, int last)
    {
        float[] once = Random(1, columns), again = [.. once];
        fixed (float* p = once, q = again)
        {
            var (largest, share) = SoftmaxRows.Forward(p, columns, first, last, 3.5f);
            SoftmaxRows.Again(q, columns, first, last, 3.5f, largest, share);
        }
        Assert.Equal(once, again);
    }

    [Fact]
    public void Slopes_are_those_of_the_functions()
    {
        float[] x = [.. Enumerable.Range(-120, 241).Where(i => i != 0).Select(i => i / 12f), -300, 300, -3e7f, 3e7f];
        foreach (var (function, slope, name) in s_slopes)
        {
            float[] found = slope(x);
            for (int i = 0; i < x.Length; i++)
            {
                double step = 1e-4 * Math.Max(1, Math.Abs(x[i])), expected = (function(x[i] + step) - function(x[i] - step)) / (2 * step);
                Assert.True(Math.Abs(expected - found[i]) <= 3e-6 * Math.Max(1, Math.Abs(expected)), $"{name} at {x[i]}: {found[i]} for {expected}");
            }
            Assert.True(float.IsNaN(slope([float.NaN])[0]), name);
        }
    }
}
