using System.Globalization;
using System.Text.RegularExpressions;
using Castalia.Errors;
using Castalia.YamlFiles;

namespace Castalia.Cards;

/// <summary>A file of the format before its bases are looked up.</summary>
/// <param name="Model">The model; null in a series.</param>
/// <param name="Series">The series; null in a model's card.</param>
/// <param name="Title">Its name in prose.</param>
/// <param name="Base">What it builds on; null where it stands alone.</param>
/// <param name="Hub">Repositories on the hub.</param>
/// <param name="Values">What it states itself.</param>
/// <param name="Place">Where it begins.</param>
sealed record CardFile(string? Model, string? Series, string Title, ScalarText? Base, IReadOnlyList<string> Hub, IReadOnlyDictionary<string, CardValue> Values, string Place)
{
    /// <summary>What others build on it by.</summary>
    public string Name => Model ?? Series!;
}

/// <summary>Reads one file.</summary>
static partial class CardReader
{
    static readonly string[] s_keys = ["model", "series", "title", "base", "hub", "sources", "unknown", "fields"];

    /// <summary>What the file states.</summary>
    /// <exception cref="InputException">Anything that is not plainly a card, with file, line and column.</exception>
    public static CardFile Read(SourceText source)
    {
        var map = new YamlMap(source, YamlRoot.Of(source), "a card", s_keys);
        if (map.Has("model") == map.Has("series")) throw CardErrors.NoName(map.Place);
        var name = map.Text(map.Has("model") ? "model" : "series");
        if (!Name().IsMatch(name.Value)) throw CardErrors.BadName(name.Place, name.Value);
        var sources = Sources(map);
        var values = new Dictionary<string, CardValue>(StringComparer.Ordinal);
        var fields = map.Map("fields", CardFields.All.Select(field => field.Key).ToArray());
        foreach (string key in fields.Keys) values.Add(key, Value(fields, CardFields.Of(key), sources));
        if (map.Has("unknown"))
            foreach (var group in map.Maps("unknown", ["fields", "source", "note"])) AddUnknown(group, sources, values);
        return new(
            map.Has("model") ? name.Value : null, map.Has("series") ? name.Value : null, map.Text("title").Value, map.OptionalText("base"),
            [.. map.Texts("hub").Select(text => text.Value)], values, name.Place);
    }

    static Dictionary<string, CardSource> Sources(YamlMap map)
    {
        var sources = new Dictionary<string, CardSource>(StringComparer.Ordinal);
        if (!map.Has("sources")) return sources;
        var list = map.Map("sources", known: null);
        foreach (string key in list.Keys)
        {
            var entry = list.Map(key, ["text", "literature"]);
            sources.Add(key, new(Prose.Line(entry.Text("text")), entry.OptionalText("literature")?.Value));
        }
        return sources;
    }

    static CardValue Value(YamlMap fields, CardField field, Dictionary<string, CardSource> sources)
    {
        var entry = fields.Map(field.Key, ["value", "source", "certainty", "note"]);
        var certainty = CertaintyWords.Of(entry.Word("certainty", CertaintyWords.All));
        if (certainty == Certainty.Unknown && entry.Has("value")) throw CardErrors.UnknownWithValue(entry.PlaceOf("value"), field.Key);
        return new(
            field, certainty == Certainty.Unknown ? null : Datum(entry, field), certainty, From(entry, sources),
            entry.OptionalText("note") is { } note ? Prose.Line(note) : null, fields.PlaceOf(field.Key));
    }

    static void AddUnknown(YamlMap group, Dictionary<string, CardSource> sources, Dictionary<string, CardValue> values)
    {
        string? note = group.OptionalText("note") is { } text ? Prose.Line(text) : null;
        var from = From(group, sources);
        if (!group.Has("fields")) throw group.Missing("fields");
        foreach (var key in group.Texts("fields"))
        {
            if (CardFields.Find(key.Value) is not { } field) throw CardErrors.NoSuchField(key.Place, key.Value, Wording.Nearest.Of(key.Value, CardFields.All.Select(f => f.Key)));
            if (values.TryGetValue(key.Value, out var other)) throw CardErrors.StatedTwice(key.Place, key.Value, other.Place);
            values.Add(key.Value, new(field, null, Certainty.Unknown, from, note, key.Place));
        }
    }

    static CardSource[] From(YamlMap entry, Dictionary<string, CardSource> sources)
    {
        if (!entry.Has("source")) throw entry.Missing("source");
        return [.. entry.Texts("source").Select(key => sources.TryGetValue(key.Value, out var known) ? known : throw CardErrors.NoSuchSource(key.Place, key.Value, sources.Keys))];
    }

    static CardDatum Datum(YamlMap entry, CardField field)
    {
        if (field.Kind == FieldKind.List)
        {
            if (!entry.Has("value")) throw entry.Missing("value");
            return new CardDatum.Listing([.. entry.Texts("value").Select(Prose.Line)]);
        }
        var text = entry.Text("value");
        if (text.Value == "none") return new CardDatum.None();
        InputException Wrong(string expected) => CardErrors.WrongType(text.Place, field.Key, $"'{text.Value}'", expected);
        switch (field.Kind)
        {
            case FieldKind.Flag:
                return text.Value is "true" or "false" ? new CardDatum.Truth(text.Value == "true") : throw Wrong("true or false");
            case FieldKind.Number or FieldKind.Count:
                bool isNumber = double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number);
                if (field.Kind == FieldKind.Number) return isNumber ? new CardDatum.Number(number) : throw Wrong("a number");
                return isNumber && number >= 0 && number < 1L << 53 && double.IsInteger(number) ? new CardDatum.Number(number) : throw Wrong("a whole number of at least 0");
            case FieldKind.Word:
                return field.Known.Contains(text.Value) ? new CardDatum.Words(text.Value) : throw Wrong($"one of {string.Join(", ", field.Known)}");
            case FieldKind.Initialisation:
                return InitialisationRule.Parse(text.Value) is not null ? new CardDatum.Words(text.Value) : throw Wrong($"one of {string.Join(", ", InitialisationRule.Names)}");
            default:
                return new CardDatum.Words(Prose.Line(text));
        }
    }

    [GeneratedRegex("^[a-z0-9]+([.-][a-z0-9]+)*$")]
    private static partial Regex Name();
}
