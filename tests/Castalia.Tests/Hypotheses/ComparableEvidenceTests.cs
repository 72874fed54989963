using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Hypotheses;
using Castalia.Runs;
using Castalia.Store;
using Castalia.Tests.Runs;
using Xunit;

namespace Castalia.Tests.Hypotheses;

/// <summary>Over which models and prompts of stored runs a verdict is given.</summary>
public sealed class ComparableEvidenceTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    static readonly string Rows = WrittenHypothesis.Yaml("('a', 'p1', 1)", requires: "{ models: 2, prompts: 10 }", supported: "above.share >= 0", falsified: "above.share < 0")
        .Replace("SELECT 'r' AS run, model, prompt, gain, gain > 1 AS expands", "SELECT run, model, prompt, gain")
        .Replace("FROM (VALUES ('a', 'p1', 1)) t(model, prompt, gain)", "FROM gains");

    /// <summary>Writes a run of models, each of a file with some content: equal content is equal weights.</summary>
    string Run(params (string Name, string Weights)[] models)
    {
        var measured = models.Select((model, i) =>
        {
            string file = _folder.Write($"{model.Name}-{Directory.GetFileSystemEntries(_folder.Path).Length}.safetensors", model.Weights);
            return HandBuilt.Model(model.Name, [.. Enumerable.Range(0, 10).Select(p => ((string?)null, HandBuilt.Readings(3, 2, scale: p - 3)))], layers: 2, new CheckpointFile(file, model.Weights.Length));
        });
        return RunFolder.Write(HandBuilt.Run([.. measured]), Path.Combine(_folder.Path, "runs"), CancellationToken.None);
    }

    /// <summary>Changes what a manifest says of its models.</summary>
    static void Edit(string run, Action<JsonObject> model)
    {
        string path = Path.Combine(run, "manifest.json");
        var manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        foreach (var one in manifest["models"]!.AsArray()) model(one!.AsObject());
        manifest.Remove("manifest_sha256");
        File.WriteAllText(path, manifest.ToJsonString());
    }

    Verdict Verdict()
    {
        using var store = RunStore.Open(Path.Combine(_folder.Path, "runs"), TestContext.Current.CancellationToken);
        var source = new StoredEvidence(store);
        var hypothesis = WrittenHypothesis.Read(Rows);
        Binding.Check([hypothesis], source, TestContext.Current.CancellationToken);
        return HypothesisEvaluation.Of(hypothesis, source, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Two_models_on_the_same_texts_decide()
    {
        Run(("a", "1"), ("b", "2"));
        Assert.Equal(VerdictKind.Supported, Verdict().Kind);
    }

    [Fact]
    public void Eight_names_of_one_model_are_one_model()
    {
        Run([.. Enumerable.Range(1, 8).Select(i => ($"link{i}", "same"))]);
        var verdict = Verdict();
        Assert.Equal(VerdictKind.Undecided, verdict.Kind);
        Assert.Contains("2 models with at least 10 prompts needed, 1 there", verdict.Why);
        Assert.Equal(7, Assert.Single(verdict.Models!.Used).OtherRuns.Count);
    }

    [Fact]
    public void Two_models_of_one_name_are_two_and_their_rows_are_kept_apart()
    {
        Run(("pythia", "1"));
        Run(("pythia", "2"));
        var verdict = Verdict();
        Assert.Equal(VerdictKind.Supported, verdict.Kind);
        Assert.Equal(2, verdict.Models!.Used.Select(m => m.Model).Distinct().Count());
        Assert.All(verdict.Models.Used, m => Assert.StartsWith("pythia#", m.Model));
        Assert.Equal([10, 10], verdict.Evidence[0].Rows.GroupBy(verdict.Evidence[0].Model).Select(rows => rows.Count()));
    }

    [Fact]
    public void Prompts_that_are_ids_decide_nothing()
    {
        Edit(Run(("a", "1"), ("b", "2")), model => model["prompts"]!.AsArray()[3]!["text"] = null);
        var verdict = Verdict();
        Assert.Equal(VerdictKind.Undecided, verdict.Kind);
        Assert.Contains("0 there; not compared: a, b: prompts are token ids, not texts that a tokenizer read", verdict.Why);
    }

    [Fact]
    public void Models_on_other_prompts_are_not_mixed_in_and_the_set_with_most_models_is_read()
    {
        Run(("a", "1"), ("b", "2"));
        Edit(Run(("c", "3")), model => model["prompts_sha256"] = "0123");
        var verdict = Verdict();
        Assert.Equal(["a", "b"], verdict.Models!.Used.Select(m => m.Model));
        var other = Assert.Single(verdict.Models.NotCompared);
        Assert.Equal(("c", "read on other prompts (prompts.jsonl, --bos always)"), (other.Model, other.Because));
        Assert.Equal(20, verdict.Evidence[0].Rows.Count);
    }

    [Fact]
    public void One_model_on_each_of_two_sets_is_too_few()
    {
        Run(("a", "1"));
        Edit(Run(("b", "2")), model => model["prompts_sha256"] = "0123");
        Assert.Equal(VerdictKind.Undecided, Verdict().Kind);
    }

    [Fact]
    public void An_untrained_network_is_known_by_what_the_manifest_says_and_not_by_its_name()
    {
        Edit(Run(("renamed", "1"), ("b", "2")), model => model["untrained"] = (string?)model["model"] == "renamed");
        Assert.Equal(["b"], Verdict().Models!.Used.Select(m => m.Model));
        Edit(Run(("untrained-by-name-only", "3")), model => model["untrained"] = false);
        Assert.Equal(["b", "untrained-by-name-only"], Verdict().Models!.Used.Select(m => m.Model));
    }

    [Fact]
    public void A_run_that_states_only_its_files_is_the_model_of_one_that_states_its_tensors_too()
    {
        Edit(Run(("a", "1")), model => model["weights_sha256"] = new string('a', 64));
        Run(("a", "1"));
        Edit(Run(("converted", "other file")), model => model["weights_sha256"] = new string('a', 64));
        using var store = RunStore.Open(Path.Combine(_folder.Path, "runs"), TestContext.Current.CancellationToken);
        Assert.Single(store.Counted.Models);
        Assert.Equal(2, store.Counted.Repeats.Count);
        Assert.All(store.Runs, run => Assert.Equal(new string('a', 64), run.Models[0].Identity.WeightsSha256));
    }
}
