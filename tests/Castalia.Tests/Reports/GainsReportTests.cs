using Castalia.Analyses;
using Castalia.Checkpoints;
using Castalia.Reports;
using Xunit;
using static Castalia.Tests.Analyses.InMemoryRuns;
using static Castalia.Tests.Reports.Snapshots;

namespace Castalia.Tests.Reports;

public sealed class GainsReportTests
{
    static readonly MeasuredModel[] Models =
    [
        Model("dampener", [0.75, 0.8, 0.83, 0.81, 0.79, 0.92], run: "20260102T030405Z-dampener"),
        Model("a-model-with-a-name-that-does-not-fit-into-a-column", [0.9, 1.4, 1.2, 2.5, 1.1, 1.3], run: "20260103T030405Z-expander"),
        Model("around-one", [0.98, 1.03, 1, 0.99, 1.01, null], run: "20260103T030405Z-expander"),
        Model("one-prompt", [1.25], run: "20260104T030405Z-one", prompts: "44556677", bos: "default"),
        Model("constant", [1.25, 1.25, 1.25], run: "20260104T030405Z-one", prompts: "44556677", bos: "default"),
    ];

    static string Page(GainGrouping by, int width) => Castalia.Reports.Pages.TerminalPrinter.Of(GainsReport.Of(GainEstimate.All(Models, by), "runs"), width);

    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void A_page_of_models_reads_as_committed(int width) => Snapshot($"gains-{width}.txt", Page(GainGrouping.Model, width));

    [Fact]
    public void A_page_of_categories_reads_as_committed() => Snapshot("gains-categories.txt", Page(GainGrouping.Category, 80));

    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void No_line_is_wider_than_the_terminal(int width) =>
        Assert.All((Page(GainGrouping.Model, width) + Page(GainGrouping.Category, width)).Split('\n'), line => Assert.True(line.Length <= width, line));

    [Fact]
    public void One_run_alone_needs_no_numbers_and_no_warning()
    {
        string page = Castalia.Reports.Pages.TerminalPrinter.Of(GainsReport.Of(GainEstimate.All([Models[0]], GainGrouping.Model), "runs"), 80);
        Assert.DoesNotContain("[1]", page);
        Assert.DoesNotContain("Not comparable", page);
        Assert.Contains("--bos none, --activation config", string.Join(' ', page.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void The_document_holds_n_interval_and_method_of_every_figure_and_why_one_is_missing()
    {
        var json = JsonText.Node(GainsDocument.Of(GainEstimate.All(Models, GainGrouping.Model), GainGrouping.Model, "runs"), AnalysisJson.Default);
        var first = json["rows"]![0]!;
        Assert.Equal(("dampener", "dampening", 6, 6), ((string)first["model"]!, (string)first["status"]!, (int)first["gain"]!["n"]!, (int)first["below_1"]!["k"]!));
        Assert.All(new[] { first["gain"]!["interval95"], first["below_1"]!["interval95"], first["t"], first["wilcoxon"], first["effect"] }, figure => Assert.NotEmpty((string)figure!["method"]!));
        Assert.True((double)first["t"]!["p"]! < (double)first["t"]!["p_holm"]!);
        var one = json["rows"]![3]!;
        Assert.Equal(("undefined", 1), ((string)one["status"]!, (int)one["prompts"]!));
        Assert.All(new[] { one["t"], one["effect"], one["gain"]!["interval95"] }, figure => Assert.NotEmpty((string)figure!["undefined_because"]!));
        Assert.Equal(["prompts", "BOS"], json["not_comparable_in"]!.AsArray().Select(respect => (string)respect!));
        Assert.Equal((3, 3), ((int)json["holm_over"]!["t"]!, json["runs"]!.AsArray().Count));
    }
}
