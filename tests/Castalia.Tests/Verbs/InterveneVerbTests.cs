using System.Text.Json;
using Castalia.Runs;
using Castalia.Store;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class InterveneVerbTests
{
    const string Two = """
        - { do: zero, site: mlp_out, blocks: last, positions: all, name: no MLP }
        - { do: scale, site: resid_pre, blocks: [1], positions: last, factor: 2 }
        """;

    [Fact]
    public void The_document_has_every_intervention_in_order_beside_the_clean_pass()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = Intervene(folder, Two, "--json");
        Assert.True(code == 0, error);
        using var document = JsonDocument.Parse(output);
        var prompts = document.RootElement.GetProperty("prompts").EnumerateArray().ToArray();
        Assert.Equal(2, prompts.Length);
        foreach (var prompt in prompts)
        {
            double[] Gains(JsonElement of) => [.. of.GetProperty("gains").EnumerateArray().Select(gain => gain.GetDouble())];
            double[] clean = Gains(prompt.GetProperty("clean"));
            var made = prompt.GetProperty("interventions").EnumerateArray().ToArray();
            Assert.Equal(["no MLP", "scale resid_pre by 2, block 1, last position"], made.Select(one => one.GetProperty("name").GetString()));
            Assert.Equal(clean[..^1], Gains(made[0])[..^1]);
            Assert.NotEqual(clean[^1], Gains(made[0])[^1]);
            Assert.Equal(clean[0], Gains(made[1])[0]);
            Assert.True(made[0].GetProperty("kl").GetDouble() > 0 && made[0].GetProperty("entropy").GetDouble() > 0 && made[0].GetProperty("top_token").GetInt32() >= 0);
        }
        string run = Assert.Single(Directory.GetDirectories(Path.Combine(folder.Path, "runs")));
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(run, "manifest.json")));
        var stated = Assert.Single(manifest.RootElement.GetProperty("do_files").EnumerateArray());
        Assert.Equal(Castalia.Checkpoints.Sha256.OfFile(Path.Combine(folder.Path, "do.yaml"), TestContext.Current.CancellationToken), stated.GetProperty("sha256").GetString());
        using var store = RunStore.Open(Path.Combine(folder.Path, "runs"), TestContext.Current.CancellationToken);
        var rows = store.Query("""
            SELECT i.intervention, i.layer, i.clean_gain = r.gain, i.gain_change = i.gain - i.clean_gain, i.unit
            FROM interventions i JOIN readings r ON r.position_rule = 'last' AND r.prompt_index = i.prompt_index AND r.layer = i.layer WHERE i.prompt_index = 0
            ORDER BY i.intervention_index, i.layer
            """, TestContext.Current.CancellationToken).Rows;
        Assert.Equal(["no MLP 3", "scale resid_pre by 2, block 1, last position 1", "scale resid_pre by 2, block 1, last position 2", "scale resid_pre by 2, block 1, last position 3"],
            rows.Select(row => $"{row[0]} {row[1]}"));
        Assert.All(rows, row => Assert.Equal((true, true, "whole"), (row[2], row[3], row[4])));
    }

    [Fact]
    public void The_page_has_a_row_for_each_and_names_the_seed_of_random_controls()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = Intervene(folder, "- { do: zero, each: neuron, random: { count: 40, seed: 3 }, blocks: last }", "--positions", "all", "--format", "plain");
        Assert.True(code == 0, error);
        Assert.StartsWith("pythia: 40 interventions on 2 prompts\n", output, StringComparison.Ordinal);
        Assert.Equal(30, output.Split('\n').Count(line => line.Contains(", block 3\t", StringComparison.Ordinal)));
        Assert.Contains("the other 10 are in interventions.parquet", output, StringComparison.Ordinal);
        Assert.Contains("Random controls, seed 3: 40 interventions", output, StringComparison.Ordinal);
        Assert.Contains("Δ cross-entropy", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- { do: zero, site: resid_mid, blocks: last, positions: all }", "have no resid_mid", "line 1, column 3")]
    [InlineData("- { do: zero, site: z, head: 12, blocks: last, positions: all }", "There is no head 12", "line 1, column 3")]
    [InlineData("- { do: patch, site: z, blocks: last, positions: all, from: '1' }", "their positions do not correspond", "line 1, column 3")]
    [InlineData("- { do: mean, site: z, blocks: last, positions: all, over: p.jsonl }", "contains prompt 1", "line 1, column 3")]
    [InlineData("- { do: zero, site: z, blocks: last, position: all }", "'position' is no key of an intervention", "line 1, column 38")]
    public void What_does_not_fit_is_refused_and_nothing_is_written(string yaml, string cause, string place)
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = Intervene(folder, yaml.Replace("p.jsonl", Path.Combine(folder.Path, "p.jsonl"), StringComparison.Ordinal));
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(cause, error, StringComparison.Ordinal);
        Assert.Contains(place, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "runs")));
    }

    [Fact]
    public void The_document_of_the_columns_is_the_list_of_the_columns()
    {
        string path = Path.Combine(Shared.Repository, "docs", "interventions.md"), document = File.ReadAllText(path);
        int table = document.IndexOf("| column |", StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, (table < 0 ? document : document[..table]) + RunTables.Interventions.Documentation());
            Assert.Fail("wrote docs/interventions.md");
        }
        Assert.Equal(RunTables.Interventions.Documentation(), document[table..]);
    }

    static (int Code, string Output, string Error) Intervene(TemporaryFolder folder, string yaml, params string[] options)
    {
        string prompts = folder.Write("p.jsonl", """
            {"category": "a", "ids": [5, 6, 7]}
            {"ids": [8, 9]}
            """);
        return CommandLineTests.Castalia(["intervene", Golden.Load("gpt_neox/pythia").Checkpoint, "--do", folder.Write("do.yaml", yaml), "--prompts", prompts, "--out", Path.Combine(folder.Path, "runs"), .. options]);
    }
}
