using System.Globalization;
using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Microsoft.Playwright;
using Xunit;

namespace Castalia.Tests.Browser;

/// <summary>What a reader sees and does, in Chromium.</summary>
[Collection(nameof(InBrowser))]
public sealed class ChartsInBrowserTests(Browser browser)
{
    [Fact]
    public async Task Every_chart_draws_as_many_marks_as_its_data_have_and_the_page_says_and_asks_nothing()
    {
        await using var report = await browser.Open(browser.Measured);
        string[] charts = await report.Charts();
        string[] kinds = ["gains", "depth-gain", "depth-norm", "plane", "categories", "entropy", "signs", "running-", "conventions", "waterfall-", "heads-", "neurons-", "sources-", "interventions-", "maps-depth", "spectrum-", "stretching-", "recovery-", "perturbations-", "scaling"];
        Assert.All(kinds, kind => Assert.Contains(charts, id => id.StartsWith(kind, StringComparison.Ordinal)));
        var all = new Drawn();
        foreach (string id in charts)
        {
            var figure = await report.Chart(id);
            var (data, svg) = (await Drawn.OfData(figure), await Drawn.OfSvg(figure));
            Assert.True(svg == data, $"{id}: the data have {data}, the drawing has {svg}");
            all = new() { Points = all.Points + svg.Points, Strokes = all.Strokes + svg.Strokes, Places = all.Places + svg.Places, Dashed = all.Dashed + svg.Dashed, Cells = all.Cells + svg.Cells };
        }
        Assert.All([all.Points, all.Strokes, all.Places, all.Dashed, all.Cells], count => Assert.True(count > 5, $"{all}"));
        Assert.Empty(report.Faults);
    }

    [Fact]
    public async Task Only_the_two_scripts_of_the_page_run_and_nothing_is_fetched()
    {
        await using var report = await browser.Open(browser.Measured);
        string[] refused = await report.Page.EvaluateAsync<string[]>("""
            async () => {
              const refused = [];
              document.addEventListener('securitypolicyviolation', event => refused.push(event.effectiveDirective));
              const script = document.createElement('script');
              script.textContent = 'window.ran = true';
              document.body.append(script);
              const image = document.createElement('img');
              image.src = 'http://127.0.0.1:9/x.png';
              document.body.append(image);
              const sheet = document.createElement('style');
              sheet.textContent = 'body{display:none}';
              document.body.append(sheet);
              await fetch('http://127.0.0.1:9/').catch(() => {});
              await new Promise(done => setTimeout(done, 100));
              return [...refused, String(window.ran), getComputedStyle(document.body).display].sort();
            }
            """);
        Assert.Equal(["block", "connect-src", "img-src", "script-src-elem", "style-src-elem", "undefined"], refused);
    }

    [Fact]
    public async Task A_series_is_hidden_and_shown_by_its_box_and_from_the_keyboard()
    {
        await using var report = await browser.Open(browser.Measured);
        var figure = await report.Chart("plane");
        int all = (await Drawn.OfSvg(figure)).Points;
        var box = figure.Locator("input[data-kind='series']").First;
        await box.UncheckAsync();
        int left = (await Drawn.OfSvg(figure)).Points;
        Assert.Equal(all - 6, left);
        await box.FocusAsync();
        await report.Page.Keyboard.PressAsync("Space");
        Assert.Equal(all, (await Drawn.OfSvg(figure)).Points);
    }

    [Fact]
    public async Task A_mark_that_is_pointed_at_says_what_it_is()
    {
        await using var report = await browser.Open(browser.Measured);
        var figure = await report.Chart("plane");
        await figure.Locator(".plot svg path[fill-opacity='0.75']").First.HoverAsync(new() { Force = true });
        string told = await figure.Locator(".told").InnerTextAsync();
        Assert.Contains("prompt: </script> ", told, StringComparison.Ordinal);
        Assert.Contains("cos θ: ", told, StringComparison.Ordinal);
        Assert.Contains("gain: ", told, StringComparison.Ordinal);
        Assert.Empty(report.Faults);
    }

    [Fact]
    public async Task Zooming_moves_marks_apart_and_whole_brings_them_back()
    {
        await using var report = await browser.Open(browser.Measured);
        var figure = await report.Chart("depth-gain");
        double before = await Breadth(figure);
        await figure.Locator("button[data-kind='in']").ClickAsync();
        Assert.Equal(2 * before, await Breadth(figure), 0.2 * before); // labels of other widths leave another room
        await figure.Locator("button[data-kind='whole']").ClickAsync();
        Assert.Equal(before, await Breadth(figure), 0.001 * before);

        // Choices of axes: share of the depth ends at 1 for every model.
        await figure.Locator("input[data-kind='x'][value='1']").CheckAsync();
        string[] ends = await figure.EvaluateAsync<string[]>("figure => [...figure.querySelectorAll('.plot svg text')].map(text => text.textContent)");
        Assert.Contains("share of the depth", ends);
        await figure.Locator("input[data-kind='log-y']").UncheckAsync();
        Assert.Equal((await Drawn.OfData(figure)).Places, (await Drawn.OfSvg(figure)).Places);
        Assert.Empty(report.Faults);

        static Task<double> Breadth(ILocator figure) => figure.EvaluateAsync<double>("""
            figure => {
              const path = [...figure.querySelectorAll('.plot svg path[stroke-linejoin=bevel]')].find(path => path.getAttribute('d'));
              const x = [...path.getAttribute('d').matchAll(/[ML](-?[\d.]+) /g)].map(match => Number(match[1]));
              return Math.max(...x) - Math.min(...x);
            }
            """);
    }

