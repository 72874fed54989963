using System.Text.Json.Nodes;
using Castalia.Tests.Anatomy;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>castalia anatomy and card, from names and files to what they say.</summary>
public sealed class AnatomyVerbTests
{
    static readonly string s_llama = Shared.Path("golden", "models", "llama", "gqa");

    [Fact]
    public void Two_models_of_the_study_are_compared_without_a_file_at_hand()
    {
        var (code, output, error) = CommandLineTests.Castalia(["anatomy", "pythia-6.9b", "gpt-j-6b"]);
        Assert.True(code == 0, error);
        Assert.Contains("bias of attention's output", output, StringComparison.Ordinal);
        Assert.Contains("Pythia-6.9B, GPT-J-6B: read from the config that ships with castalia", output.Replace("\n  ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        Assert.Contains("The two were taken", output, StringComparison.Ordinal); // the study's own table, with what was wrong in it
        var study = JsonNode.Parse(CommandLineTests.Castalia(["anatomy", "gpt-j-6b", "pythia-6.9b", "--json"]).Output)!["study_comparison"]!.AsArray();
        Assert.Contains("wrong", study.Select(line => (string)line!["verdict"]!));
        Assert.Null(JsonNode.Parse(CommandLineTests.Castalia(["anatomy", "pythia-70m", "pythia-410m", "--json"]).Output)!["study_comparison"]);
        Assert.Contains("Did you mean 'pythia-70m'?", CommandLineTests.Castalia(["anatomy", "pythia-7m"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_config_alone_gives_facts_and_weights_give_norms_and_spectra_block_by_block()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(s_llama, "config.json"), Path.Combine(folder.Path, "config.json"));
        var alone = JsonNode.Parse(CommandLineTests.Castalia(["anatomy", folder.Path, "--json"]).Output)!["models"]![0]!;
        var whole = JsonNode.Parse(CommandLineTests.Castalia(["anatomy", s_llama, "--json"]).Output)!["models"]![0]!;
        Assert.Equal("its config alone", (string)alone["read_from"]!);
        Assert.Null(alone["blocks"]);
        Assert.Null(whole["read_from"]);
        var blocks = whole["blocks"]!.AsArray();
        Assert.Equal((string)Value(whole, "n_layers")!, $"{blocks.Count}");
        Assert.Equal((string)Value(alone, "d_model")!, (string)Value(whole, "d_model")!);
        Assert.All(blocks, block => Assert.InRange((double)block!["spectral_attn_out"]!, 0, (double)Frobenius(block, "AttnOut")!));
        var without = JsonNode.Parse(CommandLineTests.Castalia(["anatomy", s_llama, "--no-spectra", "--json"]).Output)!["models"]![0]!;
        Assert.Null(without["blocks"]![0]!["spectral_attn_out"]);
    }

    [Fact]
    public void Of_two_revisions_the_weights_that_differ_are_named_and_by_how_much()
    {
        const string Changed = "gpt_neox.layers.1.mlp.dense_4h_to_h.weight";
        using var folder = new TemporaryFolder();
        string first = Path.Combine(folder.Path, "m-step0"), later = Path.Combine(folder.Path, "m-step5");
        SmallNeoX.Write(first, Value);
        SmallNeoX.Write(later, (name, i) => name == Changed ? Value(name, i) / 2 : Value(name, i), sharded: true);
        var (code, page, error) = CommandLineTests.Castalia(["anatomy", first, later, "--no-spectra"]);
        Assert.True(code == 0, error);
        Assert.Contains("The weights of m-step5 beside those of m-step0", page, StringComparison.Ordinal);
        Assert.Contains("No fact differs", page, StringComparison.Ordinal);
        Assert.Contains("differs; W₀ is m-step0's", page, StringComparison.Ordinal);
        Assert.Contains(Changed, page, StringComparison.Ordinal);
        Assert.All(page.Split('\n'), line => Assert.InRange(line.Length, 0, 80));
        var json = JsonNode.Parse(CommandLineTests.Castalia(["anatomy", first, later, "--no-spectra", "--json"]).Output)!["revisions"]![0]!;
        Assert.Equal([Changed], json["differing_tensors"]!.AsArray().Select(name => (string)name!));
        var one = Assert.Single(json["weights"]!.AsArray(), weight => (bool)weight!["differs"]!)!;
        Assert.Equal((1, 1.0, 0.5, 0.5), ((int)one["block"]!, Math.Round((double)one["cosine"]!, 12), Math.Round((double)one["alpha"]!, 12), Math.Round((double)one["relative_distance"]!, 12)));
        Assert.Empty(JsonNode.Parse(CommandLineTests.Castalia(["anatomy", first, s_llama, "--no-spectra", "--json"]).Output)!["revisions"]!.AsArray());
        Assert.Equal(2, CommandLineTests.Castalia(["anatomy", first, first]).Code);

        static float Value(string name, int i) => MathF.Sin(name.Length + i);
    }

    [Fact]
    public void What_there_is_not_is_an_error_with_its_remedy()
    {
        foreach (string[] args in new[] { new[] { "anatomy", "no-such-model" }, ["card", "no-such-model"], ["dossier", "--section", "no-such"], ["dossier", "--out", "x.txt"] })
        {
            var (code, output, error) = CommandLineTests.Castalia(args);
            Assert.True(code is 2 && output == "" && error != "", string.Join(' ', args) + error);
        }
        Assert.Contains("pythia-6.9b", CommandLineTests.Castalia(["card", "pythia-6.9"]).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_card_names_a_source_for_every_value_and_two_show_what_could_follow()
    {
        var (code, output, error) = CommandLineTests.Castalia(["card", "pythia-6.9b"]);
        Assert.True(code == 0, error);
        Assert.Contains("surviving_initialisation", output, StringComparison.Ordinal);
        Assert.Contains("(computed)", output, StringComparison.Ordinal);
        string both = CommandLineTests.Castalia(["card", "pythia-6.9b", "gpt-j-6b"]).Output;
        Assert.Contains("what could follow for the last block", both, StringComparison.Ordinal);
        Assert.Contains("decay_e_folds", both, StringComparison.Ordinal);
    }

    static JsonNode? Value(JsonNode model, string key) => model["facts"]!.AsArray().First(fact => (string)fact!["key"]! == key)!["value"];

    static JsonNode? Frobenius(JsonNode block, string role) => block["weights"]!.AsArray().First(weight => (string)weight!["role"]! == role)!["frobenius"];
}
