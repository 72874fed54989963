using System.Text.Json;
using Castalia.Twins;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class TwinsVerbTests : IDisposable
{
    const string Plan = """
        name: wirings
        base: { blocks: 2, width: 16, heads: 2, steps: 5, warm_up: 1, batch: 2, tokens: 24, vocabulary: 96 }
        cross: { wiring: [sequential, parallel] }
        seeds: 2
        keep: last
        """;

    readonly TemporaryFolder _folder = new();

    [Fact]
    public void Networks_are_trained_and_measured_once_with_the_true_entropy_beside_the_models()
    {
        string plan = _folder.Write("p.yaml", Plan), folder = Path.Combine(_folder.Path, "out");
        var run = InProcess.Run(["twins", plan, "--out", folder, "--threads", "2", "--json"]);
        Assert.True(run.Code == 0, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        var networks = json.RootElement.GetProperty("networks").EnumerateArray().ToList();
        Assert.Equal(["wiring=sequential", "wiring=sequential", "wiring=parallel", "wiring=parallel"], networks.Select(network => network.GetProperty("cell").GetString()));
        foreach (var network in networks)
        {
            Assert.Equal(120, network.GetProperty("prompts").GetInt32());
            Assert.InRange(network.GetProperty("least_loss").GetDouble(), 0.4, 1.4);
            Assert.InRange(network.GetProperty("loss").GetDouble(), 3, 6);
            Assert.InRange(network.GetProperty("gain_mean").GetDouble(), 1, 3);
            Assert.InRange(network.GetProperty("pearson_gain_true_entropy").GetDouble(), -1, 1);
        }
        string[] runs = Directory.GetDirectories(Path.Combine(folder, "runs"));
        Assert.Equal(4, runs.Length);
        var query = InProcess.Run(["query", "SELECT category, count(*), min(true_entropy), max(true_entropy), count(DISTINCT entropy) > 1 FROM readings WHERE true_entropy IS NOT NULL GROUP BY ALL ORDER BY ALL",
            "--runs", Path.Combine(folder, "runs"), "--format", "csv"]);
        Assert.Equal(["long-range,160,0", "open,160,", "settled,160,0"], query.Output.Split('\n')[1..4].Select(line => line.StartsWith("open", StringComparison.Ordinal) ? line[..9] : line[..(line.IndexOf(",160,0", StringComparison.Ordinal) + 6)]));

        var again = InProcess.Run(["twins", plan, "--out", folder, "--threads", "1"]);
        Assert.Equal(0, again.Code);
        Assert.Equal(runs, Directory.GetDirectories(Path.Combine(folder, "runs")));
        Assert.Contains("4 networks of 2 cells", again.Output, StringComparison.Ordinal);
        Assert.Contains("mean ± sd over seeds", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_plan_that_cannot_be_is_refused_before_anything_is_written()
    {
        string plan = _folder.Write("p.yaml", "cross:\n  norm: [layernorm, rmsnorm]\n"), folder = Path.Combine(_folder.Path, "out");
        var run = InProcess.Run(["twins", plan, "--out", folder]);
        Assert.Equal(2, run.Code);
        Assert.Contains($"where: {plan}, line 2, column 21: norm rmsnorm", run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void The_document_has_the_table_of_factors()
    {
        string path = Path.Combine(Shared.Repository, "docs", "twins.md"), document = File.ReadAllText(path), table = Factors.Documentation();
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            int from = document.IndexOf("small-wang.\n\n", StringComparison.Ordinal) + "small-wang.\n\n".Length, to = document.IndexOf("\nA network is written", StringComparison.Ordinal);
            File.WriteAllText(path, document[..from] + table + document[to..]);
            Assert.Fail("docs/twins.md was written: look at it.");
        }
        Assert.Contains(table, document, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
