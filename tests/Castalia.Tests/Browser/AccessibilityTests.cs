using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace Castalia.Tests.Browser;

/// <summary>axe over a report, light and dark, tables open.</summary>
[Collection(nameof(InBrowser))]
public sealed class AccessibilityTests(Browser browser)
{
    [Fact]
    public async Task Nothing_in_a_report_shuts_anyone_out()
    {
        await using var report = await browser.Open(browser.Measured);
        foreach (string id in await report.Charts()) await report.Chart(id);
        await report.Page.EvaluateAsync("document.querySelectorAll('details').forEach((details, i) => { details.open = i < 3; })");
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await report.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
            var found = await report.Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
            Assert.Equal("", string.Join('\n', found.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{scheme}: {violation.Id}: {node.Html}"))));
            Assert.NotEmpty(found.Passes);
        }
    }
}
