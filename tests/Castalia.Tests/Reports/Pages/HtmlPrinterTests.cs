using System.Text.RegularExpressions;
using System.Xml.Linq;
using Castalia.Errors;
using Castalia.Reports.Pages;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Reports.Pages;

public sealed class HtmlPrinterTests
{
    static readonly string Whole = HtmlPrinter.Of(AwkwardPage.Page, "castalia <awkward>");

    static readonly XElement Main = Parsed(Whole);

    /// <summary>Every element closed, every attribute quoted: what is between begins and ends as XML does.</summary>
    static XElement Parsed(string html) => XElement.Parse(html[html.IndexOf("<main>", StringComparison.Ordinal)..(html.IndexOf("</main>", StringComparison.Ordinal) + "</main>".Length)], LoadOptions.PreserveWhitespace);

    static XElement Of(params PageBlock[] blocks) => Parsed(HtmlPrinter.Of(new(blocks), "t"));

    static string Text(string shown) => Regex.Replace(Printable.Of(shown), " +", " ").Trim();

    static string Text(XElement element) => element.Value.Replace('\u00a0', ' ');

    [Fact]
    public void Texts_are_texts_and_never_elements()
    {
        string[] known = ["main", "h1", "h2", "h3", "p", "ul", "li", "div", "table", "thead", "tbody", "tr", "th", "td", "br", "pre", "figure", "figcaption", "details", "summary", "span", "svg", "rect", "circle", "title", "path", "line", "text", "g"];
        Assert.Empty(Main.DescendantsAndSelf().Select(e => e.Name.LocalName).Distinct().Except(known));
        Assert.Contains(Main.Descendants("h2"), heading => Text(heading) == $"Heading: {AwkwardPage.Script}");
        Assert.Contains(Main.Descendants("p"), paragraph => Text(paragraph) == Text($"Paragraph: {AwkwardPage.Markup} {AwkwardPage.Script} {AwkwardPage.TurnedRound}"));
        Assert.Contains("<title>castalia &lt;awkward&gt;</title>", Whole);
    }

    [Fact]
    public void Cells_hold_what_the_table_holds()
    {
        foreach (var (table, element) in new[] { AwkwardPage.Table, AwkwardPage.Empty, AwkwardPage.OneColumn, AwkwardPage.Sentences, AwkwardPage.Rows }.Zip(Main.Descendants("table").Where(t => t.Attribute("class") is null)))
        {
            Assert.Equal(table.Columns.Select(c => Printable.Of(c.Header)), element.Element("thead")!.Element("tr")!.Elements().Select(cell => cell.Value));
            var rows = element.Element("tbody")!.Elements("tr").Select(row => row.Elements().Select(cell => cell.Value)).ToList();
            if (table.Rows.Count == 0) Assert.Equal(["no rows"], Assert.Single(rows));
            else Assert.Equal(table.Rows.Select(row => row.Select(cell => Printable.Of(cell.Text).TrimEnd())), rows);
            Assert.All(element.Element("tbody")!.Elements("tr").Where(_ => table.Rows.Count > 0), row => Assert.Equal(table.FallsIntoRows ? "td" : "th", row.Elements().First().Name.LocalName));
        }
    }

    [Fact]
    public void An_undefined_cell_says_why_where_it_stands_and_below_its_table()
    {
        var figure = Main.Descendants("figure").First(f => f.Descendants("td").Any(cell => cell.Attribute("title") is not null));
        Assert.Contains(figure.Descendants("td"), cell => cell.Value == "–" && cell.Attribute("title")!.Value == "undefined, because a norm is 0");
        Assert.Equal(AwkwardPage.Table.Undefined.Select(Text), figure.Elements("p").Where(p => p.Attribute("class")!.Value == "undefined").Select(Text));
    }

    [Fact]
    public void Every_table_scrolls_by_itself_and_by_keyboard() =>
        Assert.All(Main.Descendants("table"), table => Assert.Equal(("scroll", "0"), (table.Parent!.Attribute("class")!.Value, table.Parent.Attribute("tabindex")!.Value)));

    [Fact]
    public void One_heading_is_of_the_first_rank_and_none_is_left_out()
    {
        int[] ranks = [.. Main.Elements().Select(e => e.Name.LocalName).Where(name => Regex.IsMatch(name, "^h[1-6]$")).Select(name => name[1] - '0')];
        Assert.Equal([1, 2, 3, 2], ranks);
        Assert.Equal(["h1", "h2"], Of(new Heading("a"), new Heading("b", 3)).Elements().Select(e => e.Name.LocalName));
        Assert.Equal(["h1", "p", "h2"], Of(new Paragraph("p"), new Heading("b")).Elements().Select(e => e.Name.LocalName));
    }

    [Fact]
    public void It_fetches_nothing_and_runs_nothing() =>
        Assert.DoesNotMatch("(?i)url\\(|@import|https?:|<link|<img|<script|src=|href=| on[a-z]+=", Whole);

    [Fact]
    public void Facts_that_go_on_share_a_cell()
    {
        var rows = Main.Descendants("table").First(t => t.Attribute("class")?.Value == "facts").Descendants("tr").ToList();
        Assert.Equal(["name", Printable.Of(AwkwardPage.Markup)], rows.Select(row => row.Element("th")!.Value));
        Assert.Equal(Text(AwkwardPage.Script) + Text(AwkwardPage.TurnedRound), rows[0].Element("td")!.Value);
    }

    [Fact]
    public void A_number_stays_with_its_sign_and_an_option_with_its_dashes()
    {
        var p = Of(new Paragraph("Of n = 5 prompts 23 % lie below, 1.2 ± 0.1, under --bos none.")).Element("p")!;
        Assert.Equal("Of n\u00a0=\u00a05 prompts 23\u00a0% lie below, 1.2\u00a0±\u00a00.1, under --bos none.", p.Value);
        Assert.Equal("--bos", Assert.Single(p.Elements("span")).Value);
    }

    [Fact]
    public void Any_text_is_read_as_it_was_written() => Gen.String[Gen.Char["#*_`[]()<>&|;\\\"'-=% \n\u001b\u202eaé∥"], 0, 20].Sample(text =>
        Assert.Equal(Text(text), Text(Of(new Heading("t"), new Paragraph(text)).Element("p")!)));

    [Fact]
    public void An_interval_is_drawn_from_its_low_to_its_high_end_in_a_colour_that_the_page_has()
    {
        string html = HtmlPrinter.Of(new Page([new IntervalPlot("Gains", 1, [new("group", [new("below", 0.5, 0.75, 1), new("above", 1.25, 1.5, null)])])]), "gains");
        var lines = System.Text.RegularExpressions.Regex.Matches(html, "<line x1=\"([0-9.]+)\" x2=\"([0-9.]+)\"[^>]*stroke=\"var\\((--[a-z]+)\\)\"");
        var line = Assert.Single(lines); // "above" has no interval
        double low = double.Parse(line.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture), high = double.Parse(line.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture);
        var marks = System.Text.RegularExpressions.Regex.Matches(html, "<circle cx=\"([0-9.]+)\"").Select(mark => double.Parse(mark.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal((low + high) / 2, marks[0], 0.1);
        Assert.True(marks[1] > high);
        Assert.All(System.Text.RegularExpressions.Regex.Matches(html, "var\\((--[a-z]+)").Select(used => used.Groups[1].Value).Distinct(), used => Assert.Contains($"{used}:", html, StringComparison.Ordinal));
    }
}
