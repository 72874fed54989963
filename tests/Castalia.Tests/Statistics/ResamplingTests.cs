using Castalia.Statistics;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Statistics;

public sealed class ResamplingTests
{
    static readonly double[] Sample = [0.96, 0.97, 1.01, 0.92, 0.93, 0.99, 1.03, 0.94, 1.02, 1.01, 1.4];

    [Fact]
    public void Bits_do_not_depend_on_the_number_of_threads()
    {
        double[] y = [.. Sample.Select((v, i) => v * (i % 4) - i)];
        IReadOnlyList<int>[] clusters = [[0, 1, 2], [3], [4, 5, 6, 7], [8, 9, 10]];
        foreach (int threads in new[] { 2, 3, 8 })
        {
            Assert.Equal(Bootstrap.Of(Sample, Median, 1000, 5, 1), Bootstrap.Of(Sample, Median, 1000, 5, threads));
            Assert.Equal(ClusterBootstrap.Of(clusters, MeanOfRows, 1000, 5, 1), ClusterBootstrap.Of(clusters, MeanOfRows, 1000, 5, threads));
            Assert.Equal(Permutation.PearsonP(Sample, y, 1000, 5, 1), Permutation.PearsonP(Sample, y, 1000, 5, threads));
        }
        Assert.NotEqual(Bootstrap.Of(Sample, Describe.Mean, 1000, 5), Bootstrap.Of(Sample, Describe.Mean, 1000, 6));
        Assert.NotEqual(Permutation.SpearmanP(Sample, y, 1000, 5), Permutation.SpearmanP(Sample, y, 1000, 6));
    }

    [Fact]
    public void Clusters_of_one_row_are_the_plain_bootstrap()
    {
        var plain = Bootstrap.Of(Sample, Describe.Mean, 500, 9).Defined();
        Assert.Equal(plain, ClusterBootstrap.Of([.. Enumerable.Range(0, Sample.Length).Select(i => (IReadOnlyList<int>)[i])], MeanOfRows, 500, 9).Defined());
        Assert.Equal(plain.BcaInterval.Defined().Low, BcaBootstrap.OfMean(Sample, 10_000, 9).Defined().Low, 0.01); // another stream
    }

    [Fact]
    public void Whole_clusters_are_drawn_so_their_likeness_widens_the_interval()
    {
        double[] values = [.. Enumerable.Range(0, 200).Select(i => i / 20 + 0.01 * (i % 20))];
        IReadOnlyList<int>[] clusters = [.. Enumerable.Range(0, 10).Select(c => (IReadOnlyList<int>)[.. Enumerable.Range(20 * c, 20)])];
        double Mean(ReadOnlySpan<int> rows)
        {
            double sum = 0;
            foreach (int row in rows) sum += values[row];
            return sum / rows.Length;
        }
        var clustered = ClusterBootstrap.Of(clusters, Mean, 2000, 1).Defined();
        var rows = Bootstrap.Of(values, Describe.Mean, 2000, 1).Defined();
        Assert.Equal((10, 200, rows.Estimate), (clustered.N, rows.N, clustered.Estimate));
        // The error of a mean of ten: the spread between clusters over √10, n in the variance as the bootstrap has it.
        Assert.Equal(Math.Sqrt(8.25 / 10), clustered.Se, 0.05);
        Assert.InRange(clustered.Se / rows.Se, 3.5, 5.5); // √20 for likeness close to 1
    }

    [Fact]
    public void Intervals_move_and_scale_with_the_sample() =>
        Gen.Double[0.5, 2].Array[3, 20].Where(x => x.Max() - x.Min() > 1e-3).Sample(x =>
        {
            var b = Bootstrap.Of(x, Median, 300, 7);
            var moved = Bootstrap.Of([.. x.Select(v => 4 * v + 1)], Median, 300, 7);
            Assert.Equal(4 * b.Defined().Percentile.Low + 1, moved.Defined().Percentile.Low, 1e-9);
            Assert.Equal(4 * b.Defined().Basic.High + 1, moved.Defined().Basic.High, 1e-9);
            Assert.Equal(b.Defined().Bca.Value is null, moved.Defined().Bca.Value is null);
            if (b.Defined().BcaInterval.Value is { } i) Assert.Equal(4 * i.High + 1, moved.Defined().BcaInterval.Defined().High, 1e-9);
        }, iter: 30);

