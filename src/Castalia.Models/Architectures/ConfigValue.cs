using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Architectures;

/// <summary>A value of config.json or of GGUF metadata, in one form for both.</summary>
/// <param name="Value">null, bool, long, double, string, or the keys of an object; an array has only its text.</param>
/// <param name="Text">The value as messages quote it, shortened where it is long; a string without quotes.</param>
/// <param name="Items">The members of an array; null for anything else.</param>
sealed record ConfigValue(object? Value, string Text, IReadOnlyList<ConfigValue>? Items = null)
{
    /// <summary>Whether it is an array.</summary>
    public bool IsArray => Items is not null;

    /// <summary>Whether it is JSON's null.</summary>
    public bool IsNull => Value is null && !IsArray;

    /// <summary>The children of an object; null for anything else.</summary>
    public IReadOnlyDictionary<string, ConfigValue>? Children => Value as IReadOnlyDictionary<string, ConfigValue>;

    /// <summary>A JSON node; null is JSON's null.</summary>
    public static ConfigValue Of(JsonNode? node) => node switch
    {
        null => new(null, "null"),
        JsonObject o => new(o.ToDictionary(pair => pair.Key, pair => Of(pair.Value), StringComparer.Ordinal), Short(o)),
        JsonArray a => new(null, Short(a), [.. a.Select(Of)]),
        _ when PythonJson.NotFinite(node) is { } number => new(number, PythonJson.Name(number)),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.String => new(node.GetValue<string>(), Short(node.GetValue<string>())),
            JsonValueKind.True => new(true, "true"),
            JsonValueKind.False => new(false, "false"),
            _ => Number(node.ToJsonString()),
        },
    };

    /// <summary>A GGUF value.</summary>
    /// <remarks>A binary32 is read as the shortest decimal that rounds to it: the 1e-05 that config.json had, not 9.99999974e-06.</remarks>
    public static ConfigValue Of(object value) => value switch
    {
        string s => new(s, Short(s)),
        bool b => new(b, b ? "true" : "false"),
        Array a => new(null, $"an array of {a.Length}", new MembersOf(a)),
        IFormattable number => Number(number.ToString(null, CultureInfo.InvariantCulture)),
        _ => throw new ArgumentException($"{value.GetType()} is not a type of GGUF metadata.", nameof(value)),
    };

    static ConfigValue Number(string text) => new(
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long whole)
            ? (object)whole // not promoted to double
            : double.Parse(text, CultureInfo.InvariantCulture),
        Short(text));

    static string Short(JsonNode node) => Short(PythonJson.Text(node));

    static string Short(string text) => Printable.Of(text, 60);

    /// <summary>The members of a GGUF list, each made when it is asked for: a vocabulary is a list too, and nobody asks for its members here.</summary>
    sealed class MembersOf(Array list) : IReadOnlyList<ConfigValue>
    {
        public int Count => list.Length;

        public ConfigValue this[int index] => Of(list.GetValue(index)!);

        public IEnumerator<ConfigValue> GetEnumerator() => Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
