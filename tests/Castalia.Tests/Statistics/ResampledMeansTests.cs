using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Statistics;

public sealed class ResampledMeansTests
{
    static readonly double[] First = [1, 2, 3, 4, 10], Second = [5, double.NaN, 1, 0, 2];

    [Fact]
    public void Means_are_over_the_units_that_have_a_reading()
    {
        var means = ResampledMeans.Of([First, Second], 100, 1, TestContext.Current.CancellationToken);
        Assert.Equal([4.0, 2.0], means.Means);
        Assert.Equal(100, means.Count);
    }

    [Fact]
    public void A_resample_draws_the_same_units_for_every_reading_and_as_many_as_there_are()
    {
        // A reading that is 3·x + 1 of another has means that are so in every resample.
        var means = ResampledMeans.Of([First, [.. First.Select(x => 3 * x + 1)]], 500, 7, TestContext.Current.CancellationToken);
        for (int b = 0; b < means.Count; b++)
        {
            Assert.Equal(3 * means.At(b)[0] + 1, means.At(b)[1], 1e-12);
            Assert.Equal(Math.Round(5 * means.At(b)[0]), 5 * means.At(b)[0], 1e-9);
        }
    }

    [Fact]
    public void Its_percentiles_are_those_of_the_bootstrap_of_a_mean()
    {
        double[] sample = [.. Enumerable.Range(0, 40).Select(i => Math.Sqrt(i))];
        var interval = ResampledMeans.Of([sample], 10_000, 3, TestContext.Current.CancellationToken).Interval95(means => means[0]).Value!.Value;
        var bootstrap = Bootstrap.Of(sample, values => values.Average(), 10_000, 3).Value!.Value.Percentile;
        Assert.Equal(bootstrap.Low, interval.Low, 1e-9); // the same draws, summed by unit
        Assert.Equal(bootstrap.High, interval.High, 1e-9);
    }

    [Fact]
    public void A_statistic_without_a_value_or_without_spread_has_no_interval()
    {
        var means = ResampledMeans.Of([First], 1000, 1, TestContext.Current.CancellationToken);
        Assert.Contains("no value in 1000 of 1000", means.Interval95(_ => double.NaN).UndefinedBecause);
        Assert.Contains("same in every resample", means.Interval95(_ => 1).UndefinedBecause);
    }
}
