namespace Castalia.Cards;

/// <summary>What a field holds.</summary>
enum FieldKind
{
    /// <summary>Words.</summary>
    Text,
    /// <summary>One of the field's own words.</summary>
    Word,
    /// <summary>A number.</summary>
    Number,
    /// <summary>A whole number of at least 0.</summary>
    Count,
    /// <summary>true or false.</summary>
    Flag,
    /// <summary>A list of texts.</summary>
    List,
    /// <summary>A rule by which weights are drawn, see <see cref="InitialisationRule"/>.</summary>
    Initialisation,
}

/// <summary>A field that cards have.</summary>
/// <param name="Key">Its key in files, and its column.</param>
/// <param name="Section">Part of the card it is printed in.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Unit">Unit; empty for names, ratios and plain counts.</param>
/// <param name="Description">What it is.</param>
sealed record CardField(string Key, string Section, FieldKind Kind, string Unit, string Description)
{
    /// <summary>The words of a <see cref="FieldKind.Word"/>.</summary>
    public IReadOnlyList<string> Known { get; init; } = [];

    /// <summary>Whether it is computed from other fields where they are known.</summary>
    public bool IsComputed { get; init; }
}
