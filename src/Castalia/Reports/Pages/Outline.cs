namespace Castalia.Reports.Pages;

/// <summary>Ranks of a document's headings: one heading of the first rank, and no rank left out on the way down.</summary>
sealed class Outline
{
    readonly int[] _levels;

    Outline(int[] levels, bool needsTitle) => (_levels, NeedsTitle) = (levels, needsTitle);

    /// <summary>Whether the document begins with its title, because the page does not begin with the one heading that is above all others.</summary>
    public bool NeedsTitle { get; }

    /// <summary>The outline of a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="title">What the document is called; empty where it needs none.</param>
    public static Outline Of(Page page, string title)
    {
        Heading[] headings = [.. page.Blocks.OfType<Heading>()];
        bool isTitled = page.Blocks.FirstOrDefault(block => block is not Gap) is Heading { Level: 1 } && headings.Count(h => h.Level == 1) == 1;
        return new([.. headings.Select(h => h.Level).Distinct().Order()], title != "" && !isTitled);
    }

    /// <summary>Rank of a heading of the page, from 1.</summary>
    public int Rank(Heading heading) => Array.IndexOf(_levels, heading.Level) + (NeedsTitle ? 2 : 1);
}
