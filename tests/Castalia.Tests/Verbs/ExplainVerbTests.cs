using System.Text.Json;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class ExplainVerbTests
{
    static readonly string[] s_figures = ["gain_squared_minus_one", "attn", "mlp", "attn_bias", "mlp_bias", "rounding"];

    static readonly string[] s_rules = ["last", "position"];

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

    [Fact]
    public void What_weights_alone_say_is_read_where_it_is_asked_for()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = Explain(folder, "gpt_neox/pythia");
        Assert.True(code == 0, error);
        Assert.Contains("is not here: --weights reads it", Words(output), StringComparison.Ordinal);
        (code, output, error) = Explain(folder, "gpt_neox/pythia", "--weights");
        Assert.True(code == 0, error);
        Assert.Contains("s, up", output, StringComparison.Ordinal);
        Assert.DoesNotContain("s, gate", output, StringComparison.Ordinal);
        Assert.Contains("The two output biases: cosine ", Words(output), StringComparison.Ordinal);
        (code, output, error) = Explain(folder, "llama/gqa", "--weights");
        Assert.True(code == 0, error);
        Assert.Contains("s, gate", output, StringComparison.Ordinal);
        Assert.Contains("no output bias, so there is no cosine", Words(output), StringComparison.Ordinal);
        using var document = Document(folder, "llama/gqa", "--blocks", "all", "--weights");
        var blocks = document.RootElement.GetProperty("units_over_prompts").GetProperty("blocks").EnumerateArray().ToArray();
        Assert.Equal(Enumerable.Range(0, blocks.Length), blocks.Select(block => block.GetProperty("block").GetInt32()));
        Assert.All(blocks, block => Assert.InRange(block.GetProperty("weights").GetProperty("s_gate")[0].GetDouble(), -1, 1));
    }

    [Fact]
    public void Concentration_goes_with_entropy_as_the_readings_say_over_prompts_and_positions()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(2);
        string prompts = folder.Write("many.jsonl", string.Concat(Enumerable.Range(0, 12).Select(i =>
            $"{{\"category\": \"{i % 2}\", \"ids\": [{string.Join(',', Enumerable.Range(0, 3 + i % 4).Select(_ => random.Next(50)))}]}}\n"))), runs = Path.Combine(folder.Path, "runs");
        var (code, output, error) = CommandLineTests.Castalia(["explain", Model("llama/gqa"), "--prompts", prompts, "--out", runs, "--positions", "all", "--json"]);
        Assert.True(code == 0, error);
        using var document = JsonDocument.Parse(output);
        var concentration = document.RootElement.GetProperty("units_over_prompts").GetProperty("concentration").EnumerateArray().ToArray();
        Assert.Equal(["prompts", "positions"], concentration.Select(c => c.GetProperty("over").GetString()));
        Assert.Equal([12, 12], concentration.Select(c => c.GetProperty("texts").GetInt32()));
        Assert.Equal(["log position", "category"], concentration[1].GetProperty("held_fixed").EnumerateArray().Select(name => name.GetString()));
        using var store = Castalia.Store.RunStore.Open(runs, TestContext.Current.CancellationToken);
        foreach (var (over, rule) in concentration.Zip(s_rules))
        {
            var rows = store.Query($"""
                SELECT h.value, r.entropy FROM attribution h JOIN readings r USING (run, model, prompt_index, layer, position)
                WHERE h.part = 'neurons_half_of_negative' AND r.position_rule = '{rule}' AND (r.position_rule = 'last' OR r.position > 0) ORDER BY h.prompt_index, h.position
                """, TestContext.Current.CancellationToken).Rows;
            Assert.Equal(over.GetProperty("n").GetInt32(), rows.Count);
            var expected = Castalia.Statistics.Correlation.Spearman([.. rows.Select(row => (double)row[0]!)], [.. rows.Select(row => (double)row[1]!)]);
            var found = over.GetProperty("half_of_negative_spearman");
            Assert.Equal(expected.Value!.Value.Coefficient, found.GetProperty("coefficient").GetDouble(), 1e-12);
            Assert.InRange(found.GetProperty("coefficient").GetDouble(), found.GetProperty("low").GetDouble(), found.GetProperty("high").GetDouble());
        }
    }

    [Fact]
    public void The_manifest_states_what_was_explained_and_units_have_a_table()
    {
        using var folder = new TemporaryFolder();
        var (code, _, error) = Explain(folder, "gpt_neox/pythia", "--blocks", "3,1", "--all-parts", "--weights");
        Assert.True(code == 0, error);
        string runs = Path.Combine(folder.Path, "runs");
        using var store = Castalia.Store.RunStore.Open(runs, TestContext.Current.CancellationToken);
        Assert.Equal(new("1,3", AllParts: true, Weights: true), Assert.Single(store.Runs).Explained);
        Assert.Equal(["1,3", true, true, "last"], store.Query("SELECT explained_blocks, explained_all_parts, explained_weights, positions FROM runs", TestContext.Current.CancellationToken).Rows[0]);
        var rows = store.Query("SELECT kind, quantity, count(*), count(DISTINCT layer), count(value) FROM units WHERE layer IS NOT NULL GROUP BY ALL ORDER BY kind, quantity", TestContext.Current.CancellationToken).Rows;
        Assert.Equal(["block bias_cosine", "block bias_difference", "head a_mean", "head a_negative_mean", "head tau", "neuron a_mean", "neuron a_negative_mean", "neuron s_up"], rows.Select(row => $"{row[0]} {row[1]}"));
        Assert.All(rows, row => Assert.Equal((2L, row[2]), (row[3], row[4])));
        Assert.Equal(["unembedding", "folded_norm"], store.Query("SELECT kind, quantity FROM units WHERE layer IS NULL AND value > 0", TestContext.Current.CancellationToken).Rows.Single());
        var means = store.Query("""
            SELECT any_value(u.value), avg(a.value) FROM units u JOIN attribution a ON a.layer = u.layer AND a.part = u.kind AND a."index" = u."index" AND a.split = 'units'
            WHERE u.quantity = 'a_mean' GROUP BY u.layer, u.kind, u."index"
            """, TestContext.Current.CancellationToken).Rows;
        Assert.All(means, row => Assert.Equal((double)row[1]!, (double)row[0]!, 1e-15));
        var (listed, listing, _) = CommandLineTests.Castalia(["runs", "--runs", runs, "--format", "markdown"]);
        Assert.Equal(0, listed);
        Assert.Contains("some, all parts", listing, StringComparison.Ordinal);
    }

    static string Words(string output) => string.Join(' ', output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

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
