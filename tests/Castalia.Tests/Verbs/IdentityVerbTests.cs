using System.Text.Json.Nodes;
using Castalia.Tests.Analyses;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>Runs in which names and models part: links to one checkpoint, and two checkpoints of one name.</summary>
public sealed class LinkedRuns : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public LinkedRuns()
    {
        string models = Path.Combine(Shared.Repository, "tests", "golden", "models", "gpt_neox");
        string[] links = [.. Enumerable.Range(1, 8).Select(i => Path.Combine(_folder.Path, $"link{i}"))];
        foreach (string link in links) Directory.CreateSymbolicLink(link, Path.Combine(models, "pythia"));
        foreach (string parent in new[] { "x", "y" }) Directory.CreateDirectory(Path.Combine(_folder.Path, parent));
        string first = Path.Combine(_folder.Path, "x", "pythia"), second = Path.Combine(_folder.Path, "y", "pythia");
        Directory.CreateSymbolicLink(first, Path.Combine(models, "pythia"));
        Directory.CreateSymbolicLink(second, Path.Combine(models, "bin-legacy"));
        string prompts = _folder.Write("p.jsonl", string.Concat(Enumerable.Range(0, 6).Select(i =>
            $"{{\"name\": \"p{i}\", \"category\": \"{(i % 2 == 0 ? "even" : "odd")}\", \"ids\": [{i + 1}, {2 * i + 3}, {30 - i}]}}\n")));
        Links = MeasuredRuns.Measure(links[0], prompts, Runs, [.. links[1..]]);
        OneName = [MeasuredRuns.Measure(first, prompts, Runs, []), MeasuredRuns.Measure(second, prompts, Runs, [])];
    }

    /// <summary>The folder of runs.</summary>
    public string Runs => Path.Combine(_folder.Path, "runs");

    /// <summary>Eight links to one checkpoint.</summary>
    public string Links { get; }

    /// <summary>Two checkpoints called pythia, the first of them that of the links.</summary>
    public string[] OneName { get; }

    public void Dispose() => _folder.Dispose();
}

public sealed class IdentityVerbTests(LinkedRuns runs) : IClassFixture<LinkedRuns>
{
    [Theory]
    [InlineData("gains", "rows")]
    [InlineData("bentov", "prompts")]
    [InlineData("categories", "samples")]
    [InlineData("conventions", "models")]
    [InlineData("scaling", "models")]
    public void Eight_links_to_one_checkpoint_are_one_model_and_the_page_says_so(string verb, string list)
    {
        var json = Json(verb, runs.Links);
        Assert.Single(json[list]!.AsArray());
        Assert.Equal(7, json["repeats"]!.AsArray().Count);
        Assert.All(json["repeats"]!.AsArray(), repeat => Assert.Equal("link1", (string?)repeat!["counted"]!["model"]));
        Assert.Contains("Counted once: link2, link3, link4 and 4 more repeat link1 of", Words(Output(verb, runs.Links)));
    }

    [Fact]
    public void A_model_measured_again_under_another_name_is_no_second_test()
    {
        var json = Json("gains");
        Assert.Equal(2, json["rows"]!.AsArray().Count); // the links' model, and the other one called pythia
        Assert.Equal(2, (int)json["holm_over"]!["t"]!);
        Assert.Equal(8, json["repeats"]!.AsArray().Count);
    }

    [Fact]
    public void Two_checkpoints_of_one_name_are_two_models_and_are_shown_with_their_hashes()
    {
        Assert.Equal(2, Json("gains", runs.OneName)["rows"]!.AsArray().Count);
        string page = Output("gains", runs.OneName);
        Assert.Contains("pythia#2e194243", page);
        Assert.Equal(2, page.Split('\n').Where(line => line.Contains("pythia#", StringComparison.Ordinal)).Select(line => line.Trim().Split(' ')[0]).Distinct().Count());
        Assert.Contains("A and B are two models of one name", Words(Output("compare", runs.OneName)));
    }

