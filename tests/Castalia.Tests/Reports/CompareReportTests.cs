using Castalia.Analyses;
using Castalia.Checkpoints;
using Castalia.Prompts;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Xunit;
using static Castalia.Tests.Analyses.InMemoryRuns;
using static Castalia.Tests.Reports.Snapshots;

namespace Castalia.Tests.Reports;

public sealed class CompareReportTests
{
    static readonly MeasuredModel First = Model("dampener", [0.75, 0.8, 0.83, null, 0.79, 0.92, 0.87, 0.7], run: "20260102T030405Z-dampener", entropies: [1, 3, 2, 4, 2.5, 0.5, 6, 1]);

    static readonly MeasuredModel Second = Model("expander", [0.9, 1.4, 1.2, 2.5, 1.1, 1.3, 0.8], run: "20260103T030405Z-expander", bos: "default", vocabulary: 50_257, entropies: [2, 3.5, 2, 4, 2, 0.5, 7]) with
    {
        Prompts = [.. Model("expander", [0.9, 1.4, 1.2, 2.5, 1.1, 1.3, 0.8], entropies: [2, 3.5, 2, 4, 2, 0.5, 7]).Prompts.Select((p, i) => i == 2 ? p with { Ids = [1, 2, 3, 4] } : i == 3 ? p with { Ids = [0, 1, 2, 3] } : i == 4 ? p with { Ids = [7, 8, 9] } : p),
            Prompt("p8", 1, text: "other"), Prompt("extra", 1)],
    };

    static string Page(Comparison comparison, int width) => TerminalPrinter.Of(CompareReport.Of(comparison, "runs"), width);

    static readonly string[] Tests = ["t", "wilcoxon", "sign_test", "effect"];

    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void A_page_reads_as_committed(int width) =>
        Snapshot($"compare-{width}.txt", Page(Comparison.Of(First, Second, seed: 1, margin: 0.05), width));

    [Fact]
    public void A_page_of_one_pair_says_what_it_cannot_say() =>
        Snapshot("compare-one.txt", Page(Comparison.Of(Model("a", [1.5]), Model("b", [1]), seed: 1, margin: null), 80));

    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void No_line_is_wider_than_the_terminal(int width) =>
        Assert.All(Page(Comparison.Of(First, Second, 1, 0.05), width).Split('\n'), line => Assert.True(line.Length <= width, line));

    [Fact]
    public void The_document_names_every_prompt_that_was_not_paired_and_every_difference()
    {
        var json = JsonText.Node(CompareDocument.Of(Comparison.Of(First, Second, seed: 1, margin: 0.05), "runs"), AnalysisJson.Default);
        var prompts = json["prompts"]!;
        Assert.Equal((7, 1, "extra", "p8"), ((int)prompts["pairs"]!, (int)prompts["texts_of_other_length"]!, (string)prompts["only_second"]![0]!, (string)prompts["same_name_other_content"]![0]!));
        Assert.Empty(prompts["only_first"]!.AsArray());
        Assert.Equal(7, json["differences"]!.AsArray().Count);
        Assert.Null(json["differences"]![3]!["gain"]);
        Assert.Equal(["gain", "entropy", "align_attn", "align_mlp"], json["figures"]!.AsArray().Select(f => (string)f!["figure"]!));
        Assert.Equal(0.05, (double)json["figures"]![0]!["equivalence"]!["margin"]!);
        Assert.Null(json["figures"]![1]!["equivalence"]);
        Assert.All(json["figures"]!.AsArray(), f => Assert.All(Tests, key => Assert.NotEmpty((string)f![key]!["method"]!)));
    }
}
