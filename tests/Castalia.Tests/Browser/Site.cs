using Castalia.Tests.Documents;
using Xunit;

namespace Castalia.Tests.Browser;

/// <summary>The documentation as a site that is opened from disk, built once for the tests of a class. Where Sphinx or its theme is missing they are skipped.</summary>
public sealed class Site : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public Site()
    {
        Missing = Python.Missing("sphinx", "myst_parser", "furo");
        if (Missing is not null) return;
        var (code, output, error) = Python.Start(Path.Combine(Shared.Repository, "docs", "site", "build.sh"), Folder);
        Assert.True(code == 0, $"{output}{error}");
    }

    /// <summary>Why it cannot be built here; null where it can.</summary>
    public string? Missing { get; }

    /// <summary>Where it lies.</summary>
    public string Folder => Path.Combine(_folder.Path, "site");

    /// <summary>Paths of its pages of Markdown.</summary>
    public static IEnumerable<string> Pages => MarkdownPage.All.Select(page => Path.ChangeExtension(page.File, ".html"));

    public void Dispose() => _folder.Dispose();
}
