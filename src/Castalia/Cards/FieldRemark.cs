using Castalia.Errors;
using Castalia.Wording;
using Castalia.YamlFiles;

namespace Castalia.Cards;

/// <summary>What a difference in one field is documented to matter for, with an eye to the last block.</summary>
/// <param name="Field">The field.</param>
/// <param name="Text">What could follow.</param>
/// <param name="Sources">Where it is documented; ids of the bibliography stand in <paramref name="Literature"/>.</param>
/// <param name="Literature">Ids of works in the bibliography.</param>
/// <param name="Hypotheses">Ids of the hypotheses that turn on it.</param>
/// <param name="Place">File, line and column.</param>
sealed record FieldRemark(CardField Field, string Text, IReadOnlyList<string> Sources, IReadOnlyList<string> Literature, IReadOnlyList<string> Hypotheses, string Place);

/// <summary>The remarks that Castalia carries with it.</summary>
static class FieldRemarks
{
    internal static readonly YamlFormat Format = new("file of remarks", "a", "docs/cards.md");

    static readonly Lazy<IReadOnlyList<FieldRemark>> s_builtIn = new(() => Read(Embedded.Source("Remarks/remarks", Format)));

    /// <summary>All, in the order of the fields.</summary>
    public static IReadOnlyList<FieldRemark> BuiltIn => s_builtIn.Value;

    /// <summary>The remark on a field; null where nothing is documented.</summary>
    public static FieldRemark? Of(string field) => BuiltIn.FirstOrDefault(remark => remark.Field.Key == field);

    /// <summary>Remarks from their file.</summary>
    /// <exception cref="InputException">A key that is no field of a card, a remark without text or source, with file, line and column.</exception>
    internal static IReadOnlyList<FieldRemark> Read(SourceText source)
    {
        var map = new YamlMap(source, YamlRoot.Of(source), "a file of remarks", known: null);
        var remarks = new List<FieldRemark>();
        foreach (string key in map.Keys)
        {
            if (CardFields.Find(key) is not { } field) throw CardErrors.NoSuchField(map.PlaceOf(key), key, Nearest.Of(key, CardFields.All.Select(f => f.Key)));
            var entry = map.Map(key, ["remark", "sources", "literature", "hypotheses"]);
            string[] Texts(string name) => [.. entry.Texts(name).Select(Prose.Line)];
            if (!entry.Has("sources") && !entry.Has("literature")) throw entry.Missing("sources");
            remarks.Add(new(field, Prose.Line(entry.Text("remark")), Texts("sources"), Texts("literature"), Texts("hypotheses"), map.PlaceOf(key)));
        }
        return [.. CardFields.All.SelectMany(field => remarks.Where(remark => remark.Field == field))];
    }
}
