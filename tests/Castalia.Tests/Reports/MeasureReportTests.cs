using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Runs;
using Castalia.Tests.Runs;
using Castalia.Tokens;
using Castalia.Wording;
using Xunit;
using static Castalia.Tests.Reports.Snapshots;

namespace Castalia.Tests.Reports;

public sealed class MeasureReportTests
{
    static string Page(ModelRun model, Run run) => TerminalPrinter.Of(MeasureReport.OfModel(model, run), 80);

    [Fact]
    public void A_model_page_reads_as_committed()
    {
        var run = HandBuilt.Run(HandBuilt.TenPrompts());
        Snapshot("measure-model.txt", Page(run.Models[0], run));
    }

    [Fact]
    public void Only_the_first_page_explains_the_figures()
    {
        var run = HandBuilt.Run(HandBuilt.TenPrompts("a"), HandBuilt.TenPrompts("b"));
        Assert.Contains("below 1 it dampens", Words(Page(run.Models[0], run)));
        Assert.DoesNotContain("it dampens", Words(Page(run.Models[1], run)));
        Assert.Contains("both at the last token, as above", Words(Page(run.Models[1], run)));
    }

    [Theory]
    [InlineData(BosPolicy.Always, 1, 1, "--bos always: <s> (0) before each text ")]
    [InlineData(BosPolicy.Always, 0, 1, "--bos always: <s> (0) before each text that does not begin with it ")]
    [InlineData(BosPolicy.None, 0, 0, "--bos none: nothing added to a text ")]
    [InlineData(BosPolicy.Default, 0, 0, "--bos default: b (2) after each text ")]
    [InlineData(BosPolicy.Default, 1, 1, "--bos default: <s> (0) before each text, b (2) after each text ")]
    internal void The_page_says_what_is_put_around_a_text(BosPolicy bos, int first, int second, string expected)
    {
        var model = HandBuilt.Model("m", [(null, HandBuilt.Readings(2, 1, 0)), (null, HandBuilt.Readings(2, 1, 0))], 1);
        int[] added = [first, second];
        model = model with
        {
            Tokenizer = new HandBuilt.ThreePieces(Suffix: [2]),
            Measurement = new()
            {
                Architecture = model.Measurement.Architecture,
                Parameters = 1,
                Prompts = [.. model.Measurement.Prompts.Zip(added, (p, n) => p with { Added = n })],
                Readings = model.Measurement.Readings,
                PaddedVocabularyRows = 0,
                Notes = [],
            },
        };
        var run = HandBuilt.Run(model);
        Assert.Contains(expected, Words(Page(model, run with { Options = run.Options with { Bos = bos } })));
    }

    static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    [Fact]
    public void A_page_of_one_prompt_says_what_it_cannot_say()
    {
        var model = HandBuilt.Model("one", [("a category with a very long name that must not push the table out", HandBuilt.Readings(1, 1, 0, parallel: true))], 1);
        Snapshot("measure-one-prompt.txt", Page(model, HandBuilt.Run(model)));
    }

    [Fact]
    public void A_comparison_of_models_reads_as_committed()
    {
        var trained = HandBuilt.Run(HandBuilt.TenPrompts("tiny"), HandBuilt.TenPrompts("deeper-and-with-a-name-that-is-too-long", layers: 12));
        var untrained = trained with { Models = [.. trained.Models.Select(m => m with { TheoreticalGain = 1.118 })] };
        Snapshot("measure-comparison.txt", TerminalPrinter.Of(MeasureReport.OfComparison(trained), 80) + "\n" + TerminalPrinter.Of(MeasureReport.OfComparison(untrained), 80));
    }

    [Fact]
    public void Charts_read_as_committed() => Snapshot("depth-chart.txt", string.Join('\n',
        DepthChart.Of([1.5, 1.2, 1.1, 1.05, null, 1.0, 0.9, 0.8], 80),
        DepthChart.Of([100, 10, 1, 0.1], 80),
        DepthChart.Of([1, 1, 1], 80),
        DepthChart.Of([null], 80),
        DepthChart.Of([.. Enumerable.Range(0, 160).Select(i => (double?)(1 + i / 160.0))], 80)));

    [Fact]
    public void A_wide_terminal_shows_each_of_many_blocks_for_itself()
    {
        double?[] gains = [.. Enumerable.Range(0, 80).Select(i => (double?)(1 + i / 80.0))];
        Assert.Contains("each column the mean of 2 blocks", DepthChart.Of(gains, 80));
        Assert.DoesNotContain("mean of", DepthChart.Of(gains, 200));
        Assert.True(DepthChart.Of(gains, 200).Split('\n').Max(line => line.Length) > 160);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public void No_line_is_wider_than_the_terminal(int width)
    {
        var run = HandBuilt.Run(HandBuilt.TenPrompts("a-rather-long-name-of-a-checkpoint/with-its-folder-before-it-to-tell-it-apart", 60), HandBuilt.TenPrompts("b", 200));
        string text = TerminalPrinter.Of(MeasureReport.Of(run), width);
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
