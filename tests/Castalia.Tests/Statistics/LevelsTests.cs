using Castalia.Statistics;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Statistics;

/// <summary>Equivalence of levels, trends over them, and where their means pass a height.</summary>
public sealed class LevelsTests
{
    static readonly double[][] s_flat = [[1.10, 1.21, 1.17, 1.14], [1.11, 1.20, 1.19, 1.14], [1.12, 1.19, 1.16, 1.15]];

    /// <summary>The p of two levels is the larger of two one-sided t tests, of the pairs the largest.</summary>
    [Fact]
    public void Equivalence_is_the_larger_of_two_t_tests_and_the_largest_of_the_pairs()
    {
        const double Margin = 0.02;
        double worst = 0;
        foreach (var (first, second) in new[] { (0, 1), (0, 2), (1, 2) })
        {
            double[] differences = [.. s_flat[second].Zip(s_flat[first], (b, a) => b - a)];
            double p = Math.Max(OneSampleT.Of(differences, -Margin).Defined().PGreater, OneSampleT.Of(differences, Margin).Defined().PLess);
            var pair = PairedEquivalence.Of(BlockAnovaTests.Design([s_flat[first], s_flat[second]]), Margin).Defined();
            Assert.Equal(p, pair.Test.P, 1e-12);
            Assert.Equal(differences.Average(), pair.Difference, 1e-12);
            Assert.Equal(p < 0.05, pair.Test.Interval90.Low > -Margin && pair.Test.Interval90.High < Margin);
            worst = Math.Max(worst, p);
        }
        var all = PairedEquivalence.Of(BlockAnovaTests.Design(s_flat), Margin).Defined();
        Assert.Equal(worst, all.Test.P, 1e-12);
        Assert.Equal((3, 4), (all.Pairs, all.Blocks));
        Assert.Equal("level 1 minus 0: the bound is 0, not above 0", PairedEquivalence.Of(BlockAnovaTests.Design(s_flat), 0).UndefinedBecause);
        Assert.Equal("level 1 minus 0: all values are equal", PairedEquivalence.Of(BlockAnovaTests.Design([[1, 2], [1, 2]]), 0.1).UndefinedBecause);
    }

    /// <summary>Page's own table (1963): the smallest L with P at most 0.05 for n blocks of k levels.</summary>
    [Theory]
    [InlineData(3, 2, 28)]
    [InlineData(3, 3, 41)]
    [InlineData(3, 4, 54)]
    [InlineData(3, 5, 66)]
    [InlineData(4, 2, 58)]
    [InlineData(4, 3, 84)]
    [InlineData(4, 4, 111)]
    [InlineData(5, 2, 103)]
    public void Critical_values_of_l_are_pages(int levels, int blocks, double critical)
    {
        double[][] ranks = [.. Enumerable.Repeat(Enumerable.Range(1, levels).Select(r => (double)r).ToArray(), blocks)];
        Assert.True(PageTrend.Exact(ranks, critical).Rising <= 0.05);
        Assert.True(PageTrend.Exact(ranks, critical - 1).Rising > 0.05);
    }

    /// <summary>The ratings of SciPy's documentation of page_trend_test: L = 133.5, p 0.0018191161948127822, which is that of untied ranks and 133.</summary>
    [Fact]
    public void The_ratings_of_scipy_have_its_l_and_untied_p()
    {
        double[][] ratings = [[3, 4, 3], [2, 2, 4], [3, 3, 5], [1, 3, 2], [2, 3, 2], [2, 4, 5], [1, 2, 4], [3, 4, 4], [2, 4, 5], [1, 3, 4]];
        var test = PageTrend.Of(ratings).Defined();
        Assert.Equal(133.5, test.L);
        Assert.Equal(0.0018191161948127822, PageTrend.Exact([.. Enumerable.Repeat(new double[] { 1, 2, 3 }, 10)], 133).Rising, 1e-15);
        Assert.InRange(test.PRising, 0.0003, 0.0018); // tied ranks vary less
        Assert.Equal(2 * test.PRising, test.PTwoSided);
    }

