using System.Runtime.InteropServices;
using Castalia.Kernels;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Kernels;

/// <summary>Operations on vectors have, at every length, the bits of their plain definition.</summary>
public sealed unsafe class VectorPathTests
{
    static readonly float[] Special = [0f, -0f, float.Epsilon, -1e-39f, 3e38f, float.PositiveInfinity, float.NegativeInfinity, float.NaN];

    /// <summary>Ordinary values, and those that arithmetic treats on their own.</summary>
    static readonly Gen<float> Value = Gen.Frequency(
        (20, Gen.Single[-9, 9]),
        (1, Gen.Int[0, Special.Length - 1].Select(i => Special[i])));

    static readonly Gen<float[][]> Vectors = Gen.Int[1, 70].SelectMany(n => Value.Array[n].Array[4]);

    [Fact]
    public void Norms() => Gen.Select(Vectors, Gen.Double[-2, 2], Gen.Double[0, 9], Gen.Bool).Sample((v, centre, factor, biased) =>
    {
        var statistics = new NormStatistics(centre, factor);
        float[] y = new float[v[0].Length];
        Castalia.Kernels.Norms.Apply(statistics, v[0], v[1], biased ? v[2] : [], y);
        AssertSame(i => Castalia.Kernels.Norms.Reference(statistics, v[0][i], v[1][i], biased ? v[2][i] : null), y);
    });

    [Fact]
    public void Sums() => Gen.Select(Vectors, Gen.Double[-2, 2]).Sample((v, centre) =>
    {
        Assert.Equal(DoubleSum.Reference(v[0]), DoubleSum.Of(v[0]));
        Assert.Equal(DoubleSum.ReferenceOfSquaresAbout(v[0], centre), DoubleSum.OfSquaresAbout(v[0], centre));
    });

    [Fact]
    public void Bounds_and_factors() => Gen.Select(Vectors, Gen.Single[0, 8], Gen.Double[-3, 3]).Sample((v, bound, factor) =>
    {
        float[] y = [.. v[0]];
        Elementwise.Clamp(y, bound);
        AssertSame(i => Math.Clamp(v[0][i], -bound, bound), y);
        y = [.. v[0]];
        Elementwise.Scale(y, factor);
        AssertSame(i => (float)(v[0][i] * factor), y);
    });

    [Fact]
    public void Turns() => Gen.Select(Vectors, Gen.Bool).Sample((v, halfSplit) =>
    {
        int half = v[0].Length / 2;
        float[] x = v[0], cos = v[1][..half], sin = v[2][..half], y = [.. x];
        if (halfSplit) Rope.HalfSplit(y, cos, sin);
        else Rope.Interleaved(y, cos, sin);
        float[] expected = [.. x];
        for (int i = 0; i < half; i++)
        {
            var (a, b) = halfSplit ? (i, half + i) : (2 * i, 2 * i + 1);
            (expected[a], expected[b]) = Rope.Turn(x[a], x[b], cos[i], sin[i]);
        }
        AssertSame(i => expected[i], y);
    });

    [Fact]
    public void Exponentials_of_a_softmax() => Gen.Single[-120, 90].Array[1, 70].Sample(x =>
    {
        float[] expected = [.. x], y = [.. x, .. Enumerable.Repeat(float.NaN, 15)];
        double sum = Softmax.Reference(expected), actual;
        fixed (float* p = y) actual = Softmax.Exponentials(p, x.Length);
        Assert.Equal(sum, actual);
        AssertSame(i => expected[i], y[..x.Length]);
    }, iter: 2000);

    /// <summary>Keys lie across panels of 16 tokens, values across panels of 16 dimensions; what is missing is 0.</summary>
    [Fact]
    public void Keys_and_values_lie_where_they_should() => Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[0, 5]).Sample((tokens, headDim, gap) =>
    {
        int stride = headDim + gap;
        float[] x = [.. Enumerable.Range(1, tokens * stride).Select(i => (float)i)];
        float[] keys = new float[PackedHead.KeysLength(tokens, headDim)], values = new float[PackedHead.ValuesLength(tokens, headDim)];
        keys.AsSpan().Fill(-1);
        values.AsSpan().Fill(-1);
        fixed (float* px = x, pk = keys, pv = values)
        {
            var head = new PackedHead(pk, pv, tokens, headDim);
            head.PackKeys(0, Math.Min(tokens, 16), px, stride);
            if (tokens > 16) head.PackKeys(16, tokens - 16, px + 16 * stride, stride);
            for (int t = 0; t < tokens; t++) head.PackValue(t, px + t * stride);
        }
        AssertSame(i =>
        {
            int token = i / (16 * headDim) * 16 + i % 16, d = i / 16 % headDim;
            return token < tokens ? x[token * stride + d] : 0;
        }, keys);
        AssertSame(i =>
        {
            int d = i / (16 * tokens) * 16 + i % 16, token = i / 16 % tokens;
            return d < headDim ? x[token * stride + d] : 0;
        }, values);
    });

    /// <summary>The same bits, but that one NaN is as good as another.</summary>
    static void AssertSame(Func<int, float> expected, float[] actual)
    {
        for (int i = 0; i < actual.Length; i++)
        {
            float e = expected(i);
            if (!(float.IsNaN(e) && float.IsNaN(actual[i])))
                Assert.Equal(BitConverter.SingleToInt32Bits(e), BitConverter.SingleToInt32Bits(actual[i]));
        }
    }
}
