using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Tests.Architectures;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>From one claim to a verdict, on a Pythia of three blocks with a tokenizer.</summary>
public sealed class TestVerbTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_not_stored_is_run_then_the_model_is_judged_and_the_same_again_runs_nothing()
    {
        string model = Model(), own = Own("gain.low > 0");
        var first = Run(own, model);
        Assert.Equal("supported", (string?)first["verdict"]);
        Assert.Equal(["last-mlp-zero"], Texts(first["interventions"]!));
        Assert.Equal([true, true], first["runs"]!.AsArray().Select(run => (bool)run!["made"]!));
        Assert.Single(first["runs"]!.AsArray().Select(run => (string)run!["run"]!).Distinct()); // what intervene writes holds what measure would
        Assert.Equal("undecided", (string?)first["over_all"]!["verdict"]);
        Assert.Contains("3 models", (string?)first["over_all"]!["why"], StringComparison.Ordinal);
        Assert.Single(Runs);

        var second = Run(own, model);
        Assert.Equal([false, false], second["runs"]!.AsArray().Select(run => (bool)run!["made"]!));
        Assert.Equal(first["tests"]!.ToJsonString(), second["tests"]!.ToJsonString());
        Assert.Single(Runs);

        var (code, output, error) = CommandLineTests.Castalia(["hypotheses", "own-1", "--file", own, "--runs", Path.Combine(_folder.Path, "runs"), "--json"]);
        Assert.True(code == 0, error);
        var listed = Assert.Single(JsonNode.Parse(output)!["hypotheses"]![0]!["models"]!.AsArray());
        Assert.Equal(("supported", "last-mlp-zero"), ((string?)listed!["verdict"], (string?)listed["interventions"]![0]));
        (code, output, error) = CommandLineTests.Castalia(["hypotheses", "own-1", "--file", own, "--runs", Path.Combine(_folder.Path, "runs"), "--format", "markdown"]);
        Assert.True(code == 0, error);
        Assert.Contains("| pythia | supported | last-mlp-zero |", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_do_file_under_the_same_name_and_other_weights_are_other_runs()
    {
        string model = Model();
        _folder.Write("do.yaml", "- { do: zero, site: mlp_out, blocks: last, name: zero last MLP }");
        string own = Own("gain.low > 0", Path.Combine(_folder.Path, "do.yaml"));
        Run(own, model);
        _folder.Write("do.yaml", "- { do: scale, factor: 0, site: mlp_out, blocks: last, name: zero last MLP }");
        Run(own, model);
        Assert.Equal(2, Runs.Length);
        Run(own, Model(seed: 2));
        Assert.Equal(3, Runs.Length);
    }

    [Fact]
    public void The_page_gives_the_verdict_its_evidence_and_whether_runs_were_made()
    {
        var (code, output, error) = CommandLineTests.Castalia(["test", "own", Model(), "--file", Own("gain.low > 100", falsified: "gain.high < 100"), "--out", Path.Combine(_folder.Path, "runs"), "--format", "plain"]);
        Assert.True(code == 0, error);
        Assert.Contains("castalia: ablated: castalia intervene ", error, StringComparison.Ordinal);
        Assert.Contains("pythia by itself: falsified\n", output, StringComparison.Ordinal);
        Assert.Contains(", made now, interventions last-mlp-zero\n", output, StringComparison.Ordinal);
        Assert.Contains("gain: mean of gain against 1 from rows", output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_waits_for_other_checkpoints_says_so_and_runs_nothing()
    {
        var (code, output, error) = CommandLineTests.Castalia(["test", "h8", Model(), "--out", Path.Combine(_folder.Path, "runs"), "--json"]);
        Assert.True(code == 0, error);
        var trial = JsonNode.Parse(output)!["hypotheses"]![0]!;
        Assert.Equal("undecided", (string?)trial["verdict"]);
        Assert.Contains("checkpoints of step 0", (string?)trial["why"], StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder.Path, "runs")));
    }

    [Fact]
    public void The_other_gelu_is_run_where_there_is_one_and_a_run_that_cannot_be_made_is_left_out_where_no_rule_turns_on_it()
    {
        _folder.Write("patch.yaml", "- { do: patch, site: mlp_out, blocks: last, from: opposite, settled: 0.001, open: 0.001 }");
        string own = Own("gain.low > 0", more: $"""
            other: {"{"} verb: measure, prompts: '{Path.Combine(_folder.Path, "p.jsonl")}', activation: other {"}"}
                patched: {"{"} verb: intervene, prompts: '{Path.Combine(_folder.Path, "p.jsonl")}', do: ['{Path.Combine(_folder.Path, "patch.yaml")}'], optional: yes {"}"}
            """);
        var (code, output, error) = CommandLineTests.Castalia(["test", "own-1", Model(), "--file", own, "--out", Path.Combine(_folder.Path, "runs"), "--json"]);
        Assert.True(code == 0, error);
        Assert.Contains("--activation tanh", error, StringComparison.Ordinal);
        Assert.Contains("castalia: patched: left out, no rule turns on it. No prompt has a partner of as many tokens", error, StringComparison.Ordinal);
        var trial = JsonNode.Parse(output)!["hypotheses"]![0]!;
        Assert.Equal(["ablated", "plain", "other"], trial["runs"]!.AsArray().Select(run => (string?)run!["name"]));
        Assert.Equal("supported", (string?)trial["verdict"]);
        Assert.Equal(2, Runs.Length);
        Assert.Single(Runs, run => File.ReadAllText(Path.Combine(run, "manifest.json")).Contains("\"stated_activation\": \"GeluErf\"", StringComparison.Ordinal) && File.ReadAllText(Path.Combine(run, "manifest.json")).Contains("\"activation\": \"GeluTanh\"", StringComparison.Ordinal));
    }

    [Fact]
    public void Biases_that_a_model_lacks_are_nothing_to_take_out()
    {
        var (code, output, error) = CommandLineTests.Castalia(["test", "h3", Parity.Golden.Load("llama/gqa").Checkpoint, "--out", Path.Combine(_folder.Path, "runs"), "--json"]);
        Assert.True(code == 0, error);
        Assert.Contains("It says nothing of this model, of which attn_out_bias and mlp_bias does not hold.", output, StringComparison.Ordinal);
        Assert.Empty(Runs);
    }

    [Theory]
    [InlineData("s", "The ids of 5 hypotheses begin with 's'")]
    [InlineData("h99", "There is no hypothesis 'h99'")]
    public void An_id_that_is_none_or_several_is_refused(string id, string cause)
    {
        var (code, output, error) = CommandLineTests.Castalia(["test", id, _folder.Path]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(cause, error, StringComparison.Ordinal);
    }

    string[] Runs => Directory.Exists(Path.Combine(_folder.Path, "runs")) ? Directory.GetDirectories(Path.Combine(_folder.Path, "runs")) : [];

    static string[] Texts(JsonNode list) => [.. list.AsArray().Select(text => (string)text!)];

    JsonNode Run(string own, string model)
    {
        var (code, output, error) = CommandLineTests.Castalia(["test", "own-1", model, "--file", own, "--out", Path.Combine(_folder.Path, "runs"), "--json"]);
        Assert.True(code == 0, error);
        return JsonNode.Parse(output)!["hypotheses"]![0]!;
    }

    string Own(string supported, string @do = "last-mlp-zero", string falsified = "gain.high < 0", string more = "")
    {
        string prompts = _folder.Write("p.jsonl", """
            {"category": "a", "text": "one two three"}
            {"text": "four five"}
            {"text": "six"}
            """);
        return _folder.Write("own.yaml", $$"""
            id: own-1
            title: The gain is above something
            claim: It is.
            mechanism: None.
            prediction: None.
            sources: [nowhere]
            requires: { models: 3 }
            evidence: { gains: "SELECT run, model, prompt, gain FROM gains" }
            tests: { all: { statistic: count, from: gains, where: gain > 0 } }
            supported: all.count > 0
            falsified: all.count = 0
            strength: "{all.count}"
            each:
              runs:
                ablated: { verb: intervene, prompts: '{{prompts}}', do: ['{{@do}}'] }
                plain: { verb: measure, prompts: '{{prompts}}' }
                {{more}}
              evidence:
                rows:
                  from: ablated
                  sql: |
                    SELECT run, model, prompt, gain FROM interventions WHERE intervention = 'zero last MLP' ORDER BY run, prompt_index
              tests:
                gain: { statistic: mean, from: rows, of: gain, against: 1 }
              supported: {{supported}}
              falsified: {{falsified}}
              strength: "{gain.mean}"
            """);
    }

    string Model(int seed = 1)
    {
        string folder = Path.Combine(_folder.Path, $"m{seed}", "pythia"), tokenizer = Path.Combine(Shared.Repository, "tests", "golden", "tokenizers", "neox-style");
        string config = InMemory.NeoX.Replace("\"vocab_size\": 50", "\"vocab_size\": 725", StringComparison.Ordinal);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), config);
        File.Copy(Path.Combine(tokenizer, "tokenizer.json"), Path.Combine(folder, "tokenizer.json"));
        SafetensorsEntry[] tensors = [.. InMemory.TensorsOf(ArchitectureReader.Read(InMemory.Folder(config))).Select(tensor => new SafetensorsEntry(tensor.Name, DType.F32, tensor.Shape)).OrderBy(entry => entry.Name, StringComparer.Ordinal)];
        var random = new Random(seed);
        using var writer = SafetensorsWriter.Create(Path.Combine(folder, "model.safetensors"), tensors, null);
        foreach (var tensor in tensors)
        {
            float[] values = new float[tensor.Shape.Aggregate(1L, (n, axis) => n * axis)];
            for (int i = 0; i < values.Length; i++) values[i] = (float)(random.NextDouble() + random.NextDouble() - 1);
            writer.Write(tensor.Name, 0, values);
        }
        writer.Complete();
        return folder;
    }
}
