using System.Text.Json;
using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Statistics;

public sealed class BootstrapGoldenTests
{
    [Fact]
    public void Every_entry_of_given_resamples_equals_the_reference()
    {
        foreach (var entry in GoldenFigures.Entries("bootstrap.json"))
        {
            Func<double[], double> statistic = entry.What() switch
            {
                var what when what.StartsWith("bootstrap of the mean from the given resamples", StringComparison.Ordinal) => PairwiseMean,
                var what when what.StartsWith("bootstrap of the median from the given resamples", StringComparison.Ordinal) => Median,
                var unknown => throw new InvalidOperationException($"No estimator for '{unknown}'."),
            };
            // The reference counts as ties the resampled values that are equal to the bit; summed in its order, so do we.
            GoldenFigures.Equal(entry, Fields(Given(entry, statistic, tieWidth: 0)));
        }
    }

    [Fact]
    public void Resampled_means_that_differ_by_rounding_alone_tie_with_the_mean()
    {
        var entry = GoldenFigures.Entries("bootstrap.json").Single(e => e.Input("name").GetString() == "ties-10" && e.What().Contains("mean", StringComparison.Ordinal));
        // 116 of 200 half counts lie below; the reference, whose sums are rounded, misses one tie and has 116.5. Same interval.
        Assert.Equal(0.20189347914185077, Given(entry, PairwiseMean, 1e-12).Bca.Defined().Bias, 1e-12);
        Assert.Equal(0.20829325229022513, Given(entry, PairwiseMean, 0).Bca.Defined().Bias, 1e-12);
        var means = Resamples(entry).Select(PairwiseMean).ToArray();
        var ours = BcaBootstrap.FromMeans(entry.Input("x").Doubles(), means).Defined();
        Assert.Equal(0.20189347914185077, ours.Bias, 1e-12);
        Assert.Equal(entry.GetProperty("value").GetProperty("bca95").Doubles(), ours.Interval.Ends(), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    static BootstrapEstimate Given(JsonElement entry, Func<double[], double> statistic, double tieWidth)
    {
        double[] x = entry.Input("x").Doubles(), without = [.. x.Select((_, i) => statistic([.. x.Where((_, j) => j != i)]))];
        return Bootstrap.FromReplicates(x.Length, statistic(x), [.. Resamples(entry).Select(statistic)], without, tieWidth).Defined();
    }

    static IEnumerable<double[]> Resamples(JsonElement entry)
    {
        double[] x = entry.Input("x").Doubles();
        return entry.Input("resamples").EnumerateArray().Select(r => r.EnumerateArray().Select(i => x[i.GetInt32()]).ToArray());
    }

    static object Fields(BootstrapEstimate b) => new
    {
        estimate = b.Estimate,
        z0 = b.Bca.Defined().Bias,
        acceleration = b.Bca.Defined().Acceleration,
        alphas = new[] { b.Bca.Defined().LowLevel, b.Bca.Defined().HighLevel },
        bca95 = b.BcaInterval.Defined().Ends(),
        percentile95 = b.Percentile.Ends(),
        basic95 = b.Basic.Ends(),
        se = b.Se,
    };

    /// <summary>The mean in NumPy's order of summation for 8 to 15 values: eight sums, folded in pairs, and the rest.</summary>
    static double PairwiseMean(double[] x)
    {
        if (x.Length < 8) return x.Sum() / x.Length;
        double sum = x[0] + x[1] + (x[2] + x[3]) + (x[4] + x[5] + (x[6] + x[7]));
        foreach (double rest in x[8..]) sum += rest;
        return sum / x.Length;
    }

    static double Median(double[] x)
    {
        double[] sorted = [.. x.Order()];
        return Describe.Quantile(sorted, 0.5);
    }
}
