using System.Text.Json.Nodes;
using Castalia.Runs;
using Castalia.Tests.Runs;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class HypothesesVerbTests
{
    [Fact]
    public void Over_the_published_study_the_four_are_rejected_as_the_study_rejected_them()
    {
        var (code, output, error) = CommandLineTests.Castalia(["hypotheses", "study-h1", "study-h2", "study-h3", "study-h4", "--published", "--json"]);
        Assert.Equal((0, ""), (code, error));
        var verdicts = JsonNode.Parse(output)!["hypotheses"]!.AsArray();
        Assert.All(verdicts, v => Assert.Equal("falsified", (string?)v!["verdict"]));
        Assert.All(verdicts, v => Assert.Equal(8, v!["models"]!.AsArray().Count));
        // Expanding with LayerNorm: GPT-J and the three sizes of GPT-2. Parallel: GPT-J. Rotary: GPT-J, Mistral, LLaMA, Gemma. The Pile: GPT-J.
        Assert.Equal([4, 1, 4, 1], verdicts.Select(v => (int)Result(v!, "expands_with")["count"]!));
        Assert.All(verdicts, v => Assert.Equal(1, (int)Result(v!, "dampeners")["count"]!));
        Assert.All(verdicts, v => Assert.Equal(8 * 25, v!["evidence"]![0]!["rows"]!.AsArray().Count));
    }

    [Fact]
    public void Over_the_published_study_nothing_is_supported()
    {
        var (code, output, error) = CommandLineTests.Castalia(["hypotheses", "--published"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("0 supported", output);
        // First what was read, found, and stands against it.
        string[] lines = output.Split('\n');
        Assert.StartsWith("Hypotheses over the published study", lines[0]);
        Assert.StartsWith("  Read: 8 models of 1 run, for 23 hypotheses.", lines[2]);
        Assert.StartsWith("  Found: 0 supported, ", lines[3]);
        Assert.Contains("Falsified: study-h1", Words(output));
        Assert.Contains(lines.Take(12), line => line.StartsWith("  Against it: ", StringComparison.Ordinal));
        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public void Of_one_dampener_among_eight_the_search_says_in_words_that_a_perfect_split_means_nothing()
    {
        var (code, output, error) = CommandLineTests.Castalia(["hypotheses", "--separate", "--published"]);
        Assert.Equal((0, ""), (code, error));
        string words = Words(output);
        Assert.Contains("With one dampener, every field in which that model stands out", words);
        Assert.Contains("could not reach p below", words);
        var json = JsonNode.Parse(CommandLineTests.Castalia(["hypotheses", "--separate", "--published", "--json"]).Output)!;
        Assert.Equal(1, (int)json["dampeners"]!);
        Assert.True((int)json["perfect"]! > 0);
        Assert.All(json["separating"]!.AsArray(), f => Assert.True((double)f!["family_p"]! >= (double)f["p"]!));
    }

    [Fact]
    public void The_example_of_the_document_runs_over_stored_runs()
    {
        using var folder = new TemporaryFolder();
        string runs = Directory.CreateDirectory(Path.Combine(folder.Path, "runs")).FullName;
        RunFolder.Write(HandBuilt.Run(HandBuilt.TenPrompts()), runs, CancellationToken.None);
        string document = File.ReadAllText(Path.Combine(Shared.Repository, "docs", "hypotheses.md"));
        string yaml = document.Split("```yaml\n")[1].Split("```")[0];
        string file = folder.Write("example.yaml", yaml.Replace("prompts: 25", "prompts: 10"));
        var (code, output, error) = CommandLineTests.Castalia(["hypotheses", "surer-is-smaller", "--file", file, "--runs", runs]);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith("  surer-is-smaller: The surer the answer, the smaller the last gain\n  undecided, over 1 run in", output);
        Assert.Contains("Evidence rows: 10 rows", output);
    }

    [Fact]
    public void A_faulty_file_stops_it_before_anything_is_evaluated_and_says_where()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("mine.yaml", """
            id: mine
            title: t
            claim: c
            mechanism: m
            prediction: p
            sources: [s]
            requires: { models: 1 }
            evidence:
              rows: |
                SELECT run, model,
                  gian
                FROM gains
            tests:
              all: { statistic: count, from: rows, where: gian > 1 }
            supported: all.count > 0
            falsified: all.count = 0
            strength: "{all.count}"
            """);
        var (code, output, error) = CommandLineTests.Castalia(["hypotheses", "--published", "--file", file]);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("castalia: The query 'rows' does not fit the views: Referenced column \"gian\" not found in FROM clause!", error);
        Assert.Contains($"where: {file}, line 11, column 7\n", error);
        Assert.Contains("gain", error.Split("to do:")[1]);
    }

    [Fact]
    public void Untrained_networks_and_shipped_twins_decide_nothing()
    {
        using var folder = new TemporaryFolder();
        string runs = Path.Combine(folder.Path, "runs");
        Assert.Equal(0, CommandLineTests.Castalia(["measure", "--out", runs], ("XDG_CACHE_HOME", folder.Path)).Code);
        var (code, output, error) = CommandLineTests.Castalia(["hypotheses", "--runs", runs]);
        Assert.True(code == 0, error);
        Assert.Contains("untrained networks left out", Words(output));
        Assert.Contains("0 supported, 0 falsified, 23 undecided.", output);
    }

    [Fact]
    public void An_untrained_network_under_another_name_is_known_by_its_weights()
    {
        using var folder = new TemporaryFolder();
        string runs = Path.Combine(folder.Path, "runs");
        string network = Castalia.Untrained.UntrainedNetworks.Ensure(folder.Path, null, TestContext.Current.CancellationToken)[3], renamed = Path.Combine(folder.Path, "llama-3");
        Directory.Move(network, renamed);
        Assert.Equal(0, CommandLineTests.Castalia(["measure", renamed, "--prompts", folder.Write("p.jsonl", """{"ids": [5, 6]}"""), "--out", runs]).Code);
        Assert.True((bool)JsonNode.Parse(File.ReadAllText(Path.Combine(Directory.GetDirectories(runs)[0], "manifest.json")))!["models"]![0]!["untrained"]!);
        Assert.Contains("untrained networks left out", Words(CommandLineTests.Castalia(["hypotheses", "--runs", runs]).Output));
    }

    [Fact]
    public void The_beginning_of_an_id_names_all_that_begin_so()
    {
        var (code, output, error) = CommandLineTests.Castalia(["hypotheses", "H15", "--published", "--json"]);
        Assert.True(code == 0, error);
        Assert.Contains("h15-confidence-erasure", output);
        Assert.Contains("h15-running-text", output);
        Assert.DoesNotContain("h13-", output);
    }

    [Theory]
    [InlineData("study-h9 --published", "There is no hypothesis 'study-h9'.")]
    [InlineData("--separate study-h1", "--separate looks at fields and goes with no ID and no --file.")]
    [InlineData("--published --runs x", "--published reads no runs and goes with no --runs and no --run.")]
    [InlineData("--runs no-such-folder", "There is no such folder of runs.")]
    public void What_it_cannot_answer_is_refused(string args, string error)
    {
        var ran = CommandLineTests.Castalia(["hypotheses", .. args.Split(' ')]);
        Assert.Equal((2, ""), (ran.Code, ran.Output));
        Assert.StartsWith($"castalia: {error}", ran.Error);
    }

    /// <summary>The words of a page, however its lines are broken.</summary>
    static string Words(string page) => string.Join(' ', page.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    static JsonNode Result(JsonNode verdict, string test) => verdict["tests"]!.AsArray().Single(t => (string?)t!["test"] == test)!["results"]![0]!;
}
