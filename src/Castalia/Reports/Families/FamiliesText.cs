using System.Text;
using Castalia.Architectures;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia families</c> prints for people; lines end in LF.</summary>
public static class FamiliesText
{
    const int Label = 20;

    /// <summary>Every family: the first whole, each other one by its differences from its relative.</summary>
    /// <param name="width">Columns of the terminal.</param>
    public static string Listing(int width)
    {
        var families = Architectures.Families.All;
        var text = new StringBuilder();
        text.Append(Wrapped.Of(
            $"{families.Count(f => f.Config == ConfigKind.HuggingFace)} families in the form of Hugging Face and " +
            $"{families.Count(f => f.Config == ConfigKind.Gguf)} in the form of llama.cpp, told apart by {FamilyTraits.All.Count} traits. The first is printed whole. " +
            "Each other one stands beside the family listed before it whose arithmetic is nearest: what is not printed is as there. " +
            "'castalia families A' prints one whole, 'castalia families A B' compares two.", width));
        foreach (Family family in families)
            text.Append('\n').Append(FamilyRelatives.Of(family) is { } relative ? Beside(family, relative, width) : Whole(family, width));
        return text.ToString();
    }

    /// <summary>One family: all its traits, then its differences from its relative.</summary>
    public static string One(Family family, int width) => FamilyRelatives.Of(family) is { } relative
        ? $"{Whole(family, width)}\n{Beside(family, relative, width)}"
        : Whole(family, width);

    /// <summary>Two families: what differs, side by side, and the names of what does not.</summary>
    public static string Comparison(Family one, Family other, int width)
    {
        var rows = FamilyTraits.Differences(one, other);
        var alike = FamilyTraits.All.Except(rows.Select(row => row.Trait)).ToList();
        var had = alike.Where(trait => trait.Of(one) != FamilyWords.Absent).Select(trait => trait.Label);
        var text = new StringBuilder();
        Row(text, width, "", one.Title, other.Title);
        Row(text, width, "", Source(one), Source(other));
        text.Append("  ").Append('─', width - 2).Append('\n');
        foreach (var (trait, left, right) in rows) Row(text, width, trait.Label, left, right);
        if (rows.Count == 0) text.Append(Wrapped.Of("They are one family.", width));
        else text.Append('\n').Append(Wrapped.Of(
            $"Alike in {alike.Count} of {FamilyTraits.All.Count} traits; those of them that they have: {string.Join("; ", had)}.", width));
        return text.ToString();
    }

    /// <summary>Where a family's models say that they are of it.</summary>
    public static string Source(Family family) =>
        family.Config == ConfigKind.Gguf ? $"{family.ModelType} in GGUF" : $"{family.ModelType} in config.json";

    static string Name(Family family) => $"{family.Title}: {Source(family)}\n";

    static string Whole(Family family, int width)
    {
        var text = new StringBuilder();
        text.Append(Name(family));
        foreach (FamilyTrait trait in FamilyTraits.All) Row(text, width, trait.Label, trait.Of(family));
        return text.ToString();
    }

    static string Beside(Family family, Family relative, int width)
    {
        var text = new StringBuilder();
        var rows = FamilyTraits.Differences(family, relative);
        text.Append(Name(family));
        Row(text, width, $"{rows.Count} of {FamilyTraits.All.Count} traits", "here", $"not as in {relative.Title}");
        foreach (var (trait, theirs, others) in rows) Row(text, width, trait.Label, theirs, others);
        return text.ToString();
    }

    /// <summary>A label and cells that share what is left of the width, each broken over as many lines as it needs.</summary>
    static void Row(StringBuilder text, int width, string label, params string[] cells)
    {
        int cell = (width - 2 - Label - 2 * cells.Length) / cells.Length;
        List<string>[] lines = [.. cells.Select(words => Lines(words, cell))];
        for (int i = 0; i < lines.Max(of => of.Count); i++)
        {
            string line = "  " + (i == 0 ? label : "").PadRight(Label) +
                string.Concat(lines.Select(of => "  " + (i < of.Count ? of[i] : "").PadRight(cell)));
            text.Append(line.TrimEnd()).Append('\n');
        }
    }

    static List<string> Lines(string words, int width)
    {
        List<string> lines = [""];
        foreach (string word in words.Split(' '))
        {
            if (lines[^1].Length == 0) lines[^1] = word;
            else if (lines[^1].Length + 1 + word.Length <= width) lines[^1] += " " + word;
            else lines.Add(word);
            for (int cut; lines[^1].Length > width && (cut = Cut(lines[^1], width)) > 0;)
            {
                string whole = lines[^1];
                lines[^1] = whole[..cut];
                lines.Add(whole[cut..]);
            }
        }
        return lines;
    }

    /// <summary>Where a word that is too long, a key or a tensor's name, may be broken: after a point or a line; 0 for nowhere.</summary>
    static int Cut(string word, int width) => word.LastIndexOfAny(['_', '.'], width - 1) + 1;
}
