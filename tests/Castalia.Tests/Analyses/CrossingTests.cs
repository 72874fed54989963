using Castalia.Analyses;
using Xunit;

namespace Castalia.Tests.Analyses;

public sealed class CrossingTests
{
    /// <summary>Gains 0.7 + 0.1·H with residuals +0.01, −0.01, −0.01, +0.01, which are orthogonal to the line: the fit is the line, H* = 3.</summary>
    static readonly double[] Entropies = [1, 2, 3, 4], Gains = [0.81, 0.89, 0.99, 1.11];

    [Fact]
    public void The_line_meets_1_where_it_was_made_to_and_the_ends_solve_fiellers_equation()
    {
        var line = FittedLine.Of(Entropies, Gains).Value!.Value;
        Assert.Equal((0.1, 0.7), (Math.Round(line.Slope, 12), Math.Round(line.Intercept, 12)));
        var crossing = Crossing.Of(Entropies, Gains, line).Value!.Value;
        Assert.Equal(3, crossing.Entropy, 1e-9);
        // s² = 4·0.01²/2 = 2e-4, Sxx = 5, t(2; 0.975) = 4.302652729749464: the line is t standard errors from 1 at either end.
        foreach (double h in new[] { crossing.Interval95.Low, crossing.Interval95.High })
        {
            double distance = 0.7 + 0.1 * h - 1, se = Math.Sqrt(2e-4 * (0.25 + (h - 2.5) * (h - 2.5) / 5));
            Assert.Equal(4.302652729749464, Math.Abs(distance) / se, 1e-6);
        }
        Assert.True(crossing.Interval95.Low < 3 && 3 < crossing.Interval95.High);
        Assert.Equal(crossing.Interval95.Low < 1 || crossing.Interval95.High > 4, crossing.LeavesData);
    }

    [Fact]
    public void A_slope_that_may_be_0_has_no_crossing()
    {
        double[] gains = [1.1, 0.9, 0.9, 1.1];
        var crossing = Crossing.Of(Entropies, gains, FittedLine.Of(Entropies, gains).Value!.Value);
        Assert.Contains("slope's interval contains 0", crossing.UndefinedBecause);
    }

    [Fact]
    public void A_crossing_outside_the_data_is_not_given()
    {
        double[] gains = [1.31, 1.39, 1.49, 1.61];
        var crossing = Crossing.Of(Entropies, gains, FittedLine.Of(Entropies, gains).Value!.Value);
        Assert.Equal("the line would meet 1 at −2.00 nats, outside the 1.00 to 4.00 that were measured", crossing.UndefinedBecause);
    }

    [Fact]
    public void Over_texts_the_crossing_is_the_lines_and_its_interval_holds_it()
    {
        List<GainPoint> points = [.. Enumerable.Range(0, 60).Select(i => Samples.Point(i / 6, 0.7 + (0.1 + 0.01 * (i / 6 % 3 - 1)) * (i % 6) + 0.01 * (i / 6 % 4 - 1), i % 6))];
        var sample = Samples.Of(points, Sampling.EveryPosition);
        string[] texts = [.. points.Select(p => $"{p.Text}")];
        var line = FittedLine.Of(sample.Entropies, sample.Gains, texts).Value!.Value;
        var crossing = Crossing.Clustered(sample.Entropies, sample.Gains, line, sample.Clusters, seed: 1).Value!.Value;
        Assert.Equal((1 - line.Intercept) / line.Slope, crossing.Entropy, 1e-12);
        Assert.True(crossing.Interval95.Low < crossing.Entropy && crossing.Entropy < crossing.Interval95.High);
    }
}
