using Castalia.Architectures;
using Castalia.Reports.Pages;

namespace Castalia.Reports;

/// <summary>What <c>castalia families</c> prints for people.</summary>
static class FamiliesReport
{
    const int Label = 20; // the longest

    static IReadOnlyList<Family> All => Architectures.Families.All;

    /// <summary>Every family: the first whole, each other one by its differences from its relative.</summary>
    public static Page Listing() => new(
    [
        new Paragraph(
            $"{All.Count(f => f.Config == ConfigKind.HuggingFace)} families in the form of Hugging Face and " +
            $"{All.Count(f => f.Config == ConfigKind.Gguf)} in the form of llama.cpp, told apart by {FamilyTraits.All.Count} traits. The first is printed whole. " +
            "Each other one stands beside the family listed before it whose arithmetic is nearest: what is not printed is as there. " +
            "'castalia families A' prints one whole, 'castalia families A B' compares two."),
        .. All.SelectMany(family => (IEnumerable<PageBlock>)[new Gap(), new Heading(Name(family), 2), FamilyRelatives.Of(family) is { } relative ? Beside(family, relative) : Whole(family)]),
    ]);

    /// <summary>One family: all its traits, then its differences from its relative.</summary>
    public static Page One(Family family) => new(
    [
        new Heading(Name(family), 2), Whole(family),
        .. FamilyRelatives.Of(family) is { } relative ? (IEnumerable<PageBlock>)[new Gap(), new Heading(Name(family), 2), Beside(family, relative)] : [],
    ]);

    /// <summary>Two families: what differs, side by side, and the names of what does not.</summary>
    public static Page Comparison(Family one, Family other)
    {
        var rows = FamilyTraits.Differences(one, other);
        if (rows.Count == 0) return new([new Paragraph($"They are one family, {Name(one)}.")]);
        var alike = FamilyTraits.All.Except(rows.Select(row => row.Trait)).ToList();
        return new(
        [
            Differences("", Name(one), Name(other), one, other), new Gap(),
            new Paragraph($"Alike in {alike.Count} of {FamilyTraits.All.Count} traits; those of them that they have: " +
                $"{string.Join("; ", alike.Where(trait => trait.Of(one) != FamilyWords.Absent).Select(trait => trait.Label))}."),
        ]);
    }

    /// <summary>docs/families.md: each family beside its relative, and tables of every trait of all.</summary>
    public static Page Document() => new(
    [
        new Heading("Families"),
        new Paragraph(
            "Written by 'castalia families --markdown' from the descriptions that drive the forward pass; a test compares. 'castalia families A B' prints what " +
            "distinguishes any two, and 'castalia describe' what a checkpoint makes of its family."),
        new Paragraph(
            $"“Unless stated” and “default”: what holds where a config says nothing. Where it says it is not in these tables. R is the number of dimensions of a head that turn. {FamilyWords.Absent} is none."),
        new Heading("What distinguishes each from its nearest relative", 2),
        new Paragraph(
            "The relative is, of the families above it, the one that differs in the fewest traits that decide what is computed; how weights are stored decides between equals. " +
            $"The first, {All[0].Title}, has none: the tables at the end hold it as they hold all."),
        .. All.Skip(1).SelectMany(family => (IEnumerable<PageBlock>)[new Heading(Name(family), 3), Beside(family, FamilyRelatives.Of(family)!)]),
        .. FamilyTraits.All.GroupBy(trait => trait.Group).SelectMany(group => (IEnumerable<PageBlock>)
        [
            new Heading(group.Key, 2),
            new Table(["family", .. group.Select(trait => Column.Prose(trait.Label))], [.. All.Select(IReadOnlyList<Cell> (family) => [family.Title, .. group.Select(trait => (Cell)trait.Of(family))])]),
        ]),
    ]);

    /// <summary>A family, and where its models say that they are of it.</summary>
    static string Name(Family family) => $"{family.Title}: {family.ModelType} in {(family.Config == ConfigKind.Gguf ? "GGUF" : "config.json")}";

    static Facts Whole(Family family) => new([.. FamilyTraits.All.Select(trait => (trait.Label, trait.Of(family)))], Label + 2);

    static Table Beside(Family family, Family relative) => Differences(
        $"{FamilyTraits.Differences(family, relative).Count} of {FamilyTraits.All.Count} traits", "here", $"not as in {relative.Title}", family, relative);

    static Table Differences(string title, string here, string there, Family one, Family other) => new(
        [title, Column.Prose(here), Column.Prose(there)], [.. FamilyTraits.Differences(one, other).Select(IReadOnlyList<Cell> (row) => [row.Trait.Label, row.One, row.Other])])
    {
        FirstWidth = Label,
    };
}
