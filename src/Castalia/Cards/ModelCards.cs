using Castalia.Errors;
using Castalia.Wording;
using Castalia.YamlFiles;

namespace Castalia.Cards;

/// <summary>The cards that Castalia carries with it, and the user's own.</summary>
static class ModelCards
{
    const string Prefix = "Cards/";

    static readonly Lazy<IReadOnlyDictionary<string, CardFile>> s_files = new(() => Names().Select(name => CardReader.Read(Embedded.Source(name, CardErrors.Format))).ToDictionary(file => file.Name, StringComparer.Ordinal));

    static readonly Lazy<IReadOnlyList<Card>> s_builtIn = new(() =>
        [.. s_files.Value.Values.Where(file => file.Model is not null).Select(file => CardAssembly.Of(file, s_files.Value)).OrderBy(card => card.Series ?? card.Model, StringComparer.Ordinal)
            .ThenBy(card => card.Number("parameters")).ThenBy(card => card.Model, StringComparer.Ordinal)]);

    /// <summary>Those of the assembly: by series, the smallest model first.</summary>
    public static IReadOnlyList<Card> BuiltIn => s_builtIn.Value;

    /// <summary>The card of a model, by its name or a repository's on the hub, whatever the case of its letters.</summary>
    /// <exception cref="InputException">There is none; the nearest is named.</exception>
    public static Card Named(string name) =>
        Find(name) ?? throw CardErrors.NoSuchCard(name, Nearest.Of(name.ToLowerInvariant(), BuiltIn.SelectMany(NamesOf)), BuiltIn.Select(card => card.Model));

    /// <summary>The same; null where there is none, as for a measured model that nobody wrote a card of.</summary>
    public static Card? Find(string name) => CardSet.Shipped.Find(name);

    /// <summary>A card of the user's own; it may build on those that ship.</summary>
    /// <param name="path">Its file.</param>
    /// <exception cref="InputException">The file cannot be read or is not plainly a card, with file, line and column.</exception>
    public static Card Read(string path) => Of(SourceText.Read(path, CardErrors.Format));

    /// <summary>The same of a text.</summary>
    internal static Card Of(SourceText source)
    {
        var file = CardReader.Read(source);
        return file.Model is null ? throw CardErrors.NoName(file.Place) : CardAssembly.Of(file, s_files.Value);
    }

    /// <summary>The files that cards may build on, by name: models' and series'.</summary>
    internal static IReadOnlyDictionary<string, CardFile> Files => s_files.Value;

    /// <summary>Names of the embedded files.</summary>
    internal static IEnumerable<string> Names() => Embedded.Names(Prefix);

    /// <summary>What a card is found by.</summary>
    internal static IEnumerable<string> NamesOf(Card card) => [card.Model, .. card.Hub];
}