    /// <summary>Over all orders one by one, ties and all.</summary>
    [Fact]
    public void Exact_tails_are_those_of_all_orders() => Gen.Int[0, 3].Select(i => (double)i).Array[3].Array[2].Where(b => b.Any(x => x.Distinct().Count() > 1)).Sample(blocks =>
    {
        var test = PageTrend.Of(blocks).Defined();
        int[][] orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        double[] sums = [.. from a in orders from b in orders select L(blocks[0], a) + L(blocks[1], b)];
        Assert.Equal(sums.Count(l => l >= test.L) / 36.0, test.PRising, 1e-12);
        Assert.Equal(sums.Count(l => l <= test.L) / 36.0, test.PFalling, 1e-12);

        static double L(double[] block, int[] order) => order.Select((from, place) => (place + 1) * Rank(block, from)).Sum();
        static double Rank(double[] block, int i) => 0.5 + block.Count(x => x < block[i]) + block.Count(x => x == block[i]) / 2.0;
    }, iter: 100);

    [Fact]
    public void A_trend_is_the_mean_of_the_blocks_slopes()
    {
        double[] levels = [0.001, 0.01, 0.1, 1];
        double[] slopes = [0.2, 0.3, 0.25, 0.28, 0.22];
        double[][] cells = [.. levels.Select(level => slopes.Select((slope, seed) => 1 + 0.1 * seed + slope * Math.Log10(level)).ToArray())];
        var trend = BlockTrend.Of(BlockAnovaTests.Design(cells, levels), LevelScale.Log).Defined();
        var t = OneSampleT.Of(slopes, 0).Defined();
        Assert.Equal(0.25, trend.Slope, 1e-12);
        Assert.Equal(t.T, trend.Test.Defined().T, 1e-9);
        Assert.Equal((4, 5, true), (trend.Levels, trend.Blocks, trend.IsMonotone));
        Assert.Equal(0.75, trend.Range.Defined().Difference, 1e-12);
        Assert.Equal(150, trend.Page.Defined().L);
        Assert.Equal(Math.Pow(1 / 24.0, 5), trend.Page.Defined().PRising, 1e-18);
        Assert.Equal("the level 0 of level has no logarithm", BlockTrend.Of(BlockAnovaTests.Design(cells), LevelScale.Log).UndefinedBecause);
        cells[3][0] -= 10;
        Assert.False(BlockTrend.Of(BlockAnovaTests.Design(cells, levels), LevelScale.Linear).Defined().IsMonotone);
    }

    [Theory]
    [InlineData(0.5, new double[] { 0, 1, 2, 3 }, 0.5, 1)]
    [InlineData(2.25, new double[] { 3, 2, 1.25, 0.25 }, 1, 1)]
    [InlineData(1, new double[] { 0, 1, 2, 3 }, 1, 1)] // a level at the height itself
    [InlineData(1.5, new double[] { 0, 1, 1, 3 }, 1, 1)] // two of them
    [InlineData(double.NaN, new double[] { 0, 1, 0, 0 }, 1, 0)] // touched, not passed
    [InlineData(double.NaN, new double[] { 0, 2, 2, 0 }, 1, 2)]
    [InlineData(1.5, new double[] { 0, 2, 0, 2 }, 1, 3)]
    public void A_line_passes_a_height_where_it_changes_sides(double at, double[] y, double height, int passages) =>
        Assert.Equal((at, passages), Passage.Of([0, 1, 2, 3], y, height));

    /// <summary>Means on a line in log level pass 1 where the line does, whatever lies between; seeds that only differ by an offset of the reading move it by offset/slope.</summary>
    [Fact]
    public void A_crossing_is_found_on_the_scale_that_is_asked_for()
    {
        double[] levels = [1e-4, 1e-3, 1e-2, 1e-1], offsets = [-0.1, 0.05, 0, 0.1, -0.05];
        double[][] cells = [.. levels.Select(level => offsets.Select(offset => 1 + offset + 0.5 * (Math.Log10(level) + 2.5)).ToArray())];
        var crossing = LevelCurve.Crossing(BlockAnovaTests.Design(cells, levels), 1, LevelScale.Log, seed: 1, resamples: 2000).Defined();
        var at = crossing.At.Defined();
        Assert.Equal(Math.Pow(10, -2.5), at.Value, 1e-12);
        Assert.Equal(1, crossing.Passages);
        var offset = Bootstrap.Of(offsets, values => Describe.Mean(values), 2000, 1).Defined().Percentile; // the same draws
        Assert.Equal(-2.5 - offset.High / 0.5, Math.Log10(at.Interval95.Low), 1e-9);
        Assert.Equal(-2.5 - offset.Low / 0.5, Math.Log10(at.Interval95.High), 1e-9);
        Assert.Equal("the means do not end on the other side of 3 than they begin, but go from 0.25 to 1.75", LevelCurve.Crossing(BlockAnovaTests.Design(cells, levels), 3, LevelScale.Log, 1, 100).Defined().At.UndefinedBecause);
        Assert.Matches("^the statistic has no value in [0-9]+ of 2000 resamples$", LevelCurve.Crossing(BlockAnovaTests.Design(cells, levels), 1.70, LevelScale.Log, 1, 2000).Defined().At.UndefinedBecause);
    }

