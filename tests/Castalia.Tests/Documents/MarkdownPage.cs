using System.Text.RegularExpressions;

namespace Castalia.Tests.Documents;

/// <summary>A page of the documentation: its text, its code, its links and the anchors of its headings.</summary>
sealed partial class MarkdownPage
{
    /// <summary>README, changelog, docs and what is said of measurements: what the site holds, and all that a reader is sent to.</summary>
    public static IEnumerable<MarkdownPage> All =>
        from file in (string[])["README.md", "CHANGELOG.md", "bench/README.md", .. In("docs"), .. In("bench/results")]
        select new MarkdownPage(file);

    public MarkdownPage(string file)
    {
        File = file;
        var (prose, block) = (new List<string>(), default(List<string>));
        foreach (string line in System.IO.File.ReadLines(Path.Combine(Shared.Repository, file)))
        {
            if (line.TrimStart().StartsWith("```", StringComparison.Ordinal))
            {
                if (block is not null) Blocks.Add(block);
                block = block is null ? [] : null;
            }
            else if (block is not null)
            {
                block.Add(line);
            }
            else if (line.StartsWith("    ", StringComparison.Ordinal))
            {
                Blocks.Add([line]);
            }
            else
            {
                prose.Add(line);
            }
        }
        Prose = string.Join('\n', prose);
    }

    /// <summary>Its path in the repository.</summary>
    public string File { get; }

    /// <summary>Blocks of code, fenced or indented.</summary>
    public List<List<string>> Blocks { get; } = [];

    /// <summary>All but the blocks of code.</summary>
    public string Prose { get; }

    /// <summary>Code within prose.</summary>
    public IEnumerable<string> Spans => CodeSpan().Matches(Prose).Select(match => match.Groups[1].Value.ReplaceLineEndings(" "));

    /// <summary>Where links and pictures lead, but to other hosts.</summary>
    public IEnumerable<string> Links => Link().Matches(CodeSpan().Replace(Prose, "code")).Select(match => match.Groups[1].Value).Where(target => !target.Contains("://", StringComparison.Ordinal));

    /// <summary>Anchors of its headings, as GitHub names them.</summary>
    public IReadOnlySet<string> Anchors
    {
        get
        {
            var anchors = new HashSet<string>(StringComparer.Ordinal);
            foreach (Match heading in Heading().Matches(Prose))
            {
                string anchor = Unnamed().Replace(heading.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-');
                for (int again = 1; !anchors.Add(again == 1 ? anchor : FormattableString.Invariant($"{anchor}-{again - 1}")); again++) { }
            }
            return anchors;
        }
    }

    static IEnumerable<string> In(string folder) =>
        Directory.GetFiles(Path.Combine(Shared.Repository, folder), "*.md").Select(file => $"{folder}/{Path.GetFileName(file)}").Order(StringComparer.Ordinal);

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^#{1,6} (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\p{L}\p{N}_ -]")]
    private static partial Regex Unnamed();
}
