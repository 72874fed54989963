using System.Text.Json.Nodes;
using Castalia.Published;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class PublishedVerbTests
{
    static readonly StudyReview Review = StudyReview.Of(PublishedStudy.Shipped);

    [Fact]
    public void In_a_pipe_it_prints_every_part_in_80_columns()
    {
        var (code, output, error) = CommandLineTests.Castalia(["published"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(TerminalPrinter.Of(StudyReport.Of(Review, Enum.GetValues<StudyPart>()), 80), output);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void No_line_is_wider_than_the_terminal_and_no_figure_is_missing(int width)
    {
        string text = TerminalPrinter.Of(StudyReport.Of(Review, Enum.GetValues<StudyPart>()), width);
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= width, line));
        Assert.DoesNotContain("NaN", text);
        Assert.DoesNotContain("∞", text);
    }

    [Theory]
    [InlineData("table", "The study's table")]
    [InlineData("bentov", "Gain and entropy")]
    [InlineData("conventions", "Which block was measured")]
    [InlineData("scaling", "The exponent over sizes")]
    [InlineData("resolution", "What rounded norms can tell")]
    [InlineData("hypotheses", "Suspected causes")]
    public void A_part_is_printed_alone(string part, string title)
    {
        var (code, output, _) = CommandLineTests.Castalia(["published", "--part", part]);
        Assert.Equal(0, code);
        Assert.Equal(TerminalPrinter.Of(StudyReport.Of(Review, [Enum.Parse<StudyPart>(part, ignoreCase: true)]), 80), output);
        Assert.Contains($"\n{title}\n", output);
    }

    [Fact]
    public void Json_has_every_part_with_rows_and_findings()
    {
        var (code, output, _) = CommandLineTests.Castalia(["published", "--json"]);
        Assert.Equal(0, code);
        var json = JsonNode.Parse(output)!.AsObject();
        Assert.Equal(["study", "table", "bentov", "conventions", "scaling", "resolution", "hypotheses"], json.Select(p => p.Key));
        Assert.All(json.Skip(1), part => Assert.True(part.Value!["rows"]!.AsArray().Count > 0 && part.Value["findings"]!.AsArray().Count > 0));
        var pythia = json["table"]!["rows"]![0]!;
        Assert.Equal(0.8047180176838018, (double)pythia["mean"]!, 1e-15);
        Assert.Equal(25, (int)pythia["n"]!);
        Assert.Equal("BCa bootstrap of the mean, 10000 resamples, seed 1", (string?)pythia["interval95"]!["method"]);
        Assert.DoesNotContain("NaN", output);
    }

    [Fact]
    public void The_page_says_what_the_command_says()
    {
        string path = Path.Combine(Shared.Repository, "docs", "published-study.md");
        string section = string.Concat(Enum.GetValues<StudyPart>().Select(part =>
            $"### `--part {$"{part}".ToLowerInvariant()}`\n\n{string.Concat(StudyFindings.Of(Review, part).Select(sentence => $"- {sentence}\n"))}\n"));
        if (Environment.GetEnvironmentVariable("UPDATE_PUBLISHED") == "1") File.WriteAllText(path, File.ReadAllText(path).Replace("FINDINGS\n", section, StringComparison.Ordinal));
        Assert.Contains(section, File.ReadAllText(path));
    }

    [Theory]
    [InlineData("--part tables", "--part takes table, bentov, conventions, scaling, resolution, hypotheses, not 'tables'. Did you mean 'table'?")]
    [InlineData("--import x", "--import and --out go together: a folder to read, a file to make.")]
    [InlineData("--import x --out y --json", "--import goes with --out alone.")]
    public void What_it_cannot_do_is_a_usage_error(string args, string error) =>
        Assert.Equal((2, "", $"castalia: {error}\nSee 'castalia published --help'.\n"), CommandLineTests.Castalia(["published", .. args.Split(' ')]));

    [Fact]
    public void Importing_writes_the_data_set_and_refuses_a_folder_without_the_files()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "study.json");
        var (code, output, error) = CommandLineTests.Castalia(["published", "--import", folder.Path, "--out", file]);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith($"castalia: The folder does not hold '{Importer.Files[0]}'.\n  where: {folder.Path}\n  to do: ", error);
        Assert.False(File.Exists(file));
        Assert.Equal((0, "", $"Wrote {file}.\n"), CommandLineTests.Castalia(["published", "--import", Shared.Path("published"), "--out", file]));
        Assert.Equal(EmbeddedText.Of("published-study.json"), File.ReadAllText(file));
    }
}
