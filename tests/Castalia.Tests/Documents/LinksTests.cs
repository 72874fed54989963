using Xunit;

namespace Castalia.Tests.Documents;

/// <summary>Links between the pages lead somewhere.</summary>
public sealed class LinksTests
{
    const string Index = "docs/index.md";

    [Fact]
    public void Every_link_leads_to_a_file_and_a_heading_of_it()
    {
        var pages = MarkdownPage.All.ToDictionary(page => page.File, StringComparer.Ordinal);
        var links = pages.Values.SelectMany(page => page.Links.Select(link => (page.File, Link: link))).ToList();
        string broken = string.Join('\n', from link in links where !Leads(pages, link.File, link.Link) select $"{link.File}: {link.Link}");
        Assert.True(broken == "", broken);
        Assert.Contains(links, link => link.Link.Contains('#', StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_of_pages_names_every_page_once()
    {
        string[] named = [.. new MarkdownPage(Index).Links.Skip(1).Select(link => Target(Index, link)).Order(StringComparer.Ordinal)]; // its first names README in a sentence
        Assert.Equal(MarkdownPage.All.Select(page => page.File).Where(file => file != Index && !file.StartsWith("bench/results/", StringComparison.Ordinal)).Order(StringComparer.Ordinal), named);
    }

    [Theory]
    [InlineData("README.md#install-and-run", true)]
    [InlineData("README.md#install-and-walk", false)]
    [InlineData("docs/no-such-page.md", false)]
    [InlineData("docs", false)]
    public void What_leads_nowhere_is_found(string link, bool leads) =>
        Assert.Equal(leads, Leads(MarkdownPage.All.ToDictionary(page => page.File, StringComparer.Ordinal), "CHANGELOG.md", link));

    /// <summary>Whether a link leads to a file, and to a heading where it names one. Folders have no page in the site.</summary>
    static bool Leads(Dictionary<string, MarkdownPage> pages, string from, string link)
    {
        string file = Target(from, link);
        int hash = link.IndexOf('#', StringComparison.Ordinal);
        return hash < 0 ? File.Exists(Path.Combine(Shared.Repository, file)) : pages.TryGetValue(file, out var page) && page.Anchors.Contains(link[(hash + 1)..]);
    }

    /// <summary>The path in the repository that a link on a page names.</summary>
    static string Target(string from, string link)
    {
        string path = link.Split('#')[0];
        if (path == "") return from;
        return Path.GetRelativePath(Shared.Repository, Path.Combine(Shared.Repository, Path.GetDirectoryName(from)!, path)).Replace('\\', '/');
    }
}
