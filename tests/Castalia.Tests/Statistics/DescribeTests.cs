using Castalia.Statistics;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Statistics;

public sealed class DescribeTests
{
    [Fact]
    public void Degenerate_samples_say_why_a_figure_is_missing()
    {
        var none = Describe.Of([], 1);
        Assert.Equal((0, "there are no values", "there are no values"), (none.N, none.Mean.UndefinedBecause, none.Interval95.UndefinedBecause));
        var one = Describe.Of([1.1], 1);
        Assert.Equal((1.1, 1.1), (one.Mean.Value!.Value, one.Median.Value!.Value));
        Assert.Equal("n = 1 has no spread", one.Sd.UndefinedBecause);
        Assert.Equal("n = 1 cannot be resampled", one.Interval95.UndefinedBecause);
        var equal = Describe.Of([1.5, 1.5, 1.5], 1);
        Assert.Equal(0, equal.Sd.Value);
        Assert.Equal("all values are equal", equal.Interval95.UndefinedBecause);
        Assert.Equal("n = 2 is below 3", Pearson.Of([1, 2], [1, 2]).UndefinedBecause);
        Assert.Equal("one side does not vary", Pearson.Of([1, 2, 3], [0.1, 0.1, 0.1]).UndefinedBecause);
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_another_interval()
    {
        double[] x = [0.96, 0.97, 1.01, 0.92, 0.93, 0.99, 1.03];
        var first = Describe.Of(x, 1).Interval95;
        Assert.Equal(first, Describe.Of(x, 1).Interval95);
        Assert.NotEqual(first, Describe.Of(x, 2).Interval95);
    }

    [Fact]
    public void An_interval_lies_within_the_sample_and_moves_and_scales_with_it() =>
        Gen.Double[0.5, 2].Array[3, 30].Where(x => x.Max() - x.Min() > 1e-3).Sample(x =>
        {
            var i = Describe.Of(x, 7).Interval95.Value!.Value;
            const double rounding = 1e-12; // of a mean of equal values, which need not be that value
            Assert.True(x.Min() - rounding <= i.Low && i.Low <= i.High && i.High <= x.Max() + rounding);
            var moved = Describe.Of([.. x.Select(v => 3 * v + 1)], 7).Interval95.Value!.Value;
            Assert.Equal(3 * i.Low + 1, moved.Low, 1e-9);
            Assert.Equal(3 * i.High + 1, moved.High, 1e-9);
        }, iter: 20);

    [Fact]
    public void About_95_in_100_intervals_cover_the_mean_they_were_drawn_from()
    {
        var stream = new IndexStream(42);
        int covered = 0;
        for (int trial = 0; trial < 200; trial++)
        {
            double[] x = [.. Enumerable.Range(0, 25).Select(_ => stream.Below(1_000_001) / 1e6)];
            if (BcaBootstrap.OfMean(x, 1000, trial).Value!.Value.Contains(0.5)) covered++;
        }
        Assert.InRange(covered, 176, 198); // binomial(200, 0.93): the undercoverage known of n = 25
    }

    [Fact]
    public void The_index_stream_is_splitmix64_and_uniform_below_its_bound()
    {
        // First outputs of the reference implementation for seed 1234567 (Vigna, splitmix64.c).
        var stream = new IndexStream(1234567);
        Assert.Equal([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL], [stream.Next(), stream.Next(), stream.Next()]);
        int[] counts = new int[7];
        for (int i = 0; i < 70_000; i++) counts[stream.Below(7)]++;
        Assert.All(counts, c => Assert.InRange(c, 9_500, 10_500));
    }

    [Fact]
    public void The_status_is_where_one_lies_against_the_interval()
    {
        Assert.Equal(GainStatus.Expansion, GainStatuses.Of(Figure<Interval>.Of(new(1.0000001, 1.2))));
        Assert.Equal(GainStatus.Neutral, GainStatuses.Of(Figure<Interval>.Of(new(1, 1.2))));
        Assert.Equal(GainStatus.Neutral, GainStatuses.Of(Figure<Interval>.Of(new(0.9, 1))));
        Assert.Equal(GainStatus.Dampening, GainStatuses.Of(Figure<Interval>.Of(new(0.8, 0.9999999))));
        Assert.Equal(GainStatus.Undefined, GainStatuses.Of(Figure<Interval>.Undefined("n = 1 cannot be resampled")));
    }
}
