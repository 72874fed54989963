using System.Text.Json;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class TraceAndTokensTests
{
    static readonly string Llama = Path.Combine(Shared.Repository, "tests", "golden", "models", "llama", "gqa");
    static readonly string Tokenizer = Path.Combine(Shared.Repository, "tests", "golden", "tokenizers", "llama3-style", "tokenizer.json");

    static readonly string[] Written = ["z", "resid_post"];

    [Fact]
    public void Trace_writes_the_sites_asked_for_under_the_goldens_names()
    {
        using var folder = new TemporaryFolder();
        string prompts = folder.Write("p.jsonl", """
            {"ids": [5, 6, 7]}
            {"ids": [8]}
            """), file = Path.Combine(folder.Path, "out.safetensors");
        var (code, output, error) = CommandLineTests.Castalia(
            ["trace", Llama, "--prompts", prompts, "--out", file, "--sites", "resid_post,z,logits", "--positions", "last"]);
        Assert.True(code == 0, error);
        Assert.Equal($"2 prompts, 4 tokens, last position: {file}\n", output);
        Assert.Matches(@"gqa: needs about \d+ MiB of memory; \d+\.\d GiB are available", error);
        var arrays = GoldenArrays.Load(file);
        string[] expected = [.. from p in Enumerable.Range(0, 2) from l in Enumerable.Range(0, 4) from s in Written select $"p{p}.blocks.{l}.{s}"];
        Assert.Equal(expected.Append("p0.logits").Append("p1.logits").Order(), arrays.Keys.Order());
    }

    [Fact]
    public void Trace_takes_and_gives_the_names_of_TransformerLens()
    {
        using var folder = new TemporaryFolder();
        string prompts = folder.Write("p.jsonl", """{"ids": [5, 6, 7]}"""), file = Path.Combine(folder.Path, "out.safetensors"), whole = Path.Combine(folder.Path, "whole.safetensors");
        var (code, _, error) = CommandLineTests.Castalia(
            ["trace", Llama, "--prompts", prompts, "--out", file, "--sites", "blocks.1.hook_resid_post,blocks.3.attn.hook_z,blocks.3.hook_resid_post,attn_in", "--names", "transformer-lens"]);
        Assert.True(code == 0, error);
        CommandLineTests.Castalia(["trace", Llama, "--prompts", prompts, "--out", whole]);
        Dictionary<string, string> ours = new()
        {
            ["p0.blocks.1.hook_resid_post"] = "p0.blocks.1.resid_post",
            ["p0.blocks.3.hook_resid_post"] = "p0.blocks.3.resid_post",
            ["p0.blocks.3.attn.hook_z"] = "p0.blocks.3.z",
        };
        for (int block = 0; block < 4; block++) ours[$"p0.blocks.{block}.attn_in"] = $"p0.blocks.{block}.attn_in"; // which has no such name
        var (some, all) = (GoldenArrays.Load(file), GoldenArrays.Load(whole));
        Assert.Equal(ours.Keys.Order(), some.Keys.Order());
        Assert.All(ours, name => Assert.Equal(all[name.Value].Values, some[name.Key].Values));
        foreach (var (sites, says) in new[] { ("blocks.4.hook_resid_post", "There is no blocks.4.hook_resid_post: the model has 4 blocks"), ("blocks.1.hook_q", "--sites does not know 'blocks.1.hook_q'") })
        {
            (code, _, error) = CommandLineTests.Castalia(["trace", Llama, "--prompts", prompts, "--out", Path.Combine(folder.Path, "none"), "--sites", sites]);
            Assert.Equal(2, code);
            Assert.Contains(says, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_trace_writes_says_what_it_is()
    {
        using var folder = new TemporaryFolder();
        string pythia = Path.Combine(Shared.Repository, "tests", "golden", "models", "gpt_neox", "pythia"), file = Path.Combine(folder.Path, "out.safetensors");
        string prompts = folder.Write("p.jsonl", """
            {"name": "one \"quoted\" é", "category": "odd", "ids": [5, 6, 7]}
            {"ids": [8]}
            """);
        var (code, _, error) = CommandLineTests.Castalia(
            ["trace", pythia, "--prompts", prompts, "--out", file, "--sites", "resid_post,mlp_out,final_norm_out", "--activation", "tanh", "--bos", "none"]);
        Assert.True(code == 0, error);
        byte[] bytes = File.ReadAllBytes(file);
        using var header = JsonDocument.Parse(bytes.AsMemory(8, (int)BitConverter.ToInt64(bytes)));
        var metadata = header.RootElement.GetProperty("__metadata__").EnumerateObject().ToDictionary(text => text.Name, text => text.Value.GetString()!);
        Assert.Equal(("castalia trace 1", "pythia", "none", "all"), (metadata["contents"], metadata["model"], metadata["bos"], metadata["positions"]));
        Assert.Equal(("GeluTanh", "GeluErf"), (metadata["activation"], metadata["stated_activation"]));
        Assert.Equal("2e1942432974c05d07a78c13bd5414900e2f5a0fdcdfb7bea4666b2ea70e484a", metadata["weights_sha256"]); // as WeightsLayoutTests have it from Python
        Assert.StartsWith("castalia ", metadata["software"]);
        using var sites = JsonDocument.Parse(metadata["sites"]);
        Assert.Equal(["mlp_out", "resid_post", "final_norm_out"], sites.RootElement.EnumerateObject().Select(site => site.Name));
        using var fed = JsonDocument.Parse(metadata["prompts"]);
        Assert.Equal("one \"quoted\" é", fed.RootElement[0].GetProperty("name").GetString());
        Assert.Equal([5, 6, 7], fed.RootElement[0].GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()));
        Assert.Equal(2, fed.RootElement.GetArrayLength());
    }

    [Fact]
    public void Trace_refuses_a_site_it_does_not_know_and_writes_nothing()
    {
        using var folder = new TemporaryFolder();
        string prompts = folder.Write("p.jsonl", """{"ids": [5]}"""), file = Path.Combine(folder.Path, "out.safetensors");
        var (code, output, error) = CommandLineTests.Castalia(["trace", Llama, "--prompts", prompts, "--out", file, "--sites", "resid_pots"]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("--sites does not know 'resid_pots'", error);
        Assert.Contains("Did you mean 'resid_post'?", error);
        (code, _, error) = CommandLineTests.Castalia(["trace", Llama, "--prompts", folder.Write("q.jsonl", """{"ids": [227]}"""), "--out", file]);
        Assert.Equal(2, code);
        Assert.Contains("Token id 227 is outside the model's vocabulary of 227 rows", error);
        Assert.Contains("q.jsonl", error);
        Assert.Equal(["p.jsonl", "q.jsonl"], Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Trace_refuses_by_name_a_site_that_the_model_does_not_have()
    {
        using var folder = new TemporaryFolder();
        string parallel = Path.Combine(Shared.Repository, "tests", "golden", "models", "gpt_neox", "pythia");
        string[] command = ["trace", parallel, "--prompts", folder.Write("p.jsonl", """{"ids": [5]}"""), "--out", Path.Combine(folder.Path, "out.safetensors")];
        var (code, output, error) = CommandLineTests.Castalia([.. command, "--sites", "resid_mid,z"]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("The blocks of this model (GPT-NeoX (Pythia)) have no resid_mid.", error);
        Assert.Single(Directory.GetFileSystemEntries(folder.Path));
        Assert.Equal(0, CommandLineTests.Castalia(command).Code);
    }

    [Fact]
    public void A_tokenizer_that_is_not_read_stops_texts_and_not_ids()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in new[] { "config.json", "model.safetensors" }) folder.Write(file, File.ReadAllBytes(Path.Combine(Llama, file)));
        folder.Write("tokenizer.json", """{"model": {"type": "Unheard"}}""");
        string ids = folder.Write("p.jsonl", """{"ids": [5, 6]}"""), runs = Path.Combine(folder.Path, "runs"), trace = Path.Combine(folder.Path, "t.safetensors");
        var (code, output, error) = CommandLineTests.Castalia(["measure", folder.Path, "--prompts", ids, "--out", runs]);
        Assert.True(code == 0, error);
        string page = string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("tokenizer not read: Model type 'Unheard' is not supported. Prompts are token ids, no vocabulary row counts as padding", page);
        string manifest = File.ReadAllText(Path.Combine(Assert.Single(Directory.GetDirectories(runs)), "manifest.json"));
        Assert.Equal("Model type 'Unheard' is not supported.", JsonDocument.Parse(manifest).RootElement.GetProperty("models")[0].GetProperty("tokenizer_unread_because").GetString());
        Assert.Equal(0, CommandLineTests.Castalia(["trace", folder.Path, "--prompts", ids, "--out", trace]).Code);
        (code, _, error) = CommandLineTests.Castalia(["measure", folder.Path, "--prompts", folder.Write("p.txt", "a"), "--out", runs]);
        Assert.Equal(2, code);
        Assert.Contains("Model type 'Unheard' is not supported.", error);
        Assert.Single(Directory.GetDirectories(runs));
    }

    [Fact]
    public void A_damaged_tokenizer_stops_ids_too_and_says_why()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in new[] { "config.json", "model.safetensors" }) folder.Write(file, File.ReadAllBytes(Path.Combine(Llama, file)));
        string tokenizer = folder.Write("tokenizer.json", """{"model": {"type": """), ids = folder.Write("p.jsonl", """{"ids": [5, 6]}"""), runs = Path.Combine(folder.Path, "runs");
        foreach (string[] command in new string[][] { ["measure", folder.Path, "--prompts", ids, "--out", runs], ["plan", folder.Path, "--prompts", ids] })
        {
            var (code, output, error) = CommandLineTests.Castalia(command);
            Assert.Equal((2, ""), (code, output));
            Assert.Contains("Not valid JSON", error);
            Assert.Contains("Prompts of ids need it too: it says which rows of the vocabulary are padding, and entropies leave those out.", string.Join(' ', error.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        }
        Assert.DoesNotContain("Prompts of ids", CommandLineTests.Castalia(["measure", folder.Path, "--prompt", "a", "--out", runs]).Error);
        File.Delete(tokenizer);
        Assert.Equal(0, CommandLineTests.Castalia(["measure", folder.Path, "--prompts", ids, "--out", runs]).Code);
    }

    [Fact]
    public void Measure_reads_every_position_and_every_block_when_asked()
    {
        using var folder = new TemporaryFolder();
        string prompts = folder.Write("p.jsonl", """
            {"ids": [5, 6, 7], "name": "one"}
            {"ids": [8]}
            """), runs = Path.Combine(folder.Path, "runs");
        var (code, _, error) = CommandLineTests.Castalia(
            ["measure", Llama, "--prompts", prompts, "--positions", "all", "--logit-lens", "--out", runs, "--threads", "2"]);
        Assert.True(code == 0, error);
        string run = Assert.Single(Directory.GetDirectories(runs));
        using var database = new DuckDB.NET.Data.DuckDBConnection("Data Source=:memory:");
        database.Open();
        using var query = database.CreateCommand();
        query.CommandText = $"""
            select count(*), count(distinct position), count(entropy), count(lens_entropy), count(gain_final_norm)
            from '{Path.Combine(run, "readings.parquet")}' where position_rule = 'position'
            """;
        using var row = query.ExecuteReader();
        Assert.True(row.Read());
        // 4 tokens × 4 blocks; entropy on the last block's rows, the lens on all of them.
        Assert.Equal([16L, 3L, 4L, 16L, 4L], Enumerable.Range(0, 5).Select(row.GetInt64));
    }

    [Fact]
    public void Tokens_prints_a_json_line_for_each_prompt_in_order()
    {
        using var folder = new TemporaryFolder();
        string prompts = folder.Write("p.txt", "a b\n<|end_of_text|>\n");
        var (code, output, error) = CommandLineTests.Castalia(["tokens", Tokenizer, "--prompts", prompts, "--json"]);
        Assert.True(code == 0, error);
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Equal("""{"ids":[0,1],"pieces":["<|begin_of_text|>","<|end_of_text|>"]}""", lines[1]);
        var first = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal(["<|begin_of_text|>", "a", "Ġb"], first.GetProperty("pieces").EnumerateArray().Select(p => p.GetString()));
    }

    [Theory]
    [InlineData("none", "BOS policy none: nothing is added to a text.")]
    [InlineData("default", "BOS policy default: the tokenizer's own rules add [0] before and [] after each text.")]
    [InlineData("always", "BOS policy always: one BOS, id 0, before each text.")]
    public void Tokens_says_what_the_policy_adds(string bos, string expected)
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = CommandLineTests.Castalia(["tokens", Tokenizer, "--prompts", folder.Write("p.txt", "x"), "--bos", bos]);
        Assert.True(code == 0, error);
        Assert.Contains(expected, output);
        Assert.Contains(bos == "none" ? "1: 1 tokens" : "1: 2 tokens", output);
    }

    [Fact]
    public void A_path_without_a_tokenizer_is_bad_input()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = CommandLineTests.Castalia(["tokens", Llama, "--prompts", folder.Write("p.txt", "x")]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("The checkpoint has no tokenizer", error);
    }
}
