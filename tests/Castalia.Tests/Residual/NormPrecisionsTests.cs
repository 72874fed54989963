using Castalia.Residual;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Residual;

public sealed class NormPrecisionsTests
{
    [Theory]
    [InlineData(1.0, 1.0)]
    [InlineData(334.9, 334.0)]
    [InlineData(335.0, 336.0)]     // a tie: to the even of 334 and 336
    [InlineData(333.0, 332.0)]
    [InlineData(3.3961775292304957e38, double.PositiveInfinity)]
    [InlineData(1e-40, 9.183549615799121e-41)]  // below 2⁻¹²⁶ the grid is 2⁻¹³³
    [InlineData(0.0, 0.0)]
    public void BFloat16_rounds_to_eight_bits_ties_to_even(double norm, double expected) =>
        Assert.Equal(expected, NormPrecision.BFloat16.Round(norm));

    /// <summary>A bfloat16 is the upper half of a float: nothing may be left in the lower half, and the error is at most half a unit.</summary>
    [Fact]
    public void BFloat16_is_the_nearest_of_its_grid() => Gen.Double[1e-30, 1e30].Sample(norm =>
    {
        double rounded = NormPrecision.BFloat16.Round(norm);
        Assert.Equal(rounded, (float)rounded);
        Assert.Equal(0, BitConverter.SingleToInt32Bits((float)rounded) & 0xFFFF);
        Assert.True(Math.Abs(rounded - norm) <= norm * Math.Pow(2, -8));
    });

    [Fact]
    public void Float16_overflows_to_infinity_and_the_gain_is_undefined()
    {
        Assert.Equal(double.PositiveInfinity, NormPrecision.Float16.Round(70000));
        var block = new BlockReading
        {
            NormPre = 70000,
            NormPost = 80000,
            NormAttnIn = 1,
            NormZ = 1,
            NormAttnOut = 1,
            NormMid = 1,
            NormMlpIn = 1,
            NormMlpPost = 1,
            NormMlpOut = 1,
            NormDelta = 1,
            AttnDotPre = 0,
            MlpDotPre = 0,
            AttnDotMlp = 0,
        };
        var prompt = new PromptReadings { Tokens = 1, Blocks = [[block]], FinalNorm = [1], Outputs = [null] };
        Assert.Null(Gains.Of(prompt, 0, ReferencePoint.Block, PositionRule.Last, NormPrecision.Float16));
        Assert.Equal(8.0 / 7, Gains.Of(prompt, 0, ReferencePoint.Block, PositionRule.Last, NormPrecision.Float32)!.Value, 1e-15);
        Assert.Null(Gains.Of(prompt, 0, ReferencePoint.Penultimate, PositionRule.Last, NormPrecision.Float32));
        Assert.Null(Gains.Of(prompt, 0, ReferencePoint.Block, PositionRule.RatioOfMeansWithoutFirst, NormPrecision.Float32));
    }
}
