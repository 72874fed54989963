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
            Assert.InRange(network.GetProperty("gain").GetDouble(), 1, 3);
            Assert.InRange(network.GetProperty("r_true").GetDouble(), -1, 1);
        }
        Assert.Equal(["tied", "levels"], networks[0].EnumerateObject().Select(member => member.Name).Where(name => name is "tied" or "levels"));
        string table = File.ReadAllText(Path.Combine(folder, "networks.csv"));
        Assert.Equal(networks.Select(network => network.GetProperty("weights_sha256").GetString()), TwinTable.Parse(table, "t").Networks.Select(network => network.Text("weights_sha256")));
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("shipped").ValueKind);
        string[] runs = Directory.GetDirectories(Path.Combine(folder, "runs"));
        Assert.Equal(4, runs.Length);
        var query = InProcess.Run(["query", "SELECT category, count(*), min(true_entropy), max(true_entropy), count(DISTINCT entropy) > 1 FROM readings WHERE true_entropy IS NOT NULL GROUP BY ALL ORDER BY ALL",
            "--runs", Path.Combine(folder, "runs"), "--format", "csv"]);
        Assert.Equal(["long-range,160,0", "open,160,", "settled,160,0"], query.Output.Split('\n')[1..4].Select(line => line.StartsWith("open", StringComparison.Ordinal) ? line[..9] : line[..(line.IndexOf(",160,0", StringComparison.Ordinal) + 6)]));

        var again = InProcess.Run(["twins", plan, "--out", folder, "--threads", "1"]);
        Assert.Equal(0, again.Code);
        Assert.Equal(runs, Directory.GetDirectories(Path.Combine(folder, "runs")));
        Assert.Equal(table, File.ReadAllText(Path.Combine(folder, "networks.csv")));
        var manifest = InProcess.Run(["query", "SELECT weights_sha256 FROM models ORDER BY run", "--runs", Path.Combine(folder, "runs"), "--format", "csv"]);
        Assert.Equal(TwinTable.Parse(table, "t").Networks.Select(network => network.Text("weights_sha256")).Order(), manifest.Output.Split("\r\n")[1..^1].Order());
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
    public void What_studies_that_ship_have_shown_is_printed_without_training()
    {
        var all = InProcess.Run(["twins", "--results"]);
        Assert.True(all.Code == 0, all.Error);
        Assert.All(ShippedStudy.Names, name => Assert.Contains($"{name}: ", all.Output, StringComparison.Ordinal));
        Assert.Contains("castalia twins heads --out DIR", all.Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(InProcess.Run(["twins", "--results", "heads", "--json"]).Output);
        var study = Assert.Single(json.RootElement.GetProperty("studies").EnumerateArray());
        Assert.Equal(("heads", "h11-head-crowding"), (study.GetProperty("study").GetString(), study.GetProperty("hypotheses")[0].GetProperty("id").GetString()));
        Assert.Equal(ShippedStudy.TextOf("heads"), InProcess.Run(["twins", "heads", "--plan"]).Output);
    }

    [Theory]
    [InlineData("--plan needs the name", "twins", "--plan")]
    [InlineData("ask for one", "twins", "heads", "--plan", "--results")]
    [InlineData("Did you mean 'heads'?", "twins", "--results", "haeds")]
    [InlineData("Did you mean 'heads'?", "twins", "haeds")]
    public void What_cannot_be_asked_is_refused(string why, params string[] args)
    {
        var run = InProcess.Run(args);
        Assert.Equal((2, true), (run.Code, run.Error.Contains(why, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_study_of_ones_own_is_read_by_hypotheses()
    {
        File.Copy(Path.Combine(Shared.Repository, "tests", "golden", "twins", "tiny-wiring.csv"), Path.Combine(_folder.Path, "networks.csv"));
        string file = _folder.Write("own.yaml", Hypotheses.OverTwins.WrittenOverTwins.Yaml());
        var run = InProcess.Run(["hypotheses", "own-1", "--file", file, "--twins", _folder.Path, "--runs", _folder.Path, "--json"]);
        Assert.True(run.Code == 0, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        var twins = json.RootElement.GetProperty("hypotheses")[0].GetProperty("twins");
        Assert.Equal(("supported", true), (twins.GetProperty("verdict").GetString(), twins.GetProperty("studies")[0].GetProperty("is_own").GetBoolean()));
        Assert.Equal(6, twins.GetProperty("evidence")[0].GetProperty("rows").GetArrayLength());
        var page = InProcess.Run(["hypotheses", "own-1", "--file", file, "--twins", _folder.Path, "--runs", _folder.Path]);
        Assert.Contains("In place of those that ship: tiny-wiring.", page.Output, StringComparison.Ordinal);
        Assert.Equal(2, InProcess.Run(["hypotheses", "--twins", Path.Combine(_folder.Path, "none"), "--runs", _folder.Path]).Code);
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