    [Fact]
    public void What_cannot_be_resampled_says_why()
    {
        Assert.Equal("n = 1 cannot be resampled", Bootstrap.Of([1], Describe.Mean, 100, 1).UndefinedBecause);
        Assert.Equal("value 2 of the sample is infinite", Bootstrap.Of([1, double.PositiveInfinity], Describe.Mean, 100, 1).UndefinedBecause);
        Assert.Equal("value 1 of the sample is not a number", BcaBootstrap.OfMean([double.NaN, 1], 100, 1).UndefinedBecause);
        Assert.Equal("the statistic is the same in every resample", Bootstrap.Of([0.1, 0.1, 0.1], Describe.Mean, 100, 1).UndefinedBecause);
        Assert.Equal("the statistic has no value in the sample", Bootstrap.Of(Sample, _ => double.NaN, 100, 1).UndefinedBecause);
        // The smallest value is missing from a resample of eleven with probability (10/11)¹¹ = 0.35.
        Assert.Matches("^the statistic has no value in [0-9]+ of 100 resamples$",
            Bootstrap.Of(Sample, x => x.Contains(0.92) ? x.Average() : double.NaN, 100, 1).UndefinedBecause!);
        Assert.Equal("1 cluster cannot be resampled", ClusterBootstrap.Of([[0, 1]], MeanOfRows, 100, 1).UndefinedBecause);
        Assert.Equal("cluster 2 is empty", ClusterBootstrap.Of([[0, 1], []], MeanOfRows, 100, 1).UndefinedBecause);
        var still = Bootstrap.Of([1, 1, 1, 1, 2], Median, 1000, 1).Defined();
        Assert.Equal("the value does not move when one unit is left out, which gives no acceleration", still.BcaInterval.UndefinedBecause);
        Assert.Equal(new Interval(1, 1.0), still.Percentile with { High = 1 });
    }

    [Fact]
    public void A_few_resamples_without_a_value_are_counted_and_left_out()
    {
        // Four pairs drawn from four are one pair alone once in 64 times, and have no correlation then.
        double[] x = [1, 2, 3, 4], y = [1, 3, 2, 5];
        var r = ClusterBootstrap.Of([[0], [1], [2], [3]], rows =>
        {
            int[] drawn = rows.ToArray();
            return Pearson.Of([.. drawn.Select(i => x[i])], [.. drawn.Select(i => y[i])]).Value ?? double.NaN;
        }, 2000, 3).Defined();
        Assert.InRange(r.WithoutValue, 10, 60);
        Assert.True(r.Percentile.Low < r.Estimate && r.Estimate <= r.Percentile.High);
    }

    [Fact]
    public void All_orders_are_looked_at_up_to_eight_pairs_and_ties_count()
    {
        // The third pair must keep its place: two of six orders.
        var tied = Permutation.PearsonP([1, 1, 2], [1, 1, 2], 1, 1).Defined();
        Assert.Equal((2 / 6.0, 6L, true), (tied.P, tied.Permutations, tied.Exact));
        double[] eight = [1, 2, 3, 4, 5, 6, 7, 8];
        var line = Permutation.SpearmanP(eight, eight, 1, 1).Defined();
        Assert.Equal((2 / 40320.0, 40320L), (line.P, line.Permutations));
    }

    [Fact]
    public void Drawn_orders_count_the_observed_one_among_them()
    {
        double[] x = [.. Enumerable.Range(0, 25).Select(i => (double)i)], y = [.. x.Select(v => v * v)];
        var none = Permutation.PearsonP(x, y, 999, 1).Defined();
        Assert.Equal((0.001, 999L, false), (none.P, none.Permutations, none.Exact));
        double[] noise = [.. x.Select(v => Math.Sin(v * v))];
        var much = Permutation.PearsonP(x, noise, 20_000, 1).Defined();
        Assert.Equal(Correlation.Pearson(x, noise).Defined().P, much.P, 0.02);
    }

    static double Median(double[] x)
    {
        Array.Sort(x);
        return Describe.Quantile(x, 0.5);
    }

    static double MeanOfRows(ReadOnlySpan<int> rows)
    {
        double sum = 0;
        foreach (int row in rows) sum += Sample[row];
        return sum / rows.Length;
    }
}
