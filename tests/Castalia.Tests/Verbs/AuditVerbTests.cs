using System.Text.Json.Nodes;
using Castalia.Tests.Audit;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>castalia audit, from folders to what it says.</summary>
public sealed class AuditVerbTests
{
    [Fact]
    public void A_clean_series_ends_with_0_and_notes_the_first_step()
    {
        using var series = new Series();
        string[] folders = [.. new long[] { 0, 1, 1000, 2000 }.Select(step => series.Write($"step{step}", (name, i) => Series.At(name, i, step)))];
        var (code, output, error) = CommandLineTests.Castalia(["audit", "--no-cache", .. folders]);
        Assert.True(code == 0, error);
        Assert.StartsWith("  4 revisions: 0 defects, 1 note.", output, StringComparison.Ordinal);
        Assert.Contains("at a learning rate of 0, in every Pythia", Words(output), StringComparison.Ordinal);
        Assert.Contains("because no card is known of this model", Words(output), StringComparison.Ordinal);
    }

    [Fact]
    public void A_foreign_shard_and_another_beginning_are_defects_and_end_with_3()
    {
        using var series = new Series();
        const string foreign = "layers.1.";
        string[] folders =
        [
            series.Write("step0", (name, i) => 2 * Series.At(name, i, 0)),
            .. new long[] { 1000, 2000, 3000, 50000, 51000 }.Select(step => series.Write($"step{step}", (name, i) => Series.At(name, i, step == 2000 && name.Contains(foreign, StringComparison.Ordinal) ? 50000 : step))),
        ];
        var (code, output, error) = CommandLineTests.Castalia(["audit", "--no-cache", .. folders, "--json"]);
        Assert.True(code == 3, error);
        var json = JsonNode.Parse(output)!;
        Assert.False((bool)json["clean"]!);
        var findings = json["findings"]!.AsArray();
        var shared = Assert.Single(findings, finding => (string)finding!["kind"]! == "ForeignTensors")!;
        Assert.EndsWith("step50000", (string)shared["owner"]!, StringComparison.Ordinal);
        Assert.All(shared["tensors"]!.AsArray(), tensor => Assert.Contains(foreign, (string)tensor!, StringComparison.Ordinal));
        var initial = Assert.Single(findings, finding => (string)finding!["kind"]! == "InitialStatistics")!;
        Assert.Contains(initial["initial"]!.AsArray(), kind => (string)kind!["documented"]! == "wang_init");
    }

    [Fact]
    public void Revisions_of_two_models_are_refused_with_what_differs()
    {
        using var series = new Series();
        var (code, output, error) = CommandLineTests.Castalia(["audit", "--no-cache", series.Write("step0", (name, i) => Series.At(name, i, 0)), Shared.Path("golden", "models", "gpt2", "gpt2")]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("to do: ", error, StringComparison.Ordinal);
    }

    static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
