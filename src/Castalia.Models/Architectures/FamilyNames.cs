namespace Castalia.Architectures;

/// <summary>What a person may call a family.</summary>
static class FamilyNames
{
    /// <summary>The names of a family: its model_type, its title, and its title's two parts, as in GPT-NeoX and Pythia.</summary>
    public static IReadOnlyList<string> Of(Family family)
    {
        string title = family.Title;
        int open = title.IndexOf('(', StringComparison.Ordinal);
        if (open < 0) return [family.ModelType, title];
        string inside = title[(open + 1)..].TrimEnd(')');
        // What several have in brackets, GGUF, names none of them.
        bool tells = Families.All.Count(other => other.Title.EndsWith($"({inside})", StringComparison.Ordinal)) == 1;
        return [family.ModelType, title, title[..open].TrimEnd(), .. tells ? new[] { inside } : []];
    }

    /// <summary>Every name that <see cref="Find"/> knows.</summary>
    public static IEnumerable<string> All => Families.All.SelectMany(Of).Distinct();

    /// <summary>The first family of the list that has the name; capitals, spaces and punctuation do not matter. Null for none.</summary>
    public static Family? Find(string name)
    {
        string letters = Letters(name);
        return letters.Length == 0 ? null : Families.All.FirstOrDefault(family => Of(family).Any(known => Letters(known) == letters));
    }

    static string Letters(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
