using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Tests.Analyses;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>The analyses over a really trained model, beside figures that an independent implementation obtained from the same texts.</summary>
public sealed class SmolLm2AnalysesTests
{
    [Fact]
    public void Short_prompts_and_running_text_say_what_the_reference_says()
    {
        string checkpoint = Shared.Path("real", "checkpoints", "smollm2-135m"), golden = Shared.Path("golden", "real", "smollm2-135m-q4_1", "golden.json");
        using var folder = new TemporaryFolder();
        string runs = Path.Combine(folder.Path, "runs");
        string prompts = MeasuredRuns.Measure(checkpoint, folder.Write("p.jsonl", TwentyFive(golden)), runs, []);
        string text = MeasuredRuns.Measure(checkpoint, Path.Combine(Shared.Repository, "docs", "running-text.txt"), runs, ["--positions", "all", "--bos", "none"]);

        // 25 texts: r(G, H) = +0.63, p = 0.0007, Spearman +0.69; 8 of 25 below 1.
        var bentov = Json("bentov", runs, prompts, text, "--positions");
        var b = bentov["prompts"]![0]!;
        Assert.Equal(8, (int)b["sides"]!["below_1"]!);
        Assert.Equal(0.63, (double)b["gain_entropy"]!["pearson"]!["value"]!, 0.005);
        Assert.Equal(0.0007, (double)b["gain_entropy"]!["pearson"]!["p"]!, 0.00005);
        Assert.Equal(0.69, (double)b["gain_entropy"]!["spearman"]!["value"]!, 0.005);

        // Kruskal–Wallis p = 0.007; factual 0.95, cliché 0.96, novel 1.11, syntactic 1.15, nonsense 1.34.
        var c = Json("categories", runs, prompts)["samples"]!.AsArray().Single()!;
        Assert.Equal(0.007, (double)c["gain"]!["kruskal_wallis"]!["p"]!, 0.0005);
        Assert.Equal([0.95, 1.15, 0.96, 1.11, 1.34], c["categories"]!.AsArray().Select(g => Math.Round((double)g!["gain"]!["mean"]!, 2)));

        // In running text the relation is far weaker, and the share below 1 falls with entropy.
        var p = bentov["positions"]!.AsArray().Single()!;
        Assert.Equal(12, (int)p["gain_entropy"]!["pearson"]!["texts"]!);
        Assert.True((double)p["gain_entropy"]!["pearson"]!["value"]! < 0.4);
        var bins = p["bins"]!.AsArray();
        Assert.True(Share(bins[0]!) > Share(bins[7]!));
        Assert.True((double)bins[0]!["mean_align_mlp"]! < (double)bins[7]!["mean_align_mlp"]!);
        Assert.NotEmpty(bentov["same_weights_in_different_runs"]!.AsArray());
    }

    static double Share(JsonNode bin) => (double)bin["below_1"]! / (double)bin["n"]!;

    static JsonNode Json(string verb, string runs, params string[] args)
    {
        var (code, output, error) = CommandLineTests.Castalia([verb, .. args, "--runs", runs, "--json"]);
        Assert.True(code == 0, error);
        return JsonNode.Parse(output)!;
    }

    /// <summary>The reference's ids of the five categories of short texts.</summary>
    static string TwentyFive(string golden)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(golden));
        var text = new StringBuilder();
        foreach (var prompt in document.RootElement.GetProperty("prompts").EnumerateArray().Take(25))
            text.Append($"{{\"ids\": {prompt.GetProperty("ids").GetRawText().ReplaceLineEndings(" ")}, \"category\": \"{prompt.GetProperty("category").GetString()}\"}}\n");
        return text.ToString();
    }
}
