using System.Text.Json;
using Castalia.Analyses;
using Castalia.Dossier;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Store;
using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Dossier;

/// <summary>The dossier's isomorphisms are those that dynamics printed; what it lacked comes from other runs of the same weights.</summary>
public sealed class StoredIsomorphismsTests
{
    [Fact]
    public void They_are_the_commands_own_and_reference_texts_and_fewer_heads_fill_what_it_lacked()
    {
        using var folder = new TemporaryFolder();
        string own = Path.Combine(folder.Path, "runs"), model = Path.Combine(Shared.Repository, "tests", "golden", "models", "llama", "gqa");
        string prompts = folder.Write("p.jsonl", "{\"ids\":[1,2,3,4]}\n{\"ids\":[5,6,7]}\n{\"ids\":[9,3,3,8,2]}\n"), texts = folder.Write("t.jsonl", "{\"ids\":[11,12,13,14,15]}\n{\"ids\":[21,22,23]}\n");
        using var printed = JsonDocument.Parse(Castalia("dynamics", model, "--prompts", prompts, "--blocks", "all", "--json", "--out", own));
        Castalia("explain", model, "--prompts", prompts, "--reference", texts, "--out", own);
        Castalia("intervene", model, "--prompts", prompts, "--do", "fewer-heads", "--out", own);

        using var store = RunStore.Open(own, TestContext.Current.CancellationToken);
        var found = Assert.Single(StoredIsomorphisms.Of(store, TestContext.Current.CancellationToken));
        var rows = printed.RootElement.GetProperty("isomorphisms").EnumerateArray().ToArray();
        Assert.Equal(17, rows.Length);
        Assert.Equal(rows.Length, found.Rows.Count);
        foreach (var (row, isomorphism) in rows.Zip(found.Rows).Where(pair => pair.First.GetProperty("value").ValueKind == JsonValueKind.Number))
        {
            Assert.Equal(row.GetProperty("quantity").GetString(), isomorphism.Quantity);
            Assert.Equal(row.GetProperty("value").GetDouble(), isomorphism.Value.Value);
            Assert.Equal(row.GetProperty("interval95").ValueKind == JsonValueKind.Array ? row.GetProperty("interval95")[1].GetDouble() : null, isomorphism.Interval95.Value?.High);
            Assert.Equal(row.GetProperty("n").GetInt32(), isomorphism.N);
        }

        var reference = store.Query("SELECT value FROM attribution WHERE part = 'common_mode_rejection' AND layer = 3 AND position = tokens - 1", TestContext.Current.CancellationToken).Rows;
        var rejection = Assert.Single(found.Rows, row => row.Quantity == "common-mode rejection");
        Assert.Equal(reference.Average(row => (double)row[0]!), rejection.Value.Value!.Value, 1e-12);

        var heads = Assert.Single(found.Rows, row => row.Science == "networks");
        var half = store.Query("SELECT gain, units FROM interventions WHERE intervention LIKE 'without half of the heads%' AND layer = 3", TestContext.Current.CancellationToken).Rows;
        Assert.Equal(60, half.Count);
        Assert.Equal(half.Average(row => (double)row[0]!), heads.Value.Value!.Value, 1e-12);
        Assert.StartsWith("gain with a share f = 0.5 of the heads left; G(f) ", heads.Quantity, StringComparison.Ordinal);
        Assert.Equal(3, found.Sources.Count);

        string page = MarkdownPrinter.Of(DossierReport.Of(DossierEvidence.Of(store, TestContext.Current.CancellationToken), "analogies"));
        Assert.Contains("Isomorphisms as numbers: gqa", page, StringComparison.Ordinal);
        Assert.All(found.Rows.Where(row => row.Value.Value is null), row => Assert.Contains(row.Value.UndefinedBecause!, page, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_a_run_that_has_them_the_command_stands_in_their_place() =>
        Assert.Contains("castalia dynamics CHECKPOINT --blocks all", MarkdownPrinter.Of(DossierReport.Of(DossierEvidence.Of(store: null, TestContext.Current.CancellationToken), "analogies")), StringComparison.Ordinal);

    [Fact]
    public void The_threshold_is_where_the_mean_gain_crosses_one()
    {
        var heads = new[] { (1.0, 0.8), (0.75, 0.9), (0.5, 1.1), (0.0, 1.3) }.Select(left => new HeadsLeft(left.Item1, [left.Item2 - 0.05, left.Item2 + 0.05])).ToArray();
        var row = Isomorphism.Of(new() { Width = 8, Last = [], SetPoints = [], Heads = heads }, 1)[^1];
        Assert.Equal("gain with a share f = 0.5 of the heads left; G(f) 0.800 at 1, 0.900 at 0.75, 1.100 at 0.5, 1.300 at 0; thresholds of the means at 0.63", row.Quantity);
        Assert.Equal(1.1, row.Value.Value!.Value, 1e-12);
        Assert.Contains("no threshold", Isomorphism.Of(new() { Width = 8, Last = [], SetPoints = [], Heads = heads[2..] }, 1)[^1].Quantity, StringComparison.Ordinal);
    }

    static string Castalia(params string[] arguments)
    {
        var (code, output, error) = CommandLineTests.Castalia(arguments);
        Assert.True(code == 0, error);
        return output;
    }
}
