using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Tests.Reports.Pages;
using Xunit;

namespace Castalia.Tests.Reports.Charts;

public sealed partial class ChartPageTests
{
    const string Hostile = "<img src=x onerror=alert(1)></script><script>alert(2)</script>{{x}} \u202eright 'to' \"left\" =1+1";

    static Chart Awkward(int rows = 2) => new(
        "awkward", Hostile, Hostile, [new(Hostile), new("other", "nats")], [Axis.Of(Hostile, [Hostile, "b"]), new("|y|") { MayBeLog = true }],
        [
            new(Hostile, Mark.Points, [[1, null], [0.1, 0.2]], [[0, 1], [3, 4]]) { Notes = [0, 1] },
            new("line", Mark.Line, [[1, 2], [1, 2]], [[0, 1], [1, double.NaN]]) { Colour = 9 },
        ],
        new([Hostile, "figure"], [.. Enumerable.Range(0, rows).Select(i => (IReadOnlyList<Cell>)[Hostile, Castalia.Reports.Pages.Cell.Number(i + 1.0 / 3, v => $"{v:0.0}")])]))
    {
        Notes = [[("text", Hostile)], [("text", new string('x', 10_000))]],
    };

    static string Html(params PageBlock[] blocks) => HtmlPrinter.Of(new(blocks), "t");

    static JsonElement Data(string html) => JsonDocument.Parse(Json().Match(html).Groups[1].Value).RootElement;

    [Fact]
    public void Its_data_are_those_of_the_series_and_nothing_ends_the_element_they_stand_in()
    {
        string html = Html(new Heading("h"), Awkward());
        var data = Data(html);
        Assert.Equal([[1, 0.1, 0, 3, 0], [null, 0.2, 1, 4, 1]], Rows(data, 0));
        Assert.Equal([[1, 1, 0, 1], [2, 2, 1, null]], Rows(data, 1));
        Assert.Equal(Hostile.Replace("\u202e", "\\u202e", StringComparison.Ordinal), data.GetProperty("option").GetProperty("series")[0].GetProperty("name").GetString()!.Replace("\u202e", "\\u202e", StringComparison.Ordinal));
        Assert.Equal(10_000, data.GetProperty("notes")[1][0][1].GetString()!.Length);
        Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<script>alert", html, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(Regex.Count(html, "<script"), Regex.Count(html, "</script>"));
    }

    static double?[][] Rows(JsonElement data, int series) =>
        [.. data.GetProperty("option").GetProperty("dataset")[series].GetProperty("source").EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? (double?)null : v.GetDouble()).ToArray())];

    [Fact]
    public void Zooming_leaves_no_point_out() =>
        Assert.All(Data(Html(new Heading("h"), Awkward())).GetProperty("option").GetProperty("dataZoom").EnumerateArray(), zoom => Assert.Equal("none", zoom.GetProperty("filterMode").GetString()));

    [Fact]
    public void After_eight_series_lines_are_dashed_and_marks_have_other_shapes_and_the_legend_shows_both()
    {
        string html = Html(new Heading("h"), Awkward());
        var series = Data(html).GetProperty("option").GetProperty("series");
        Assert.Equal("@c9", series[1].GetProperty("lineStyle").GetProperty("color").GetString());
        Assert.Equal([6, 3], series[1].GetProperty("lineStyle").GetProperty("type").EnumerateArray().Select(length => length.GetInt32()));
        Assert.Equal(("circle", "diamond"), (series[0].GetProperty("symbol").GetString(), series[1].GetProperty("symbol").GetString()));
        string[] keys = [.. Regex.Matches(html, "<svg class=\"key\".*?</svg>").Select(match => match.Value)];
        Assert.Equal(2, keys.Length);
        Assert.DoesNotContain("M0 5H20", keys[0], StringComparison.Ordinal);
        Assert.Contains("var(--c9)", keys[1], StringComparison.Ordinal);
        Assert.Contains("stroke-dasharray=\"6 3\"", keys[1], StringComparison.Ordinal);
    }

    [Fact]
    public void The_policy_names_the_scripts_and_the_style_that_stand_in_the_page_and_no_other()
    {
        string html = Html(new Heading("h"), Awkward());
        string policy = Policy().Match(html).Groups[1].Value;
        Assert.StartsWith("default-src 'none';", policy);
        string[] run = [.. Scripts().Matches(html).Select(match => Hash(match.Groups[1].Value))];
        Assert.Equal(2, run.Length);
        Assert.Equal(run, Regex.Match(policy, "script-src ([^;]*);").Groups[1].Value.Split(' '));
        Assert.Equal(Hash(Regex.Match(html, "<style>(.*?)</style>", RegexOptions.Singleline).Groups[1].Value), Regex.Match(policy, "style-src ([^;]*);").Groups[1].Value);
        Assert.DoesNotContain("http:", html[..html.IndexOf("<script>", StringComparison.Ordinal)], StringComparison.Ordinal);

        static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";
    }

    [Fact]
    public void A_page_without_charts_has_no_script() => Assert.DoesNotContain("<script", Html(new Heading("h"), AwkwardPage.OneColumn), StringComparison.Ordinal);

    [Theory]
    [InlineData(2, true)]
    [InlineData(300, false)]
    public void A_short_table_stands_in_the_page_and_a_long_one_is_made_when_it_is_asked_for(int rows, bool isThere)
    {
        string html = Html(new Heading("h"), Awkward(rows));
        Assert.Equal(isThere, html.Contains($"data-v=\"{4.0 / 3:R}\"", StringComparison.Ordinal));
        if (isThere) return;
        var late = JsonDocument.Parse(Regex.Match(html, "<script type=\"application/json\" class=\"rows\">(.*?)</script>").Groups[1].Value).RootElement;
        Assert.Equal(rows, late.GetArrayLength());
        Assert.Equal(4.0 / 3, late[1][1][1].GetDouble());
    }

    [Fact]
    public void Where_nothing_is_drawn_its_caption_and_table_are_printed()
    {
        var page = new Page([Awkward()]);
        foreach (string text in new[] { TerminalPrinter.Of(page, 80), PlainPrinter.Of(page), MarkdownPrinter.Of(page) })
        {
            Assert.Contains("0.3", text, StringComparison.Ordinal);
            Assert.DoesNotContain('\u202e', text);
        }
        Assert.DoesNotContain("<img", Regex.Replace(MarkdownPrinter.Of(page), @"\\.", ""), StringComparison.Ordinal);
    }

    [Fact]
    public void The_build_of_ECharts_is_the_one_whose_hash_stands_beside_it()
    {
        string folder = Path.Combine(Shared.Repository, "src", "Castalia", "Reports", "Charts");
        Assert.StartsWith(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "echarts.min.js")))), File.ReadAllText(Path.Combine(folder, "echarts.min.js.sha256")));
    }

    [GeneratedRegex("<script type=\"application/json\">(.*?)</script>")]
    private static partial Regex Json();

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Scripts();

    [GeneratedRegex("Content-Security-Policy\" content=\"([^\"]*)\"")]
    private static partial Regex Policy();
}
