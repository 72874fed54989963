using System.Text;
using Castalia.Architectures;

namespace Castalia.Reports;

/// <summary>docs/families.md.</summary>
public static class FamiliesMarkdown
{
    /// <summary>The document; lines end in LF.</summary>
    public static string Of()
    {
        var families = Architectures.Families.All;
        var text = new StringBuilder();
        text.Append(
            """
            # Families

            Written by `castalia families --markdown` from the descriptions that drive the forward pass; a test compares.
            `castalia families A B` prints what distinguishes any two, and `castalia describe` what a checkpoint makes of its
            family.

            *Unless stated* and *default*: what holds where a config says nothing. Where it says it is not in these tables.
            R is the number of dimensions of a head that turn. – is none.

            ## What distinguishes each from its nearest relative

            The relative is, of the families above it, the one that differs in the fewest traits that decide what is computed; how
            weights are stored decides between equals.

            | family | read from | relative | differences |
            | --- | --- | --- | --- |

            """);
        foreach (Family family in families) text.Append(Line(family.Title, $"{FamiliesText.Source(family)}", Relative(family), Differences(family)));
        foreach (var group in FamilyTraits.All.GroupBy(trait => trait.Group))
        {
            text.Append($"\n## {group.Key}\n\n");
            text.Append(Line(["family", .. group.Select(trait => trait.Label)]));
            text.Append(Line([.. Enumerable.Repeat("---", group.Count() + 1)]));
            foreach (Family family in families) text.Append(Line([family.Title, .. group.Select(trait => trait.Of(family))]));
        }
        return text.ToString();
    }

    static string Relative(Family family) => FamilyRelatives.Of(family)?.Title ?? FamilyWords.Absent;

    static string Differences(Family family) => FamilyRelatives.Of(family) is { } relative
        ? string.Join("<br>", FamilyTraits.Differences(family, relative).Select(row => $"{row.Trait.Label}: **{row.One}**, not {row.Other}"))
        : "the tables below";

    static string Line(params string[] cells) =>
        $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)))} |\n";
}
