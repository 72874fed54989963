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
        Assert.Equal(["gains", "depth-gain", "depth-norm", "plane", "categories", "entropy", "signs", "scaling"], ids.Where(id => !id.StartsWith("running", StringComparison.Ordinal) && id != "conventions"));
        Assert.Contains(ids, id => id.StartsWith("running", StringComparison.Ordinal));
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Contains("Not measured: attribution.", html, StringComparison.Ordinal);
        Assert.Contains("castalia explain CHECKPOINT --blocks all", Regex.Replace(html, "<[^>]*>", ""), StringComparison.Ordinal);

        // Every prompt of every model is a point of the plane.
        var plane = Data(html, "plane").GetProperty("option");
        int points = plane.GetProperty("series").EnumerateArray().Index().Where(series => series.Item.GetProperty("type").GetString() == "scatter")
            .Sum(series => plane.GetProperty("dataset")[series.Index].GetProperty("source").GetArrayLength());
        Assert.Equal(24 + 6 + 1 + 24 + 24, points);

        // Both signs of every model that has them; two sizes of one family, and no law over two.
        Assert.Equal(4, Sizes("signs").Count(size => size == 1));
        Assert.Equal([6, 2], Sizes("scaling"));

        var (again, _, refused) = CommandLineTests.Castalia(["report", "--runs", runs.Runs, "--out", file]);
        Assert.Equal(2, again);
        Assert.Contains("never replace a file", refused);

        int[] Sizes(string id) => [.. Data(html, id).GetProperty("option").GetProperty("dataset").EnumerateArray().Select(rows => rows.GetProperty("source").GetArrayLength())];
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
    public void Interventions_of_several_runs_of_a_model_are_points_over_random_controls()
    {
        using var folder = new TemporaryFolder();
        string own = Path.Combine(folder.Path, "runs"), file = Path.Combine(folder.Path, "r.html"), prompts = folder.Write("p.jsonl", "{\"ids\":[1,2,3,4]}\n{\"ids\":[5,6,7]}\n{\"ids\":[8,9]}\n");
        string[] files =
        [
            folder.Write("a.yaml", "- do: zero\n  each: head\n  blocks: last\n- do: zero\n  each: neuron\n  random: { count: 5, seed: 3 }\n  blocks: last\n"),
            folder.Write("b.yaml", "- do: zero\n  site: mlp_out\n  blocks: last\n- do: zero\n  each: head\n  blocks: last\n"),
        ];
        foreach (string list in files)
        {
            var (done, _, failure) = CommandLineTests.Castalia(["intervene", Path.Combine(Shared.Repository, "tests", "golden", "models", "llama", "gqa"), "--prompts", prompts, "--do", list, "--out", own]);
            Assert.True(done == 0, failure);
        }
        var (code, _, error) = CommandLineTests.Castalia(["report", "--runs", own, "--out", file]);
        Assert.True(code == 0, error);
        var chart = Data(File.ReadAllText(file), "interventions-0");
        var option = chart.GetProperty("option");
        var points = option.GetProperty("series").EnumerateArray().Index().Where(series => series.Item.GetProperty("type").GetString() == "scatter")
            .Select(series => (series.Item.GetProperty("name").GetString(), option.GetProperty("dataset")[series.Index].GetProperty("source").GetArrayLength())).ToList();
        int heads = points.First(series => series.Item1 == "heads").Item2; // made in both runs, counted once
        Assert.Equal([("random controls", 5), ("heads", heads), ("mlp_out", 1)], points.OrderBy(series => series.Item1 != "random controls").ThenBy(series => series.Item1, StringComparer.Ordinal));
        Assert.Equal("random controls", points[0].Item1);
        Assert.Equal(5 + heads + 1, chart.GetProperty("notes").GetArrayLength());
        string strokes = option.GetProperty("dataset").EnumerateArray().ElementAt(1).GetRawText();
        Assert.Contains("null", strokes, StringComparison.Ordinal);
    }

    [Fact]
    public void As_Markdown_it_has_the_tables_and_no_script()
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "r.md");
        string figures = Path.Combine(folder.Path, "figures");
        var (code, _, error) = CommandLineTests.Castalia(["report", runs.Prompts, "--runs", runs.Runs, "--out", file, "--figures", figures]);
        Assert.True(code == 0, error);
        Assert.Contains("figures, each 86 mm and 178 mm wide", error, StringComparison.Ordinal);
        string[] names = [.. Directory.GetFiles(figures).Select(Path.GetFileName).OfType<string>()];
        Assert.Equal(names.Count(name => name.EndsWith(".txt", StringComparison.Ordinal)) * 5, names.Length);
        Assert.Contains("plane-86mm.svg", names);
        string second = Path.Combine(folder.Path, "s.md");
        var (again, _, refused) = CommandLineTests.Castalia(["report", runs.Prompts, "--runs", runs.Runs, "--out", second, "--figures", figures]);
        Assert.Equal(2, again);
        Assert.Contains("figures never replace files", refused, StringComparison.Ordinal);
        Assert.False(File.Exists(second));
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
