using System.Text.RegularExpressions;
using Castalia.Published;

namespace Castalia.Dossier;

/// <summary>A section of the dossier, as its text has it.</summary>
/// <param name="Id">Its name for <c>--section</c>.</param>
/// <param name="Title">Its heading.</param>
/// <param name="Parts">Its parts, in order.</param>
sealed record DossierSection(string Id, string Title, IReadOnlyList<DossierPart> Parts);

/// <summary>A part of a section: one of those below.</summary>
abstract record DossierPart;

/// <summary>A paragraph, figures still by their names.</summary>
sealed record Prose(string Text) : DossierPart;

/// <summary>A heading within a section.</summary>
sealed record Subheading(string Text) : DossierPart;

/// <summary>A list, figures still by their names.</summary>
sealed record Points(IReadOnlyList<string> Items) : DossierPart;

/// <summary>Where a table, a list or a drawing is put that is made from data.</summary>
sealed record Insertion(string Name) : DossierPart;

/// <summary>The text of the dossier: words alone. Every figure in it is a name in braces, every citation an id in brackets.</summary>
static partial class DossierText
{
    static readonly Lazy<IReadOnlyList<DossierSection>> s_shipped = new(() => Parse(EmbeddedText.Of("dossier.txt")));

    /// <summary>The text that ships.</summary>
    public static IReadOnlyList<DossierSection> Shipped => s_shipped.Value;

    /// <summary>The sections of a text: "# id | title" begins one, "## title" heads a part of one, "- " begins a point, "@name" is an insertion, an empty line ends a paragraph.</summary>
    public static IReadOnlyList<DossierSection> Parse(string text)
    {
        var sections = new List<DossierSection>();
        foreach (string section in Regex.Split(text, "^# ", RegexOptions.Multiline).Where(section => section.Trim() != ""))
        {
            string[] blocks = section.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            string[] head = blocks[0].Split(" | ");
            sections.Add(new(head[0], head[1], [.. blocks.Skip(1).Select(Part)]));
        }
        return sections;
    }

    static DossierPart Part(string block) =>
        block.StartsWith("## ", StringComparison.Ordinal) ? new Subheading(block[3..])
        : block.StartsWith('@') ? new Insertion(block[1..])
        : block.StartsWith("- ", StringComparison.Ordinal) ? new Points([.. block.Split('\n').Select(line => line[2..])])
        : new Prose(block);

    /// <summary>A text with its figures and citations.</summary>
    /// <param name="text">The text.</param>
    /// <param name="figure">Of a name, its text.</param>
    /// <param name="citation">Of an id, how the work is named in a sentence.</param>
    public static string Filled(string text, Func<string, string> figure, Func<string, string> citation) =>
        CitationId().Replace(FigureName().Replace(text, match => figure(match.Groups[1].Value)), match => citation(match.Groups[1].Value));

    /// <summary>The names of figures in a text.</summary>
    public static IEnumerable<string> FiguresOf(string text) => FigureName().Matches(text).Select(match => match.Groups[1].Value);

    // A brace behind an underscore is an index: h_{L−1}.
    [GeneratedRegex(@"(?<!_)\{([a-z][a-z0-9.:_-]*)\}")]
    private static partial Regex FigureName();

    [GeneratedRegex(@"\[([a-z][a-z0-9-]*)\]")]
    private static partial Regex CitationId();
}
