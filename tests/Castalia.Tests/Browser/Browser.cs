using Microsoft.Playwright;
using Xunit;

namespace Castalia.Tests.Browser;

/// <summary>Shares one browser and its reports between the classes that look at pages.</summary>
[CollectionDefinition(nameof(InBrowser))]
public sealed class InBrowser : ICollectionFixture<Browser>;

/// <summary>Chromium, started once, and the reports that tests open in it. Where it is missing every test fails and says what to install.</summary>
public sealed class Browser : IAsyncLifetime
{
    const string Usual = "/usr/bin/chromium";

    readonly TemporaryFolder _folder = new();
    IPlaywright? _playwright;
    IBrowser? _browser;

    /// <summary>A report over runs that the command made: explained, changed, read as maps, running text, several families.</summary>
    public string Measured { get; private set; } = "";

    /// <summary>A report whose every name is written to break pages.</summary>
    public string Hostile { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        string executable = Environment.GetEnvironmentVariable("CASTALIA_CHROMIUM") ?? Usual;
        if (!File.Exists(executable))
            throw new InvalidOperationException($"Reports are tested in Chromium, which is not at {executable}: 'apt-get install chromium' puts it there, or CASTALIA_CHROMIUM names another.");
        _playwright = await Playwright.CreateAsync();
        // As root there is no sandbox; what is opened are pages of these tests.
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = executable, Args = ["--no-sandbox"] });
        Measured = ReportsToOpen.Measured(_folder);
        Hostile = ReportsToOpen.Hostile(_folder);
    }

    /// <summary>A page among those reports; its path.</summary>
    public string Write(string name, string html) => _folder.Write(name, html);

    /// <summary>Opens a report in a window of its own, and keeps what it does that it should not; of a site, whose pages load what lies in its folder.</summary>
    public async Task<OpenReport> Open(string file, int width = 1000, string? site = null)
    {
        var context = await _browser!.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, AcceptDownloads = true });
        context.SetDefaultTimeout(10_000);
        if (site is not null) context.SetDefaultNavigationTimeout(60_000); // dozens of pages, one after another
        return await OpenReport.Of(context, file, site);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        _folder.Dispose();
    }
}