    [Fact]
    public async Task Numbers_at_an_axis_have_as_many_decimals_and_the_box_of_its_scale_follows_the_axis_that_is_chosen()
    {
        await using var report = await browser.Open(browser.Measured);
        foreach (string id in new[] { "plane", "signs", "maps-depth" })
        {
            var figure = await report.Chart(id);
            string[] up = await figure.EvaluateAsync<string[]>("figure => [...figure.querySelectorAll('.plot svg text[text-anchor=end]')].map(text => text.textContent)");
            Assert.True(up.Length > 2, id);
            Assert.Single(up.Select(text => text.Split('.') is [_, var decimals] ? decimals.Length : 0).Distinct());
        }
        var maps = await report.Chart("maps-depth");
        var box = maps.Locator("input[data-kind='log-y']");
        foreach (var (axis, isLog) in new[] { (1, true), (0, false), (2, true) })
        {
            await maps.Locator($"input[data-kind='y'][value='{axis}']").CheckAsync();
            Assert.Equal((isLog, isLog), (await box.IsCheckedAsync(), await box.IsEnabledAsync()));
        }
        Assert.Equal((await Drawn.OfData(maps)).Places, (await Drawn.OfSvg(maps)).Places);
        Assert.Empty(report.Faults);
    }

    [Fact]
    public async Task The_table_is_saved_with_every_digit_and_the_drawing_as_it_stands()
    {
        await using var report = await browser.Open(browser.Measured);
        var figure = await report.Chart("depth-gain");
        string[] lines = (await report.Saved(figure, "csv")).TrimEnd().Split("\r\n");
        Assert.Equal("model,block,mean gain,sd,n", lines[0]);
        double[] saved = [.. lines.Skip(1).Select(line => double.Parse(line.Split(',')[2], CultureInfo.InvariantCulture))];
        double[] drawn = await figure.EvaluateAsync<double[]>("figure => JSON.parse(figure.querySelector('script').textContent).option.dataset.flatMap(rows => rows.source.map(row => row[2]))");
        Assert.Equal(drawn.Length, saved.Length);
        Assert.All(drawn.Zip(saved), pair => Assert.Equal(pair.First, pair.Second, 1e-6 * pair.Second));
        Assert.Contains(lines.Skip(1), line => line.Split(',')[2].Length > 12);
        var svg = System.Xml.Linq.XDocument.Parse(await report.Saved(figure, "svg"));
        Assert.Equal("svg", svg.Root!.Name.LocalName);
        Assert.True(svg.Descendants().Count(element => element.Name.LocalName == "path") > drawn.Length);
        Assert.Empty(report.Faults);
    }

    [Fact]
    public async Task Many_marks_are_drawn_on_a_canvas_and_told_and_saved_as_few_are()
    {
        const int Many = 2_000;
        double?[] at = [.. Enumerable.Range(0, Many).Select(i => (double?)(i % 50))], up = [.. Enumerable.Range(0, Many).Select(i => (double?)(i / 50))];
        var chart = new Chart("many", "Many", "Points.", [new("x")], [new("y") { Reference = 1 }], [Series.Of("points", Mark.Points, at, up) with { Notes = [.. Enumerable.Range(0, Many)] }], new(["a"], []))
        {
            Notes = [.. Enumerable.Range(0, Many).Select(i => (IReadOnlyList<(string, string)>)[("number", $"{i}")])],
        };
        await using var report = await browser.Open(browser.Write("many.html", HtmlPrinter.Of(new([new Heading("h"), chart]), "t")));
        var canvas = report.Page.Locator(".plot canvas");
        await canvas.WaitForAsync();
        double[] place = await report.Page.EvaluateAsync<double[]>("""
            () => {
              const plot = document.querySelector('.plot'), [x, y] = echarts.getInstanceByDom(plot).convertToPixel({ seriesIndex: 0 }, [20, 10]), box = plot.getBoundingClientRect();
              return [box.left + x, box.top + y];
            }
            """);
        await report.Page.Mouse.MoveAsync((float)place[0] - 2, (float)place[1]);
        await report.Page.Mouse.MoveAsync((float)place[0], (float)place[1]);
        Assert.Contains("number: 520", await report.Page.Locator(".told").InnerTextAsync(), StringComparison.Ordinal);
        var svg = System.Xml.Linq.XDocument.Parse(await report.Saved(report.Page.Locator("figure.chart"), "svg"));
        Assert.Equal(Many, svg.Descendants().Count(element => element.Attribute("fill-opacity")?.Value == "0.75"));
        Assert.Empty(report.Faults);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(1600)]
    public async Task At_no_width_does_the_page_scroll_sideways(int width)
    {
        await using var report = await browser.Open(browser.Measured, width);
        foreach (string id in await report.Charts()) await report.Chart(id);
        Assert.Equal(0, await report.Page.EvaluateAsync<int>("Math.max(0, document.documentElement.scrollWidth - innerWidth)"));
    }
}
