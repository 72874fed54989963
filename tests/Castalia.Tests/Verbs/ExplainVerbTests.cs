using System.Text.Json;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class ExplainVerbTests
{
    static readonly string[] s_figures = ["gain_squared_minus_one", "attn", "mlp", "attn_bias", "mlp_bias", "rounding"];

    static string Model(string @case) => Golden.Load(@case).Checkpoint;

    [Fact]
    public void With_every_part_the_document_has_all_of_them_by_prompt_and_block()
    {
        using var folder = new TemporaryFolder();
        using var document = Document(folder, "mixtral/mixtral", "--blocks", "all", "--all-parts");
        var prompts = document.RootElement.GetProperty("prompts").EnumerateArray().ToArray();
        Assert.Equal(2, prompts.Length);
        foreach (var prompt in prompts)
        {
            var blocks = prompt.GetProperty("blocks").EnumerateArray().ToArray();
            Assert.Equal(Enumerable.Range(0, document.RootElement.GetProperty("n_layers").GetInt32()), blocks.Select(b => b.GetProperty("block").GetInt32()));
            foreach (var block in blocks)
            {
                double[] figures = [.. s_figures.Select(name => block.GetProperty(name).GetDouble())], heads = Values(block, "heads"), neurons = Values(block, "neurons");
                using var config = JsonDocument.Parse(File.ReadAllText(Path.Combine(Model("mixtral/mixtral"), "config.json")));
                int Of(string key) => config.RootElement.GetProperty(key).GetInt32();
                Assert.Equal((Of("num_attention_heads"), Of("num_local_experts") * Of("intermediate_size"), Of("hidden_size")), (heads.Length, neurons.Length, Values(block, "dimensions").Length));
                // Two experts are chosen, the neurons of the others are 0.
                Assert.Equal(2, neurons.Chunk(Of("intermediate_size")).Count(expert => expert.Any(a => a != 0)));
                double size = heads.Sum(Math.Abs) + neurons.Sum(Math.Abs);
                Assert.InRange(figures[1] + figures[2] + figures[5] - figures[0], -1e-9 * size, 1e-9 * size);
                Assert.InRange(heads.Sum() + neurons.Sum() + figures[3] + figures[4] + figures[5] - figures[0], -1e-9 * size, 1e-9 * size);
                Assert.InRange(Values(block, "dimensions").Sum() - figures[0], -1e-9 * size, 1e-9 * size);
            }
        }
    }

    [Fact]
    public void Without_it_the_largest_are_listed_of_the_last_block()
    {
        using var folder = new TemporaryFolder();
        using var document = Document(folder, "gpt_neox/pythia", "--positions", "all");
        var block = Assert.Single(document.RootElement.GetProperty("prompts")[0].GetProperty("blocks").EnumerateArray());
        Assert.Equal(3, block.GetProperty("block").GetInt32());
        Assert.False(block.TryGetProperty("neurons", out _));
        double[] sizes = [.. block.GetProperty("largest_neurons").EnumerateArray().Select(part => Math.Abs(part.GetProperty("value").GetDouble()))];
        Assert.Equal(50, sizes.Length);
        Assert.Equal(sizes.OrderDescending(), sizes);
        var positions = block.GetProperty("positions").EnumerateArray().ToArray();
        Assert.Equal([0, 1, 2], positions.Select(position => position.GetProperty("position").GetInt32()));
        Assert.Equal(block.GetProperty("attn").GetDouble(), positions[^1].GetProperty("attn").GetDouble());
    }

    [Fact]
    public void The_page_leads_from_1_to_the_squared_gain_and_names_heads_and_neurons()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = Explain(folder, "gpt_neox/pythia", "--blocks", "0,2");
        Assert.True(code == 0, error);
        Assert.StartsWith("pythia: where the gain of block 2 of 0 to 3 comes from\n", output, StringComparison.Ordinal);
        string[] lines = output.Split('\n');
        int from = Array.FindIndex(lines, line => line.StartsWith("  1  ", StringComparison.Ordinal)), to = Array.FindIndex(lines, line => line.StartsWith("  G²  ", StringComparison.Ordinal));
        Assert.Equal(["1", "attention's heads", "attention's bias", "neurons above 0", "neurons below 0", "MLP's bias", "rounding", "G²"],
            lines[from..(to + 1)].Select(line => line[..20].Split("  ", StringSplitOptions.RemoveEmptyEntries)[0].TrimEnd('█', '░', '│', ' ')));
        Assert.Contains("Half of what the neurons below 0 take is taken by ", output, StringComparison.Ordinal);
        Assert.Contains("a (1)", output, StringComparison.Ordinal);
        Assert.Contains("no category (1)", output, StringComparison.Ordinal);
        Assert.Contains("first token", output, StringComparison.Ordinal);
        Assert.Contains("no tokens are named", output, StringComparison.Ordinal);
        Assert.Contains("run folder: ", error, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(Path.Combine(folder.Path, "runs")));
    }

    [Theory]
    [InlineData("4", "There is no block 4: the model has 4, counted from 0.")]
    [InlineData("first", "--blocks takes last, all, or indices from 0 with commas between them, as 0,3; not 'first'.")]
    [InlineData("0,-1", "--blocks takes last, all, or indices from 0 with commas between them, as 0,3; not '0,-1'.")]
    public void A_block_that_is_not_there_is_refused_and_nothing_is_written(string blocks, string refusal)
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = Explain(folder, "gpt_neox/pythia", "--blocks", blocks);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains(refusal, error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "runs")));
    }

    [Fact]
    public void A_final_norm_without_a_weight_is_said()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = Explain(folder, "olmo/olmo");
        Assert.True(code == 0, error);
        Assert.Contains("final norm has no weight", string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    static double[] Values(JsonElement of, string name) => [.. of.GetProperty(name).EnumerateArray().Select(value => value.GetDouble())];

    static JsonDocument Document(TemporaryFolder folder, string @case, params string[] options)
    {
        var (code, output, error) = Explain(folder, @case, ["--json", .. options]);
        Assert.True(code == 0, error);
        return JsonDocument.Parse(output);
    }

    static (int Code, string Output, string Error) Explain(TemporaryFolder folder, string @case, params string[] options)
    {
        string prompts = folder.Write("p.jsonl", """
            {"category": "a", "ids": [5, 6, 7]}
            {"ids": [8, 9]}
            """);
        return CommandLineTests.Castalia(["explain", Model(@case), "--prompts", prompts, "--out", Path.Combine(folder.Path, "runs"), .. options]);
    }
}
