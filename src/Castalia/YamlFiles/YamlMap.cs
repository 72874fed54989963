using System.Globalization;
using Castalia.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Castalia.YamlFiles;

/// <summary>A YAML mapping read strictly: every key is one of those known, and every value of the kind asked for.</summary>
sealed class YamlMap
{
    readonly SourceText _source;
    readonly string _what;
    readonly Dictionary<string, (YamlScalarNode Key, YamlNode Value)> _entries = new(StringComparer.Ordinal);

    /// <summary>The mapping.</summary>
    /// <param name="source">The file.</param>
    /// <param name="node">The node.</param>
    /// <param name="what">What it describes, for messages.</param>
    /// <param name="known">Keys it may have; null for any.</param>
    /// <exception cref="InputException">No mapping, or an unknown key.</exception>
    public YamlMap(SourceText source, YamlNode node, string what, IReadOnlyCollection<string>? known)
    {
        _source = source;
        _what = what;
        if (node is not YamlMappingNode map) throw YamlErrors.WrongKind(source.Format, source.Place(node.Start), what, "a mapping (key: value)", Kind(node));
        Place = source.Place(map.Start);
        foreach (var (key, value) in map.Children)
        {
            if (key is not YamlScalarNode { Value: { } name } scalar)
                throw YamlErrors.WrongKind(_source.Format, source.Place(key.Start), $"a key of {what}", "a word", Kind(key));
            if (known is not null && !known.Contains(name)) throw YamlErrors.UnknownKey(_source.Format, source.Place(key.Start), name, what, known);
            _entries.Add(name, (scalar, value));
        }
    }

    /// <summary>Where it begins.</summary>
    public string Place { get; }

    /// <summary>Its keys, in the file's order.</summary>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <summary>Where a key stands.</summary>
    public string PlaceOf(string key) => _source.Place(_entries[key].Key.Start);

    /// <summary>Whether a key is there.</summary>
    public bool Has(string key) => _entries.ContainsKey(key);

    /// <summary>That a key must be there and is not.</summary>
    public InputException Missing(string key) => YamlErrors.MissingKey(_source.Format, Place, key, _what);

    /// <summary>A text that must be there.</summary>
    public ScalarText Text(string key) => OptionalText(key) ?? throw YamlErrors.MissingKey(_source.Format, Place, key, _what);

    /// <summary>A text, not empty; null without the key.</summary>
    public ScalarText? OptionalText(string key) => _entries.TryGetValue(key, out var entry) ? Scalar(key, entry.Value) : null;

    /// <summary>A whole number of at least 1; null without the key.</summary>
    public int? OptionalCount(string key) => OptionalText(key) is not { } text ? null
        : int.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n >= 1 ? n
        : throw YamlErrors.NotANumber(text.Place, key, text.Value, "a whole number of at least 1");

    /// <summary>A number that must be there.</summary>
    public double Number(string key)
    {
        var text = Text(key);
        return double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw YamlErrors.NotANumber(text.Place, key, text.Value, "a number");
    }

    /// <summary>One of a few words.</summary>
    public string Word(string key, IReadOnlyCollection<string> known)
    {
        var text = Text(key);
        return known.Contains(text.Value) ? text.Value : throw YamlErrors.NotAmong(text.Place, key, text.Value, known);
    }

    /// <summary>One text or a list of at least one; empty without the key.</summary>
    public IReadOnlyList<ScalarText> Texts(string key)
    {
        if (!_entries.TryGetValue(key, out var entry)) return [];
        if (entry.Value is not YamlSequenceNode list) return [Scalar(key, entry.Value)];
        return list.Children.Count == 0
            ? throw YamlErrors.Empty(_source.Format, _source.Place(list.Start), key)
            : [.. list.Children.Select(item => Scalar(key, item))];
    }

    /// <summary>Whether a key's value is a list.</summary>
    public bool IsList(string key) => _entries[key].Value is YamlSequenceNode;

    /// <summary>A mapping that must be there.</summary>
    public YamlMap Map(string key, IReadOnlyCollection<string>? known) => _entries.TryGetValue(key, out var entry)
        ? new(_source, entry.Value, $"'{key}'", known)
        : throw YamlErrors.MissingKey(_source.Format, Place, key, _what);

    /// <summary>A list of mappings of at least one.</summary>
    public IReadOnlyList<YamlMap> Maps(string key, IReadOnlyCollection<string> known)
    {
        var node = _entries[key].Value;
        if (node is not YamlSequenceNode { Children.Count: > 0 } list)
            throw YamlErrors.WrongKind(_source.Format, _source.Place(node.Start), $"'{key}'", "a list of mappings", Kind(node));
        return [.. list.Children.Select(item => new YamlMap(_source, item, $"an entry of '{key}'", known))];
    }

    /// <summary>A whole file that is a list of mappings, at least one.</summary>
    public static IReadOnlyList<YamlMap> List(SourceText source, string what, IReadOnlyCollection<string> known)
    {
        var root = YamlRoot.Of(source);
        if (root is not YamlSequenceNode { Children.Count: > 0 } list) throw YamlErrors.WrongKind(source.Format, source.Place(root.Start), "the file", "a list of mappings", Kind(root));
        return [.. list.Children.Select(item => new YamlMap(source, item, what, known))];
    }

    ScalarText Scalar(string key, YamlNode node)
    {
        if (node is not YamlScalarNode scalar) throw YamlErrors.WrongKind(_source.Format, _source.Place(node.Start), $"'{key}'", "a text or a number", Kind(node));
        bool isNothing = string.IsNullOrWhiteSpace(scalar.Value) || (scalar.Style == ScalarStyle.Plain && scalar.Value is "~" or "null");
        return isNothing ? throw YamlErrors.Empty(_source.Format, _source.Place(node.Start), key) : new(_source, scalar);
    }

    static string Kind(YamlNode node) => node.NodeType switch
    {
        YamlNodeType.Mapping => "a mapping",
        YamlNodeType.Sequence => "a list",
        YamlNodeType.Scalar => "a text or a number",
        _ => "an alias",
    };
}
