using Microsoft.Playwright;
using Xunit;

namespace Castalia.Tests.Browser;

/// <summary>A report that is open in a browser.</summary>
public sealed class OpenReport : IAsyncDisposable
{
    readonly IBrowserContext _context;
    readonly List<string> _faults = [];

    OpenReport(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
    }

    public IPage Page { get; }

    /// <summary>Console messages, errors, dialogs, and requests beyond the file itself or the folder of the site.</summary>
    public IReadOnlyList<string> Faults => _faults;

    internal static async Task<OpenReport> Of(IBrowserContext context, string file, string? site)
    {
        var page = await context.NewPageAsync();
        var open = new OpenReport(context, page);
        string address = new Uri(file).AbsoluteUri;
        string? within = site is null ? null : new Uri(site + Path.DirectorySeparatorChar).AbsoluteUri;
        page.Console += (_, message) => open._faults.Add($"console: {message.Text}");
        page.PageError += (_, error) => open._faults.Add($"error: {error}");
        page.RequestFailed += (_, request) => open._faults.Add($"not found: {request.Url}");
        page.Dialog += (_, dialog) => open._faults.Add($"dialog: {dialog.Message}");
        page.Request += (_, request) =>
        {
            if (within is not null && request.Url.StartsWith(within, StringComparison.Ordinal)) return;
            if (request.Url != address && !request.Url.StartsWith("blob:", StringComparison.Ordinal)) open._faults.Add($"request: {request.Url}");
        };
        await page.GotoAsync(address);
        return open;
    }

    /// <summary>Identifiers of its charts.</summary>
    public Task<string[]> Charts() => Page.EvaluateAsync<string[]>("[...document.querySelectorAll('figure.chart')].map(figure => figure.id)");

    /// <summary>Brings a chart into view, where it is drawn.</summary>
    public async Task<ILocator> Chart(string id)
    {
        var figure = Page.Locator($"figure.chart[id='{id}']");
        await figure.Locator(".plot").ScrollIntoViewIfNeededAsync();
        await figure.Locator(".plot svg > g").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
        return figure;
    }

    /// <summary>Presses a button of a chart that saves a file; its text.</summary>
    public async Task<string> Saved(ILocator figure, string button)
    {
        var download = await Page.RunAndWaitForDownloadAsync(() => figure.Locator($"button[data-kind='{button}']").ClickAsync());
        return await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
