using Castalia.Derivatives;
using Castalia.Reports.Charts;
using Castalia.Reports.Sections;
using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Reports.Sections;

public sealed class RecoveryChartTests
{
    const double R = 0.6, Cos = -0.8;

    static double Law(double s) => Math.Sqrt(1 + 2 * (R / s) * Cos + R / s * (R / s));

    static readonly ReportedModel s_model = new("m", "run", 4, Describe.Of([1, 2], 1), GainStatus.Expansion, [new("a", null, null, [], 1, 1), new("b", null, null, [], 1, 1)]);

    static MappedPrompt Prompt(int index, double off) => new(
        index, 3, 8, Law(1) + off, R, Cos, 1, 0.5, 0.1, [1, 0.5, 0, -0.5, -1], [.. DynamicsOptions.Scales.Select(s => (double?)(Law(s) + off))], [.. DynamicsOptions.Sizes.Select(_ => new double?[] { 1.2, 1.1, 0.3, 0.9 })]);

    [Fact]
    public void The_dashed_line_is_the_law_and_the_points_are_what_was_measured()
    {
        var chart = RecoveryChart.Of(s_model, [Prompt(0, 0), Prompt(1, 0.02)], TestContext.Current.CancellationToken)!;
        var law = Assert.Single(chart.Series, series => series.Mark == Mark.Dashes);
        Assert.All(law.X[0].Zip(law.Y[0]), place => Assert.Equal(Law(place.First!.Value), place.Second!.Value, 1e-12));
        var measured = Assert.Single(chart.Series, series => series is { Mark: Mark.Points, Name: "measured" });
        Assert.Equal([0.5, 0.8, 0.9, 1, 1.1, 1.25, 2], measured.X[0]);
        Assert.All(measured.X[0].Zip(measured.Y[0]), place => Assert.Equal(Law(place.First!.Value) + 0.01, place.Second!.Value, 1e-12));
        Assert.All(measured.Y[1], off => Assert.Equal(0.01, off!.Value, 1e-12));
        var single = Assert.Single(chart.Series, series => series.Name == "prompts");
        Assert.Equal(14, single.X[0].Count);
        Assert.Equal([.. Enumerable.Repeat(0, 7), .. Enumerable.Repeat(1, 7)], single.Notes);
    }

    [Fact]
    public void However_many_prompts_there_are_a_hundred_are_drawn_one_by_one_and_all_counted()
    {
        var many = s_model with { Prompts = [.. Enumerable.Range(0, 300).Select(i => new ReportedPrompt($"{i}", null, null, [], 1, 1))] };
        var chart = RecoveryChart.Of(many, [.. Enumerable.Range(0, 300).Select(i => Prompt(i, 0.001 * i))], TestContext.Current.CancellationToken)!;
        Assert.Equal(700, Assert.Single(chart.Series, series => series.Name == "prompts").X[0].Count);
        Assert.All(chart.Data.Rows, row => Assert.Equal(300, row[1].Value));
        Assert.Contains("the first 100", chart.Caption, StringComparison.Ordinal);
    }

    [Fact]
    public void Prompts_without_a_gain_have_no_chart() =>
        Assert.Null(RecoveryChart.Of(s_model, [Prompt(0, 0) with { Gain = null }], TestContext.Current.CancellationToken));

    [Fact]
    public void Perturbations_stand_side_by_side_within_their_size()
    {
        var chart = PerturbationsChart.Of(s_model, [Prompt(0, 0), Prompt(1, 0)], TestContext.Current.CancellationToken);
        var points = chart.Series.Where(series => series.Mark == Mark.Points).ToList();
        Assert.Equal([1.2, 1.1, 0.3, 0.9], points.Select(series => series.Y[0][2]!.Value));
        double[] places = [.. points.SelectMany(series => series.X[0]).Select(place => place!.Value).Order()];
        Assert.Equal(12, places.Distinct().Count());
        Assert.All(places.Index(), place => Assert.Equal(place.Index / 4, (int)Math.Round(place.Item)));
    }
}
