using System.Runtime.Intrinsics;
using Castalia.Kernels;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Kernels;

public sealed class ElementaryTests
{
    /// <summary>Values to 17 digits from a 40-digit computation.</summary>
    [Theory]
    [InlineData(1, 2.7182818284590452)]
    [InlineData(-1, 0.36787944117144233)]
    [InlineData(-0.5, 0.60653065971263342)]
    [InlineData(10, 22026.465794806717)]
    [InlineData(-700, 9.8596765437597708e-305)]
    [InlineData(0, 1)]
    public void Exp_is_right_at_known_points(double x, double expected) =>
        Assert.Equal(expected, Elementary.Exp(x), expected * 3e-16);

    [Theory]
    [InlineData(10000, 9.2103403719761836)]
    [InlineData(500000, 13.122363377404328)]
    [InlineData(2, 0.69314718055994531)]
    [InlineData(1, 0)]
    [InlineData(0.1, -2.3025850929940457)]
    public void Log_is_right_at_known_points(double x, double expected) =>
        Assert.Equal(expected, Elementary.Log(x), Math.Abs(expected) * 3e-16);

    [Theory]
    [InlineData(1, 0.84147098480789651, 0.54030230586813972)]
    [InlineData(100, -0.50636564110975879, 0.86231887228768393)]
    [InlineData(131071, -0.57524168375478937, -0.81798349938794908)]
    public void Sine_and_cosine_are_right_at_known_points(double x, double sin, double cos)
    {
        var actual = Elementary.SinCos(x);
        Assert.Equal(sin, actual.Sin, 4e-16);
        Assert.Equal(cos, actual.Cos, 4e-16);
    }

    [Fact]
    public void They_agree_with_the_platform_to_its_accuracy() => Gen.Double[-600, 600].Sample(x =>
    {
        Assert.Equal(Math.Exp(x), Elementary.Exp(x), Math.Exp(x) * 5e-16);
        var (sin, cos) = Elementary.SinCos(x * 1000);
        Assert.Equal(Math.Sin(x * 1000), sin, 5e-16);
        Assert.Equal(Math.Cos(x * 1000), cos, 5e-16);
        double y = Math.Exp(x);
        Assert.Equal(Math.Log(y), Elementary.Log(y), Math.Max(1e-15, Math.Abs(x) * 5e-16));
    }, iter: 20000);

    [Fact]
    public void Eight_lanes_are_eight_times_one() => Gen.Double[-700, 0].Array[8].Sample(x =>
    {
        var lanes = Elementary.ExpOfNegative(Vector512.Create(x));
        for (int i = 0; i < 8; i++) Assert.Equal(Elementary.Exp(x[i]), lanes[i]);
    });

    [Fact]
    public void Float_exp_has_the_bits_of_its_scalar_form_and_less_than_a_unit_of_error() => Gen.Single[-100, 89].Array[16].Sample(x =>
    {
        var lanes = Exponential.Of(Vector512.Create(x));
        for (int i = 0; i < 16; i++)
        {
            Assert.Equal(BitConverter.SingleToInt32Bits(Exponential.Scalar(x[i])), BitConverter.SingleToInt32Bits(lanes[i]));
            double expected = Exponential.Reference(x[i]);
            if (x[i] > -87) Assert.Equal(expected, lanes[i], Math.ScaleB(1, Math.ILogB(expected) - 23));
        }
    }, iter: 20000);
}
