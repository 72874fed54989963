using System.Text.RegularExpressions;
using Castalia.Reports.Pages;
using Xunit;

namespace Castalia.Tests.Browser;

/// <summary>Names that are written to be obeyed stay text: in the page, its drawings, what it saves, and in Markdown.</summary>
[Collection(nameof(InBrowser))]
public sealed class HostileNamesInBrowserTests(Browser browser)
{
    [Fact]
    public async Task The_page_shows_them_and_obeys_none()
    {
        await using var report = await browser.Open(browser.Hostile);
        foreach (string id in await report.Charts())
        {
            var figure = await report.Chart(id);
            Assert.Equal(await Drawn.OfData(figure), await Drawn.OfSvg(figure));
        }
        Assert.Equal(0, await report.Page.Locator("img, iframe, object, b b, main script:not([type='application/json'])").CountAsync());
        string text = await report.Page.Locator("main").InnerTextAsync();
        Assert.All(ReportsToOpen.Names.Where(name => !name.Contains('\u202e')), name => Assert.Contains(name.Replace("\t", "\\u0009", StringComparison.Ordinal), text, StringComparison.Ordinal));
        Assert.Contains(@"=1+1 \u202ethgir\u202c", text, StringComparison.Ordinal);
        Assert.Equal(0, await report.Page.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
        Assert.Empty(report.Faults);
    }

    [Fact]
    public async Task A_note_at_a_mark_is_text()
    {
        await using var report = await browser.Open(browser.Hostile);
        var figure = await report.Chart("plane");
        var marks = figure.Locator(".plot svg path[fill-opacity='0.75']");
        await marks.First.HoverAsync(new() { Force = true });
        string told = await figure.Locator(".told").InnerTextAsync();
        Assert.Contains(@"\u202e", told, StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', told);
        Assert.All(ReportsToOpen.Names.Take(3), name => Assert.Contains(name, told, StringComparison.Ordinal));
        Assert.Equal(0, await figure.Locator(".told img, .told script").CountAsync());
        Assert.Empty(report.Faults);
    }

    [Fact]
    public async Task Series_are_toggled_whatever_they_are_called()
    {
        await using var report = await browser.Open(browser.Hostile);
        var figure = await report.Chart("entropy");
        int all = (await Drawn.OfSvg(figure)).Points;
        var boxes = figure.Locator("input[data-kind='series']");
        Assert.Equal(ReportsToOpen.Names.Length, await boxes.CountAsync());
        for (int i = 0; i < ReportsToOpen.Names.Length; i++) await boxes.Nth(i).UncheckAsync();
        Assert.Equal(0, (await Drawn.OfSvg(figure)).Points);
        for (int i = 0; i < ReportsToOpen.Names.Length; i++) await boxes.Nth(i).CheckAsync();
        Assert.Equal(all, (await Drawn.OfSvg(figure)).Points);
    }

    [Fact]
    public async Task What_is_saved_holds_no_formula_and_no_markup()
    {
        await using var report = await browser.Open(browser.Hostile);
        var figure = await report.Chart("categories");
        string csv = await report.Saved(figure, "csv");
        string[] starts = [.. Regex.Matches(csv, "(?:^|[,\n])\"?([=+@\\-][^,\r\n]*)").Select(match => match.Groups[1].Value).Where(field => !double.TryParse(field, System.Globalization.CultureInfo.InvariantCulture, out _))];
        Assert.Empty(starts);
        Assert.Contains("'=1+1", csv, StringComparison.Ordinal);
        Assert.Contains("\"'+1\"\"'`&amp;<b>\"", csv, StringComparison.Ordinal);
        var svg = System.Xml.Linq.XDocument.Parse(await report.Saved(figure, "svg"));
        Assert.DoesNotContain(svg.Descendants(), element => element.Name.LocalName is "script" or "img" or "foreignObject" or "image");
        Assert.Contains(svg.Descendants(), element => element.Value == ReportsToOpen.Names[0]);
        Assert.Empty(report.Faults);
    }

    [Fact]
    public void Markdown_has_no_markup_of_theirs_either()
    {
        string text = Regex.Replace(MarkdownPrinter.Of(ReportsToOpen.HostilePage), @"\\.", "");
        Assert.DoesNotMatch("<(img|script|b)", text);
        Assert.DoesNotContain('\u202e', text);
    }
}
