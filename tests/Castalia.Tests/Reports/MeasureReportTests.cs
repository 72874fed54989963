using Castalia.Reports;
using Castalia.Runs;
using Castalia.Tests.Runs;
using Xunit;
using static Castalia.Tests.Reports.Snapshots;

namespace Castalia.Tests.Reports;

public sealed class MeasureReportTests
{
    [Fact]
    public void A_model_page_reads_as_committed() =>
        Snapshot("measure-model.txt", MeasureReport.OfModel(HandBuilt.TenPrompts(), HandBuilt.Run(HandBuilt.TenPrompts()), 80));

    [Fact]
    public void A_page_of_one_prompt_says_what_it_cannot_say()
    {
        var model = HandBuilt.Model("one", [("a category with a very long name that must not push the table out", HandBuilt.Readings(1, 1, 0, parallel: true))], 1);
        Snapshot("measure-one-prompt.txt", MeasureReport.OfModel(model, HandBuilt.Run(model), 80));
    }

    [Fact]
    public void A_comparison_of_models_reads_as_committed()
    {
        var trained = HandBuilt.Run(HandBuilt.TenPrompts("tiny"), HandBuilt.TenPrompts("deeper-and-with-a-name-that-is-too-long", layers: 12));
        var untrained = trained with { Models = [.. trained.Models.Select(m => m with { TheoreticalGain = 1.118 })] };
        Snapshot("measure-comparison.txt", MeasureReport.OfComparison(trained, 80) + "\n" + MeasureReport.OfComparison(untrained, 80));
    }

    [Fact]
    public void Charts_read_as_committed() => Snapshot("depth-chart.txt", string.Join('\n',
        DepthChart.Of([1.5, 1.2, 1.1, 1.05, null, 1.0, 0.9, 0.8], 80),
        DepthChart.Of([100, 10, 1, 0.1], 80),
        DepthChart.Of([1, 1, 1], 80),
        DepthChart.Of([null], 80),
        DepthChart.Of([.. Enumerable.Range(0, 160).Select(i => (double?)(1 + i / 160.0))], 80)));

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void No_line_is_wider_than_the_terminal(int width)
    {
        var run = HandBuilt.Run(HandBuilt.TenPrompts("a-rather-long-name-of-a-checkpoint/with-its-folder-before-it-to-tell-it-apart", 60), HandBuilt.TenPrompts("b", 200));
        string text = MeasureReport.OfModel(run.Models[0], run, width) + MeasureReport.OfModel(run.Models[1], run, width) + MeasureReport.OfComparison(run, width);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= width, line));
        Assert.DoesNotContain('\e', text);
    }

    [Theory]
    [InlineData(0.12345, "0.123")]
    [InlineData(-0.5, "-0.500")]
    [InlineData(12.345, "12.35")]
    [InlineData(123.45, "123.5")]
    [InlineData(1234.5, "1235")]
    [InlineData(123456, "1.23E+5")]
    public void Numbers_keep_about_four_digits(double value, string text) => Assert.Equal(text, Figures.Real(value));
}
