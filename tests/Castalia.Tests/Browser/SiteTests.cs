using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Castalia.Tests.Browser;

/// <summary>The documentation as a site, opened from disk: pages, links, search, keys, and axe.</summary>
[Collection(nameof(InBrowser))]
public sealed partial class SiteTests(Browser browser, Site site) : IClassFixture<Site>
{
    const int Phone = 390, Desktop = 1400;

    [Fact]
    public async Task Every_page_opens_from_disk_and_fits_a_phone()
    {
        Skips();
        await using var open = await Open("docs/index.html", Phone);
        foreach (string page in Site.Pages)
        {
            await open.Page.GotoAsync(Address(page));
            Assert.True(await open.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{page} is wider than a phone");
            Assert.True(open.Faults.Count == 0, $"{page}: {string.Join('\n', open.Faults)}");
        }
    }

    [Fact]
    public async Task The_first_file_leads_to_the_page_of_pages()
    {
        Skips();
        await using var open = await Open("index.html", Desktop);
        await open.Page.WaitForURLAsync("**/docs/index.html");
        string[] groups = await open.Page.EvaluateAsync<string[]>("[...document.querySelectorAll('.sidebar-tree .caption-text')].map(caption => caption.textContent)");
        Assert.Equal(["First steps", "Measuring", "Explaining", "Interventions", "Many checkpoints", "Hypotheses", "Reference"], groups);
    }

    [Fact]
    public void Every_link_in_it_leads_to_a_file_and_an_anchor()
    {
        Skips();
        var anchors = Directory.GetFiles(site.Folder, "*.html", SearchOption.AllDirectories).ToDictionary(file => file, file => Id().Matches(File.ReadAllText(file)).Select(id => id.Groups[1].Value).ToHashSet(StringComparer.Ordinal));
        var broken = from file in anchors.Keys
                     from Match link in Reference().Matches(File.ReadAllText(file))
                     let parts = link.Groups[1].Value.Split('#')
                     where !parts[0].Contains(':', StringComparison.Ordinal)
                     let target = parts[0] == "" ? file : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, parts[0].Split('?')[0]))
                     where !(parts is [_, not "", ..] ? anchors.TryGetValue(target, out var ids) && ids.Contains(parts[1]) : File.Exists(target))
                     select $"{Path.GetRelativePath(site.Folder, file)}: {link.Groups[1].Value}";
        string faults = string.Join('\n', broken.Distinct());
        Assert.True(faults == "", faults);
    }

    [Fact]
    public async Task A_search_by_keys_alone_finds_a_section_without_network()
    {
        Skips();
        await using var open = await Open("docs/index.html", Desktop);
        var page = open.Page;
        for (int i = 0; i < 10 && !await page.EvaluateAsync<bool>("document.activeElement.matches('.sidebar-search')"); i++) await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("closure");
        await page.Keyboard.PressAsync("Enter");
        var found = page.Locator("ul.search > li", new() { HasText = "readings.parquet" }).First;
        await found.Locator(".found mark").First.WaitForAsync();
        Assert.Contains("closure", await found.Locator(".found").InnerTextAsync(), StringComparison.Ordinal);
        await found.Locator(".found a").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/docs/readings.html#*");
        Assert.Empty(open.Faults);
    }

    [Fact]
    public async Task A_search_for_what_is_nowhere_finds_nothing()
    {
        Skips();
        await using var open = await Open("docs/index.html", Desktop);
        await open.Page.Locator(".sidebar-search").FillAsync("zwieback");
        await open.Page.Keyboard.PressAsync("Enter");
        await open.Page.GetByText("did not match any documents").WaitForAsync();
        Assert.Equal(0, await open.Page.Locator("ul.search > li").CountAsync());
    }

    [Fact]
    public async Task On_a_phone_the_menu_opens_and_closes_by_keys()
    {
        Skips();
        await using var open = await Open("docs/store.html", Phone);
        await Assertions.Expect(open.Page.Locator(".sidebar-search")).Not.ToBeInViewportAsync();
        await open.Page.Locator(".nav-overlay-icon").FocusAsync();
        await open.Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(open.Page.Locator(".sidebar-search")).ToBeInViewportAsync();
        await open.Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(open.Page.Locator(".sidebar-search")).Not.ToBeInViewportAsync();
    }

    [Theory]
    [InlineData(Phone)]
    [InlineData(Desktop)]
    public async Task Nothing_shuts_anyone_out(int width)
    {
        Skips();
        await using var open = await Open("docs/index.html", width);
        foreach (string name in (string[])["docs/index.html", width == Phone ? "README.html" : "docs/python.html", "search.html?q=gain"])
        {
            await open.Page.GotoAsync(Address(name));
            if (name.StartsWith("search", StringComparison.Ordinal)) await open.Page.Locator(".found mark").First.WaitForAsync();
            foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
            {
                await open.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
                Assert.Equal(scheme == ColorScheme.Light, await open.Page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)");
                var ran = await open.Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
                string found = string.Join('\n', ran.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{name} {scheme}: {violation.Id}: {node.Html}")));
                Assert.True(found == "", found);
                Assert.NotEmpty(ran.Passes);
            }
        }
    }

    void Skips() => Assert.SkipUnless(site.Missing is null, site.Missing ?? "");

    string Address(string page) => $"{new Uri(site.Folder).AbsoluteUri}/{page}";

    async Task<OpenReport> Open(string page, int width) => await browser.Open($"{site.Folder}/{page}", width, site.Folder);

    [GeneratedRegex(" id=\"([^\"]*)\"")]
    private static partial Regex Id();

    [GeneratedRegex("(?:href|src)=\"([^\"]*)\"")]
    private static partial Regex Reference();
}
