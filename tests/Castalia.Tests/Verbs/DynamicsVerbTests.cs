using System.Text.Json;
using Castalia.Runs;
using Castalia.Store;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class DynamicsVerbTests
{
    [Fact]
    public void The_document_has_every_block_and_the_file_every_Jacobian()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "j.safetensors");
        var (code, output, error) = Dynamics(folder, "llama/gqa", "--blocks", "all", "--json", "--jacobian", file);
        Assert.True(code == 0, error);
        Assert.Contains("needs about", error, StringComparison.Ordinal);
        Assert.Contains("Jacobians of", error, StringComparison.Ordinal);
        using var document = JsonDocument.Parse(output);
        var prompts = document.RootElement.GetProperty("prompts").EnumerateArray().ToArray();
        Assert.Equal(3, prompts.Length);
        var arrays = GoldenArrays.Load(file);
        for (int p = 0; p < prompts.Length; p++)
        {
            var blocks = prompts[p].GetProperty("blocks").EnumerateArray().ToArray();
            Assert.Equal([0, 1, 2, 3], blocks.Select(block => block.GetProperty("block").GetInt32()));
            foreach (var block in blocks)
            {
                double[] values = [.. block.GetProperty("singular_values").EnumerateArray().Select(value => value.GetDouble())];
                int d = values.Length;
                Assert.Equal(values.OrderDescending(), values);
                Assert.Equal(values.Sum(value => Math.Log(value)), block.GetProperty("log_abs_det").GetDouble(), 1e-9);
                var jacobian = arrays[$"p{p}.blocks.{block.GetProperty("block").GetInt32()}.jacobian"];
                Assert.Equal([d, d], jacobian.Shape);
                Assert.Equal(values.Sum(value => value * value), jacobian.Values.Sum(value => value * value), 1e-9 * d);
                foreach (string name in new[] { "along", "jh_minus_h", "kappa_attn", "kappa_mlp" }) Assert.True(double.IsFinite(block.GetProperty(name).GetDouble()), name);
            }
        }
        var rows = document.RootElement.GetProperty("isomorphisms").EnumerateArray().ToArray();
        Assert.Equal(
            ["control theory", "dynamical systems", "bifurcation theory", "statistical mechanics", "condensation", "biology", "networks"],
            rows.Select(row => row.GetProperty("science").GetString()).Distinct());
        Assert.All(rows, row => Assert.True(row.GetProperty("value").ValueKind == JsonValueKind.Number ^ row.GetProperty("undefined_because").ValueKind == JsonValueKind.String));

        using var store = RunStore.Open(Path.Combine(folder.Path, "runs"), TestContext.Current.CancellationToken);
        var stored = store.Query("SELECT count(*), count(DISTINCT layer), max(abs(d.gain - r.gain)) FROM dynamics d JOIN readings r USING (run, prompt_index, layer) WHERE position_rule = 'last'", TestContext.Current.CancellationToken).Rows[0];
        Assert.Equal((12L, 4L), ((long)stored[0]!, (long)stored[1]!));
        Assert.InRange((double)stored[2]!, 0, 1e-5);
    }

    [Theory]
    [InlineData("gpt_neox/pythia", "Attention and MLP both read a norm of h")]
    [InlineData("llama/gqa", "The MLP reads a norm of h + attn")]
    [InlineData("olmo2/olmo2", "read the stream itself and are normed after")]
    public void The_page_says_which_law_the_wiring_implies(string @case, string sentence)
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = Dynamics(folder, @case, "--format", "plain");
        Assert.True(code == 0, error);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
        Assert.Contains("what would make the analogy false", output, StringComparison.Ordinal);
        Assert.Contains("it takes the mean of reference texts", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_that_is_not_there_is_refused_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "j.safetensors");
        var (code, output, error) = Dynamics(folder, "llama/gqa", "--blocks", "0,9", "--jacobian", file);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("There is no block 9: the model has 4, counted from 0.", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "runs")) || File.Exists(file));
        (code, output, error) = Dynamics(folder, "llama/gqa", "--jacobian", Path.Combine(folder.Path, "none", "j.safetensors"));
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("none", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "runs")));
    }

    [Fact]
    public void The_document_of_the_columns_is_the_list_of_the_columns()
    {
        string path = Path.Combine(Shared.Repository, "docs", "dynamics.md"), document = File.ReadAllText(path);
        int table = document.IndexOf("| column |", StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, (table < 0 ? document : document[..table]) + RunTables.Dynamics.Documentation());
            Assert.Fail("wrote docs/dynamics.md");
        }
        Assert.Equal(RunTables.Dynamics.Documentation(), document[table..]);
    }

    static (int Code, string Output, string Error) Dynamics(TemporaryFolder folder, string @case, params string[] options)
    {
        string prompts = folder.Write("p.jsonl", """
            {"category": "a", "ids": [5, 6, 7]}
            {"category": "b", "ids": [8, 9]}
            {"category": "a", "ids": [3]}
            """);
        return CommandLineTests.Castalia(["dynamics", Golden.Load(@case).Checkpoint, "--prompts", prompts, "--out", Path.Combine(folder.Path, "runs"), .. options]);
    }
}
