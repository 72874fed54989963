using Castalia.Untrained;
using CsCheck;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using Xunit;

namespace Castalia.Tests.Untrained;

public sealed class NormalDeviatesTests
{
    [Fact]
    public void The_quantile_undoes_the_distribution_function() => Gen.Double[-8, 8].Sample(z =>
    {
        // Lower tail only: 1 − Φ(z) keeps no digits for large z. A deviate's relative error is Φ's over z·φ(z)/Φ(z) ≥ z².
        double u = Normal.CDF(0, 1, -Math.Abs(z));
        if (u < 0.5) Assert.Equal(-Math.Abs(z), NormalDeviates.Quantile(u), 2e-13 * (1 + Math.Abs(z)));
    });

    [Theory] // Φ(x) from tables of 20 digits
    [InlineData(0.84134474606854294859, 1)]
    [InlineData(0.02275013194817920720, -2)]
    [InlineData(2.866515718791939117e-7, -5)]
    [InlineData(6.220960574271784124e-16, -8)]
    public void Known_quantiles_are_met(double u, double z) =>
        Assert.Equal(z, NormalDeviates.Quantile(u), 1e-14 * Math.Abs(z));

    [Fact]
    public void Both_halves_of_the_quantile_mirror_each_other() => Gen.Long[1, (1L << 51) - 1].Sample(k =>
        Assert.Equal(-NormalDeviates.Quantile(k / (double)(1L << 52)), NormalDeviates.Quantile(1 - k / (double)(1L << 52))));

    [Fact]
    public void The_logarithm_is_that_of_the_platform_to_an_ulp_or_two() => Gen.Double[double.Epsilon * (1L << 53), 1].Sample(x =>
        Assert.Equal(Math.Log(x), NormalDeviates.Log(x), 5e-16 * (Math.Abs(Math.Log(x)) + 1e-3)));

    [Fact]
    public void A_million_deviates_have_the_moments_of_a_normal()
    {
        ulong key = NormalDeviates.Key(7, "moments");
        var draws = new DescriptiveStatistics(Enumerable.Range(0, 1_000_000).Select(i => NormalDeviates.At(key, i)));
        Assert.Equal(0, draws.Mean, 0.004); // four standard errors each
        Assert.Equal(1, draws.Variance, 0.0057);
        Assert.Equal(0, draws.Skewness, 0.01);
        Assert.Equal(0, draws.Kurtosis, 0.02);
    }

    [Fact]
    public void Streams_of_neighbouring_names_seeds_and_indices_are_uncorrelated()
    {
        double[] Draw(ulong seed, string name, int from) =>
            [.. Enumerable.Range(from, 100_000).Select(i => NormalDeviates.At(NormalDeviates.Key(seed, name), i))];
        var one = Draw(1, "layers.0", 0);
        Assert.InRange(Correlation.Pearson(one, Draw(1, "layers.1", 0)), -0.0127, 0.0127); // four standard errors
        Assert.InRange(Correlation.Pearson(one, Draw(2, "layers.0", 0)), -0.0127, 0.0127);
        Assert.InRange(Correlation.Pearson(one, Draw(1, "layers.0", 1)), -0.0127, 0.0127);
    }

    [Fact]
    public void The_integers_are_SplitMix64s() =>
        // The first outputs of SplitMix64 from state 0, as published with it: 0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4.
        Assert.Equal(
            [(int)(0xE220A8397B1DCDAF >> 34), (int)(0x6E789E6AA1B965F4 >> 34)],
            [NormalDeviates.Below(0, 0, 1 << 30), NormalDeviates.Below(0, 1, 1 << 30)]);
}
