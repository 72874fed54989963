using Castalia.Published;
using Castalia.Residual;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Published;

public sealed class NormGridTests
{
    static readonly Gen<(double A, double B)> Norms = Gen.Select(Gen.Double[0.5, 4000], Gen.Double[0.5, 4000]);

    [Fact]
    public void The_published_minimum_of_gpt_j_is_334_over_370()
    {
        var pair = Assert.Single(NormGrid.Pairs(334.0 / 370, NormPrecision.BFloat16));
        Assert.Equal(new NormPair(167, 185, 0, 8), pair);
        Assert.Equal(334.0 / 370, PublishedStudy.Shipped.Models.Single(m => m.Model == "GPT-J-6B").Gains().Min());
        Assert.Equal((166.5 / 185.5, 167.5 / 184.5), (pair.Ratios.Low, pair.Ratios.High));
    }

    [Theory]
    [InlineData(NormPrecision.BFloat16)]
    [InlineData(NormPrecision.Float16)]
    internal void Rounded_norms_are_found_again_and_their_interval_holds_the_unrounded_gain(NormPrecision precision) => Norms.Sample((a, b) =>
    {
        double above = precision.Round(a), below = precision.Round(b);
        var pairs = NormGrid.Pairs(above / below, precision);
        int bits = NormGrid.Bits(precision);
        var own = pairs.Single(p => p.Above == Significand(above, bits) && p.Below == Significand(below, bits));
        Assert.Equal(above / below, Math.ScaleB(own.Above, own.Exponent) / own.Below);
        Assert.True(own.Ratios.Contains(a / b), $"{a:R}/{b:R} not in {own.Ratios}");
        Assert.All(pairs, p => Assert.Equal(above / below, Math.ScaleB(p.Above, p.Exponent) / p.Below));
    });

    [Fact]
    public void Ratios_of_float32_norms_are_on_its_grid_and_not_on_a_coarser_one()
    {
        double[] ratios = [.. Enumerable.Range(0, 50).Select(i => (double)(float)(37.1 + Math.Sqrt(i)) / (float)(1.3 + Math.Cbrt(i)))];
        Assert.Equal(NormPrecision.Float32, NormGrid.Of(ratios));
        Assert.Null(NormGrid.Of([.. ratios.Select(r => r * Math.PI)]));
        Assert.Empty(NormGrid.Pairs(Math.PI, NormPrecision.Float16));
        Assert.Null(NormGrid.Of([0]));
        Assert.Null(NormGrid.Of([double.NaN]));
    }

    [Fact]
    public void The_type_that_the_data_state_is_the_one_their_ratios_tell() => Assert.All(PublishedStudy.Shipped.Models, m =>
        Assert.Equal(m.NormPrecision, NormGrid.Of([.. m.Gains(), .. m.Readings.Select(r => r.TotalAmplification)])));

    [Fact]
    public void Gpt_j_gains_within_a_step_of_1_cannot_be_told_from_it()
    {
        var prompts = GainResolution.Of(PublishedStudy.Shipped.Models.Single(m => m.Model == "GPT-J-6B"));
        Assert.Equal([233.0, 150.0, 1.0], prompts.Where(p => p.CouldBeOne).Select(p => p.Pairs.Count == 1 && p.Gain == 1 ? 1.0 : p.Pairs[0].Below));
        Assert.Equal([234.0 / 233, 151.0 / 150, 1.0], prompts.Where(p => p.CouldBeOne).Select(p => p.Gain));
        Assert.All(prompts.Where(p => p.Gain is > 1.01 or < 0.99), p => Assert.False(p.CouldBeOne));
        Assert.Equal(24, prompts.Count(p => p.Pairs.Count == 1));
        Assert.All(prompts, p => Assert.InRange(p.Step, 1.0 / 255, 1.0 / 128));
    }

    [Fact]
    public void No_block_can_be_less_against_the_stream_than_the_bound() =>
        Gen.Select(Gen.Double[0, 3], Gen.Double[-1, 1]).Sample((r, cos) =>
        {
            double gain = Math.Sqrt(Math.Max(0, 1 + 2 * r * cos + r * r));
            if (DirectionBound.Of(gain) is { } bound) Assert.True(cos <= bound + 1e-7, $"r = {r:R}, cos = {cos:R}: bound {bound:R}");
            else Assert.True(gain >= 1);
        });

    [Fact]
    public void The_bound_is_reached_and_that_of_the_mean_is_the_mean_of_bounds()
    {
        Assert.Equal(-0.6, DirectionBound.Of(0.8)!.Value, 1e-15); // r = 0.6, cos = −0.6: 1 − 0.72 + 0.36 = 0.64
        var pythia = DirectionBound.Of(PublishedStudy.Shipped.Models.Single(m => m.Model == "Pythia-6.9B"));
        Assert.Equal(-0.594, pythia.AtMean!.Value, 5e-4);
        Assert.True(pythia.OfMean > pythia.AtMean); // convex: the mean's bound would claim too much
    }

    static int Significand(double value, int bits) => (int)Math.ScaleB(value, bits - 1 - Math.ILogB(value));
}
