using Castalia.Runs;
using Castalia.Store;
using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Runs;

/// <summary>What explain leaves in a run folder.</summary>
public sealed class AttributionTableTests
{
    static readonly string s_model = Path.Combine(Shared.Repository, "tests", "golden", "models", "gpt_neox", "pythia");

    [Theory]
    [InlineData("attribution")]
    [InlineData("units")]
    public void The_document_of_the_columns_is_the_list_of_the_columns(string name)
    {
        string columns = RunTables.All.Single(table => table.Name == name).Documentation();
        string path = Path.Combine(Shared.Repository, "docs", $"{name}.md"), document = File.ReadAllText(path);
        int table = document.IndexOf("| column |", StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, (table < 0 ? document : document[..table]) + columns);
            Assert.Fail($"wrote docs/{name}.md");
        }
        Assert.Equal(columns, document[table..]);
    }

    [Fact]
    public void Its_splits_add_up_to_the_gain_of_the_readings()
    {
        using var folder = new TemporaryFolder();
        string prompts = folder.Write("p.jsonl", """
            {"category": "a", "ids": [5, 6, 7]}
            {"ids": [8]}
            """), runs = Path.Combine(folder.Path, "runs");
        var (code, _, error) = CommandLineTests.Castalia(["explain", s_model, "--prompts", prompts, "--blocks", "all", "--positions", "all", "--all-parts", "--out", runs]);
        Assert.True(code == 0, error);
        using var store = RunStore.Open(runs, TestContext.Current.CancellationToken);
        var sums = store.Query("""
            SELECT any_value(a.model), a.prompt_index, a.layer, a.position, a.split, sum(a.value), any_value(r.gain)
            FROM attribution a JOIN readings r ON r.position_rule = 'position' AND r.prompt_index = a.prompt_index AND r.layer = a.layer AND r.position = a.position
            WHERE a.split IN ('sublayers', 'units', 'dimensions') GROUP BY a.prompt_index, a.layer, a.position, a.split
            """, TestContext.Current.CancellationToken).Rows;
        Assert.Equal(3 * 4 * 4, sums.Count); // splits, blocks, tokens
        Assert.All(sums, row => Assert.Equal(1 + (double)row[5]!, (double)row[6]! * (double)row[6]!, 1e-6 * (double)row[6]! * (double)row[6]!));
        var heads = store.Query("""
            SELECT any_value(u.value), sum(s.value) FROM attribution u JOIN attribution s
            ON s.split = 'sources' AND s."index" = u."index" AND s.prompt_index = u.prompt_index AND s.layer = u.layer AND s.position = u.position
            WHERE u.split = 'units' AND u.part = 'head' GROUP BY u.prompt_index, u.layer, u.position, u."index"
            """, TestContext.Current.CancellationToken).Rows;
        Assert.Equal(4 * 4 * 4, heads.Count); // heads, blocks, tokens
        Assert.All(heads, row => Assert.Equal((double)row[0]!, (double)row[1]!, 1e-4));
    }
}