    /// <summary>A line takes eight tenths of its length; a step between two levels eight tenths of the distance between them.</summary>
    [Fact]
    public void A_width_is_that_of_the_middle_eight_tenths()
    {
        double[] levels = [1, 10, 100, 1000], offsets = [-0.1, 0.05, 0, 0.1];
        double[][] Cells(double[] means) => [.. means.Select(mean => offsets.Select((offset, seed) => mean * (1 + 0.01 * seed) + offset).ToArray())];
        Assert.Equal("the statistic is the same in every resample", LevelCurve.Width(BlockAnovaTests.Design(Cells([0, 1, 2, 3]), levels), LevelScale.Log, 1, 500).UndefinedBecause);
        double[][] line = [[0, 0.1], [1.1, 1.05], [2.2, 2], [3.3, 2.95]]; // both are lines
        line[1][1] += 1e-6;
        Assert.Equal(0.8 * 3, LevelCurve.Width(BlockAnovaTests.Design(line, levels), LevelScale.Log, 1, 500).Defined().Value, 1e-5);
        double[][] step = Cells([0, 0, 1, 1]);
        step[1][0] += 0.05; // else every resample has the same width
        var sharp = LevelCurve.Width(BlockAnovaTests.Design(step, levels), LevelScale.Log, 1, 500).Defined();
        Assert.InRange(sharp.Value, 0.75, 0.85);
        Assert.InRange(sharp.Interval95.High, sharp.Value, 0.85);
        double[][] none = [[1, 2, 3, 4], [2, 1, 4, 3], [1.1, 2, 3, 4], [1, 2.2, 3, 3.9]];
        Assert.Matches("^the statistic has no value in [0-9]+ of 500 resamples$", LevelCurve.Width(BlockAnovaTests.Design(none, levels), LevelScale.Log, 1, 500).UndefinedBecause);
    }

    /// <summary>Readings 0.8, 0.9, 1.1, 1.2: s = √(0.1/3); χ² with 3 degrees of freedom has its 2.5 % points at 0.215795 and 9.348404.</summary>
    [Fact]
    public void Seeds_spread_and_lie_on_both_sides()
    {
        double[] readings = [0.8, 0.9, 1.1, 1.2];
        var spread = SeedSpread.Of(readings, [0.01, 0.02, 0.02, 0.04], [.. readings.Select(r => new Interval(r - 0.11, r + 0.11))], 1).Defined();
        Assert.Equal(Math.Sqrt(0.1 / 3), spread.Sd, 1e-12);
        Assert.Equal(0.025, spread.WithinSe, 1e-12);
        Assert.Equal(spread.Sd / 0.025, spread.Ratio.Defined(), 1e-9);
        Assert.Equal(Math.Sqrt(0.1 / 9.348404), spread.SdInterval95.Low, 1e-7);
        Assert.Equal(Math.Sqrt(0.1 / 0.215795), spread.SdInterval95.High, 1e-6);
        Assert.Equal((1, 1), (spread.Below, spread.Above));
        Assert.Equal("interval 1 ends before it begins", SeedSpread.Of([1, 2], [0, 0], [new(2, 1), new(1, 2)], 1).UndefinedBecause);
        Assert.Equal("no seed has an error", SeedSpread.Of([1, 2], [0, 0], [new(1, 1), new(2, 2)], 1).Defined().Ratio.UndefinedBecause);
    }
}
