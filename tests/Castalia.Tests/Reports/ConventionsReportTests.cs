using System.Text.Json.Nodes;
using Castalia.Analyses;
using Castalia.Checkpoints;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Residual;
using Castalia.Runs;
using Xunit;
using static Castalia.Tests.Analyses.InMemoryRuns;
using static Castalia.Tests.Reports.Snapshots;

namespace Castalia.Tests.Reports;

public sealed class ConventionsReportTests
{
    /// <summary>Three prompts whose norms lie about 350, so that bfloat16 is coarse; one prompt has one token; nothing fits float16 after the final norm.</summary>
    static ModelConventions Conventions(string? published)
    {
        var model = Model("model", [0.9, 1, 1.1]);
        List<ConventionReading> readings = [];
        List<NormPair> norms = [];
        for (int i = 0; i < 3; i++)
        {
            foreach (var (point, _) in GoldenNames.Points)
            {
                double before = 350 + 11 * i, after = point switch { ReferencePoint.Block => 331 + 17 * i, ReferencePoint.Penultimate => 402 - 9 * i, _ => 70_000 + i };
                norms.Add(new(point, after, before));
                foreach (var (rule, _) in GoldenNames.Rules)
                {
                    bool isWithoutFirst = rule is PositionRule.MeanOfRatiosWithoutFirst or PositionRule.RatioOfMeansWithoutFirst;
                    foreach (var precision in ConventionGrid.Precisions)
                    {
                        double gain = precision.Round(after + (int)rule) / precision.Round(before);
                        readings.Add(new($"p{i}", point, rule, precision, double.IsFinite(gain) && !(i == 0 && isWithoutFirst) ? gain : null));
                    }
                }
            }
        }
        return ModelConventions.Of(model, readings, norms, published is null ? null : PublishedFigure.Of(published, null));
    }

    static string Page(ModelConventions[] models, int width) => TerminalPrinter.Of(ConventionsReport.Of(models, "runs"), width);

    static JsonObject Document(ModelConventions[] models) => JsonText.Node(ConventionsDocument.Of(models, "runs"), AnalysisJson.Default);

    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void The_whole_grid_reads_as_committed(int width) => Snapshot($"conventions-{width}.txt", Page([Conventions(null)], width));

    [Fact]
    public void What_reproduces_a_figure_reads_as_committed() => Snapshot("conventions-published.txt", Page([Conventions("0.97")], 80));

    [Fact]
    public void A_figure_that_nothing_reproduces_reads_as_committed() => Snapshot("conventions-none.txt", Page([Conventions("2.314")], 80));

    [Fact]
    public void Of_a_grid_without_a_gain_it_says_why()
    {
        var grid = ConventionGrid.Of([new("p0", ReferencePoint.Block, PositionRule.Last, NormPrecision.Float32, null)]);
        string page = Page([new(Model("model", [0.9]), grid, [], FigureMatch.Of(grid, PublishedFigure.Of("0.97", null)))], 200);
        Assert.Contains("model\n  No convention is defined.\n  – float32, bfloat16, float16 of block, last; block, first; ", page);
        Assert.Contains("undefined, because in every prompt a norm is 0.", page.ReplaceLineEndings(" ").Replace("     ", " "));
    }

    [Fact]
    public void One_model_in_two_runs_is_counted_once()
    {
        string page = string.Join(' ', Page([Conventions("0.97"), Conventions("0.97")], 80).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("All 2 grids of 1 model together: ", page);
        Assert.Contains("what matches in two of them is one finding", page);
        Assert.Equal(1, (int)Document([Conventions(null), Conventions(null)])["distinct_models"]!);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void No_line_is_wider_than_the_terminal(int width) => Assert.All(
        (Page([Conventions(null)], width) + Page([Conventions("0.97")], width)).Split('\n'),
        line => Assert.True(line.Length <= width, line));

    [Fact]
    public void The_document_has_every_cell_and_marks_those_that_match()
    {
        var json = Document([Conventions("0.97")]);
        var model = json["models"]![0]!;
        var cells = model["cells"]!.AsArray();
        Assert.Equal(54, cells.Count);
        Assert.Equal((int)model["matching"]!, cells.Count(c => (bool)c!["rounds_to_it"]!));
        Assert.Equal((int)model["defined"]!, cells.Count(c => c!["mean"] is not null));
        Assert.True((int)model["matching"]! > 0);
        Assert.All(cells, cell => Assert.True(cell!["mean"] is null != cell["undefined_because"] is null));
        Assert.Null(Document([Conventions(null)])["published"]);
    }
}
