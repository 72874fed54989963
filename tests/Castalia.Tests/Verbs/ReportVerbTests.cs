using System.Text.Json;
using System.Text.RegularExpressions;
using Castalia.Tests.Analyses;
using Xunit;

namespace Castalia.Tests.Verbs;

[Collection(nameof(MeasuredRuns))]
public sealed class ReportVerbTests(MeasuredRuns runs)
{
    [Fact]
    public void Over_stored_runs_it_writes_one_page_with_a_chart_and_a_table_for_each_thing_that_was_measured()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "r.html");
        var (code, output, error) = CommandLineTests.Castalia(["report", "--runs", runs.Runs, "--out", file]);
        Assert.True(code == 0, error);
        Assert.Equal("", output);
        string html = File.ReadAllText(file);
        string[] ids = [.. Regex.Matches(html, "<figure class=\"chart\" id=\"([a-z0-9-]+)\"").Select(match => match.Groups[1].Value)];
        Assert.Equal(["gains", "depth-gain", "depth-norm", "plane", "categories", "entropy"], ids.Where(id => !id.StartsWith("running", StringComparison.Ordinal) && id != "conventions"));
        Assert.Contains(ids, id => id.StartsWith("running", StringComparison.Ordinal));
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Contains("Not measured: attribution.", html, StringComparison.Ordinal);
        Assert.Contains("castalia explain CHECKPOINT --blocks all", Regex.Replace(html, "<[^>]*>", ""), StringComparison.Ordinal);

        // Every prompt of every model is a point of the plane.
        var plane = Data(html, "plane").GetProperty("option");
        int points = plane.GetProperty("series").EnumerateArray().Index().Where(series => series.Item.GetProperty("type").GetString() == "scatter")
            .Sum(series => plane.GetProperty("dataset")[series.Index].GetProperty("source").GetArrayLength());
        Assert.Equal(24 + 6 + 1 + 24 + 24, points);

        var (again, _, refused) = CommandLineTests.Castalia(["report", "--runs", runs.Runs, "--out", file]);
        Assert.Equal(2, again);
        Assert.Contains("never replace a file", refused);
    }

    [Fact]
    public void Explained_runs_have_their_parts_and_the_study_stands_beside()
    {
        using var folder = new TemporaryFolder();
        string own = Path.Combine(folder.Path, "runs"), file = Path.Combine(folder.Path, "r.html"), prompts = folder.Write("p.jsonl", "{\"ids\":[1,2,3,4]}\n{\"ids\":[5,6,7]}\n");
        var (explained, _, failure) = CommandLineTests.Castalia(["explain", Shared.Path("golden", "models", "llama", "gqa"), "--prompts", prompts, "--blocks", "all", "--out", own]);
        Assert.True(explained == 0, failure);
        var (code, _, error) = CommandLineTests.Castalia(["report", "--runs", own, "--published", "--with", "dossier", "--out", file]);
        Assert.True(code == 0, error);
        string html = File.ReadAllText(file);
        Assert.All(["waterfall-0", "heads-0", "neurons-0", "sources-0"], id => Assert.Contains($"id=\"{id}\"", html, StringComparison.Ordinal));
        Assert.Contains("Pythia-6.9B (published)", html, StringComparison.Ordinal);
        Assert.Contains(">The dossier<", html, StringComparison.Ordinal);
        var gains = Data(html, "gains");
        Assert.Equal(9, gains.GetProperty("y")[0].GetProperty("data").GetArrayLength());
    }

    [Fact]
    public void As_Markdown_it_has_the_tables_and_no_script()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "r.md");
        var (code, _, error) = CommandLineTests.Castalia(["report", runs.Prompts, "--runs", runs.Runs, "--out", file]);
        Assert.True(code == 0, error);
        string text = File.ReadAllText(file);
        Assert.Contains("**Mean gain of the last block.**", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
    }

    static JsonElement Data(string html, string id)
    {
        string figure = html[html.IndexOf($"id=\"{id}\"", StringComparison.Ordinal)..];
        return JsonDocument.Parse(Regex.Match(figure, "<script type=\"application/json\">(.*?)</script>").Groups[1].Value).RootElement;
    }
}
