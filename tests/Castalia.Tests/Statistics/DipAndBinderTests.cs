using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Statistics;

/// <summary>The dip test against what its authors and R's diptest publish, Binder's cumulant against its limits.</summary>
public sealed class DipAndBinderTests
{
    /// <summary>Quality of 63 statistics departments, the example of Hartigan and Hartigan 1985.</summary>
    static readonly double[] s_departments =
    [
        30, 33, 35, 36, 37, 37, 39, 39, 39, 39, 39, 40, 40, 40, 40, 41, 42, 43, 43, 43, 44, 44, 45, 45, 46, 46, 47, 47, 48, 48, 48, 49, 50, 50, 51, 52, 52, 53, 53, 53, 53, 53, 54, 54,
        57, 57, 59, 60, 60, 60, 61, 61, 61, 61, 62, 62, 62, 62, 63, 66, 70, 72, 72,
    ];

    [Fact]
    public void The_dip_of_the_departments_is_the_published_one()
    {
        var test = HartiganDip.Of(s_departments, seed: 1).Value!.Value;
        Assert.Equal(7.5 / 126, test.Dip, 1e-12);
        Assert.Equal((39, 54), (test.ModeLow, test.ModeHigh));
        Assert.InRange(test.P, 0.075, 0.1); // of 10,000 uniform samples, scattering by 0.003 from seed to seed
    }

    [Theory]
    [InlineData(0.25, new double[] { 1, 1, 2, 2 })]
    [InlineData(0.125, new double[] { 0, 1, 3, 6 })]
    [InlineData(0.125, new double[] { 0, -1, -3, -6 })]
    [InlineData(4 / 30.0, new double[] { 0, 2, 3, 5, 6 })]
    [InlineData(4 / 30.0, new double[] { 6, 4, 3, 1, 0 })]
    [InlineData(0.05, new double[] { 1, 2, 2, 2, 2, 2, 2, 2, 2, 2 })]
    public void Small_dips_are_those_of_diptest(double expected, double[] values)
    {
        Array.Sort(values);
        Assert.Equal(expected, HartiganDip.Statistic(values).Dip, 1e-14);
    }

    [Fact]
    public void A_dip_does_not_depend_on_scale_place_or_direction()
    {
        var random = new Random(7);
        for (int n = 4; n < 60; n++)
        {
            double[] x = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble() + (random.Next(2) == 0 ? 2 : 0)).Order()];
            double dip = HartiganDip.Statistic(x).Dip;
            Assert.InRange(dip, 0.5 / n, 0.25);
            Assert.Equal(dip, HartiganDip.Statistic([.. x.Select(value => 8 * value - 3)]).Dip, 1e-9);
            Assert.Equal(dip, HartiganDip.Statistic([.. x.Select(value => -value).Order()]).Dip, 1e-9);
        }
    }

    [Fact]
    public void Two_modes_are_found_and_one_is_not()
    {
        var random = new Random(3);
        double[] uniform = [.. Enumerable.Range(0, 100).Select(_ => random.NextDouble())];
        Assert.True(HartiganDip.Of([.. uniform.Select((x, i) => i % 2 == 0 ? x : x + 2)], 1, 500).Value!.Value.P < 0.01);
        Assert.True(HartiganDip.Of(uniform, 1, 500).Value!.Value.P > 0.05);
    }

    [Fact]
    public void Too_few_or_equal_values_have_no_dip()
    {
        Assert.Contains("n = 3", HartiganDip.Of([1, 2, 3], 1).UndefinedBecause, StringComparison.Ordinal);
        Assert.Equal("all values are equal", HartiganDip.Of([1, 1, 1, 1], 1).UndefinedBecause);
    }

    [Fact]
    public void Binders_cumulant_has_its_limits()
    {
        Assert.Equal(2 / 3.0, BinderCumulant.Of([1, -1, 1, -1]).Value!.Value.Cumulant, 1e-15);
        Assert.Equal(2 / 3.0, BinderCumulant.Of([5, 5, 5]).Value!.Value.Cumulant, 1e-15);
        Assert.Equal(1 - 4 * 82 / 3.0 / 100, BinderCumulant.Of([1, 3, 0, 0]).Value!.Value.Cumulant, 1e-14); // Σc² = 10, Σc⁴ = 82
        double[] normal = [.. Enumerable.Range(0, 4000).Select(i => Castalia.Untrained.NormalDeviates.At(5, i))];
        Assert.InRange(BinderCumulant.Of(normal).Value!.Value.Cumulant, -0.05, 0.05);
        var shifted = BinderCumulant.Of([.. normal.Select(c => 1 + 0.3 * c)]).Value!.Value;
        Assert.InRange(shifted.Difference, -0.01, 0.01);
        Assert.InRange(shifted.Cumulant, 0.5, 0.67);
        Assert.Equal(shifted.Cumulant, BinderCumulant.Of([.. normal.Select(c => 1e-200 * (1 + 0.3 * c))]).Value!.Value.Cumulant, 1e-12);
    }

    [Fact]
    public void Its_interval_holds_it_and_keeps_its_bits()
    {
        double[] values = [.. Enumerable.Range(0, 30).Select(i => Castalia.Untrained.NormalDeviates.At(9, i) - 0.5)];
        var interval = BinderCumulant.Interval(values, 1, 500).Value!.Value;
        Assert.Equal(BinderCumulant.Of(values).Value!.Value.Cumulant, interval.Estimate, 1e-12);
        Assert.True(interval.BcaInterval.Value!.Value.Contains(interval.Estimate));
        Assert.Equal(interval, BinderCumulant.Interval(values, 1, 500).Value!.Value);
        Assert.Equal(BinderCumulant.Of(values).Value!.Value.Difference, BinderCumulant.DifferenceInterval(values, 1, 500).Value!.Value.Estimate, 1e-12);
    }
}
