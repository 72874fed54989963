using Castalia.Analyses;
using Castalia.Reports.Charts;
using Castalia.Reports.Sections;
using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Reports.Sections;

public sealed class ScalingSectionTests
{
    static ScaledModel Size(long parameters, double gain, double mlp) =>
        new("run", $"m{parameters}", "f", parameters, [new(0, 0.5, 2), new(1, 1.5, mlp)], Describe.Of([gain, gain * 1.01, gain * 0.99], 1));

    [Fact]
    public void The_lines_are_the_laws_of_the_figures_that_are_drawn()
    {
        ScaledModel[] sizes = [Size(1_000, 1.1, Math.Pow(1_000, 0.3)), Size(10_000, 1.05, Math.Pow(10_000, 0.3)), Size(1_000_000, 1.2, Math.Pow(1_000_000, 0.3))];
        var chart = ScalingSection.Drawn([("f", Scaling.Of(sizes))]);
        var line = Assert.Single(chart.Series, series => series.Mark == Mark.Dashes);
        var points = Assert.Single(chart.Series, series => series.Mark == Mark.Points);
        Assert.All(line.X[0].Zip(line.Y[1]), place => Assert.Equal(Math.Pow(place.First!.Value, 0.3), place.Second!.Value, 1e-9));
        Assert.Equal([1_000, 1_000_000], new[] { line.X[0][0]!.Value, line.X[0][^1]!.Value }.Select(x => Math.Round(x)));
        Assert.Equal([.. sizes.Select(size => size.LastMlpGain.Value)], points.Y[1]);
        Assert.All(line.Y[2], share => Assert.Null(share)); // the same share of every size has no law
        Assert.Equal([0.5, 0.5, 0.5], points.Y[2]);
    }

    [Fact]
    public void Two_sizes_are_points_without_a_line()
    {
        var chart = ScalingSection.Drawn([("f", Scaling.Of([Size(1_000, 1.1, 2), Size(10_000, 1.05, 3)]))]);
        Assert.Equal([Mark.Strokes, Mark.Points], chart.Series.Select(series => series.Mark));
    }
}
