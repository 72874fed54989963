using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Castalia.Kernels;
using CsCheck;
using MathNet.Numerics;
using Xunit;

namespace Castalia.Tests.Kernels;

public sealed class ActivationTests
{
    [Fact]
    public void Gelu_with_the_error_function_is_within_its_bound() => Check<GeluErf>(
        x => x * 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2)), x => 1.5e-7 * Math.Abs(x) + 1e-30);

    [Fact]
    public void Gelu_with_tanh_is_within_its_bound() => Check<GeluTanh>(GeluTanh.Reference, x => 1.3e-7 * Math.Abs(x) + 1e-30);

    [Fact]
    public void Silu_is_within_its_bound() => Check<Silu>(Silu.Reference, x => 1.8e-7 * Math.Abs(Silu.Reference(x)) + 1e-30);

    [Fact]
    public void Quick_gelu_is_within_its_bound() => Check<QuickGelu>(QuickGelu.Reference, x => 1.2e-7 * Math.Abs(x) + 1e-30);

    [Fact]
    public void Squared_relu_squares_what_is_positive() =>
        Check<SquaredRelu>(x => Math.Max(x, 0) * Math.Max(x, 0), x => 6e-8 * x * x + 1e-44);

    [Fact]
    public void A_soft_cap_is_the_hyperbolic_tangent_it_says() => Gen.Single[-400, 400].Array[1, 40].Sample(x =>
    {
        float[] y = [.. x];
        SoftCap.Apply(y, 30);
        for (int i = 0; i < x.Length; i++) Assert.Equal((float)SoftCap.Reference(x[i], 30), y[i]);
        for (int i = 0; i < x.Length; i++) Assert.Equal(30 * Math.Tanh(x[i] / 30.0), y[i], 4e-6);
    }, iter: 1000);

    [Fact]
    public void Relu_keeps_what_is_positive() => Check<Relu>(x => Math.Max(x, 0), _ => 0);

    /// <summary>Large negative inputs do not cancel: a relative bound where the absolute one says nothing.</summary>
    [Theory]
    [InlineData(-2f)]
    [InlineData(-3f)]
    [InlineData(-5f)]
    public void Gelu_keeps_its_digits_on_the_negative_side(float x)
    {
        float[] y = [x];
        Elementwise.Apply<GeluErf>(y);
        double expected = x * 0.5 * SpecialFunctions.Erfc(-x / Math.Sqrt(2));
        Assert.Equal(expected, y[0], Math.Abs(expected) * 3e-6);
    }

    [Fact]
    public void Gating_multiplies_by_the_other_half() => Gen.Select(Gen.Int[0, 70], Gen.Int).Sample((n, seed) =>
    {
        float[] gate = Values(n, seed), up = Values(n, seed + 1), alone = [.. gate];
        Elementwise.Apply<Silu>(alone);
        Elementwise.ApplyGated<Silu>(gate, up);
        for (int i = 0; i < n; i++) Assert.Equal(alone[i] * up[i], gate[i]);
    });

    [Fact]
    public void A_value_does_not_depend_on_its_place() => Gen.Select(Gen.Int[1, 70], Gen.Int).Sample((n, seed) =>
    {
        float[] x = Values(n, seed), together = [.. x];
        Elementwise.Apply<GeluErf>(together);
        for (int i = 0; i < n; i++)
        {
            float[] alone = [x[i]];
            Elementwise.Apply<GeluErf>(alone);
            Assert.Equal(BitConverter.SingleToInt32Bits(alone[0]), BitConverter.SingleToInt32Bits(together[i]));
        }
    });

    /// <summary>One hash for every machine and vector width: the runs with narrowed vectors compare with it too.</summary>
    [Fact]
    public void The_bits_are_the_same_on_every_machine()
    {
        float[] x = [.. Enumerable.Range(-4000, 8001).Select(i => i * 0.0025f)];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add<GeluErf>();
        Add<GeluTanh>();
        Add<Silu>();
        Assert.Equal("4c1190da78a4e826", Convert.ToHexStringLower(hash.GetHashAndReset())[..16]);

        void Add<TFunction>() where TFunction : ILaneFunction
        {
            float[] y = [.. x];
            Elementwise.Apply<TFunction>(y);
            hash.AppendData(MemoryMarshal.AsBytes(y.AsSpan()));
        }
    }

    static void Check<TFunction>(Func<double, double> expected, Func<double, double> bound) where TFunction : ILaneFunction =>
        Gen.Single[-12, 12].Array[1, 40].Sample(x =>
        {
            float[] y = [.. x];
            Elementwise.Apply<TFunction>(y);
            for (int i = 0; i < x.Length; i++)
                Assert.True(Math.Abs(expected(x[i]) - y[i]) <= bound(x[i]), FormattableString.Invariant($"f({x[i]}) = {y[i]}, not {expected(x[i])}"));
        }, iter: 5000);

    static float[] Values(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() * 8 - 4))];
    }
}