    [Fact]
    public void A_model_is_found_by_the_name_that_pages_show()
    {
        var rows = Json("gains", "pythia#2e194243")["rows"]!.AsArray();
        Assert.Single(rows);
        string other = Output("query", "SELECT weights_sha256 FROM models WHERE model = 'pythia' AND repeat_of IS NULL", runs.OneName[1], "--format", "csv").Split('\n')[1];
        string page = Words(Output("compare", "pythia#2e194243", $"pythia#{other[..8]}"));
        Assert.Contains("A and B are two models of one name", page);
        Assert.Equal(page, Words(Output("compare", "pythia", "pythia"))); // two runs, whichever of the words means which
        Assert.Equal(2, CommandLineTests.Castalia(["gains", "pythia#0", "--runs", runs.Runs]).Code);
    }

    [Fact]
    public void Two_models_of_one_run_are_compared_by_their_names()
    {
        Assert.Equal(Output("compare", runs.Links, "--model", "link1", "--model", "link5"), Output("compare", "link1", "link5"));
        var (code, _, error) = CommandLineTests.Castalia(["compare", runs.Links, "--runs", runs.Runs]);
        Assert.Equal(2, code);
        Assert.StartsWith("castalia: One run was named, with one model under 8 names: link1, link2,", error);
        Assert.Contains("to do: Name a second run.", error);
    }

    [Fact]
    public void A_query_says_where_rows_repeat_others_and_is_silent_where_it_asks()
    {
        const string Said = "castalia: link2, link3, link4 and 4 more: measured again with the same weights, arithmetic and token ids.";
        Assert.Contains(Said, CommandLineTests.Castalia(["query", "SELECT count(*) FROM gains", runs.Links, "--runs", runs.Runs]).Error);
        var asked = CommandLineTests.Castalia(["query", "SELECT count(DISTINCT weights_sha256) AS n FROM gains JOIN models USING (run, model) WHERE repeat_of IS NULL", "--runs", runs.Runs, "--format", "csv"]);
        Assert.Equal(("n\n2\n", ""), (asked.Output.Replace("\r", ""), asked.Error));
        Assert.Equal("", CommandLineTests.Castalia(["query", "SELECT count(*) FROM gains", runs.OneName[0], "--runs", runs.Runs]).Error);
    }

    [Fact]
    public void Comparing_a_model_with_itself_under_another_name_is_said_to_find_nothing()
    {
        Assert.Contains("A and B are one model measured twice", Words(Output("compare", runs.Links, "--model", "link1", "--model", "link5")));
        Assert.True((bool)Json("compare", runs.Links, "--model", "link1", "--model", "link5")["measured_twice"]!);
        Assert.False((bool)Json("compare", runs.OneName)["one_model"]!);
    }

    [Fact]
    public void The_list_of_runs_and_the_view_of_models_tell_models_from_names()
    {
        var listed = Json("runs")["runs"]!.AsArray().Single(run => (string?)run!["run"] == runs.Links)!;
        Assert.Equal((8, 1), (listed["models"]!.AsArray().Count, (int)listed["distinct_models"]!));
        Assert.Contains("1 (8 names)", Output("runs"));
        var (code, output, error) = CommandLineTests.Castalia(
            ["query", "SELECT count(*) AS n, count(DISTINCT weights_sha256) AS w, count(*) FILTER (repeat_of IS NULL) AS counted FROM models", "--runs", runs.Runs, "--format", "csv"]);
        Assert.True(code == 0, error);
        Assert.Equal("n,w,counted\n10,2,2\n", output.Replace("\r", ""));
    }

    [Fact]
    public void Measuring_two_links_says_that_they_are_one_model()
    {
        using var folder = new TemporaryFolder();
        string pythia = Path.Combine(Shared.Repository, "tests", "golden", "models", "gpt_neox", "pythia"), link = Path.Combine(folder.Path, "again");
        Directory.CreateSymbolicLink(link, pythia);
        var (code, _, error) = CommandLineTests.Castalia(["measure", pythia, link, "--prompts", folder.Write("p.jsonl", """{"ids": [5, 6]}"""), "--out", Path.Combine(folder.Path, "runs")]);
        Assert.True(code == 0, error);
        Assert.Contains("castalia: again: the same weights (2e194243) and arithmetic as pythia; verbs over stored runs count them once.", error);
    }

    JsonNode Json(string verb, params string[] more) => JsonNode.Parse(Output(verb, [.. more, "--json"]))!;

    string Output(string verb, params string[] more)
    {
        var (code, output, error) = CommandLineTests.Castalia([verb, .. more, "--runs", runs.Runs]);
        Assert.True(code == 0, error);
        return output;
    }

    static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
