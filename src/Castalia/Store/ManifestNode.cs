using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Errors;

namespace Castalia.Store;

/// <summary>An object in a manifest that knows where it stands, so that an error can say it.</summary>
/// <param name="Folder">The run's folder.</param>
/// <param name="Place">Path of the object in the document; empty for the document.</param>
/// <param name="Json">The object.</param>
sealed record ManifestNode(string Folder, string Place, JsonObject Json)
{
    public string Text(string key) => OptionalText(key) ?? throw Lacks(key, "a text");

    /// <summary>A text; null where the key is absent or null.</summary>
    public string? OptionalText(string key) => Json[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text,
        _ => throw Lacks(key, "a text"),
    };

    /// <summary>True or false; null where the key is absent or null.</summary>
    public bool? OptionalTruth(string key) => Json[key] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out bool truth) => truth,
        _ => throw Lacks(key, "true or false"),
    };

    public long Whole(string key) => Json[key] is JsonValue value && value.TryGetValue(out long whole) ? whole : throw Lacks(key, "a whole number");

    /// <summary>A whole number that fits a count.</summary>
    public int Count(string key) => Whole(key) is >= 0 and <= int.MaxValue and var count ? (int)count : throw Lacks(key, "a count");

    /// <summary>A time, UTC.</summary>
    public DateTime Time(string key) => DateTime.TryParse(Text(key), CultureInfo.InvariantCulture,
        DateTimeStyles.AdjustToUniversal | DateTimeStyles.AssumeUniversal, out var time) ? time : throw Lacks(key, "a time");

    public ManifestNode Object(string key) => OptionalObject(key) ?? throw Lacks(key, "an object");

    public ManifestNode? OptionalObject(string key) => Json[key] switch
    {
        null => null,
        JsonObject json => new(Folder, At(key), json),
        _ => throw Lacks(key, "an object"),
    };

    public IEnumerable<ManifestNode> Objects(string key)
    {
        if (Json[key] is not JsonArray array) throw Lacks(key, "a list");
        for (int i = 0; i < array.Count; i++)
            yield return array[i] is JsonObject json ? new(Folder, $"{At(key)}[{i}]", json) : throw Lacks($"{key}[{i}]", "an object");
    }

    /// <summary>Token ids, at least one.</summary>
    public IReadOnlyList<int> Ids(string key)
    {
        if (Json[key] is not JsonArray { Count: > 0 } array) throw Lacks(key, "a list of token ids");
        return [.. array.Select(id => id is JsonValue value && value.TryGetValue(out int number) && number >= 0 ? number : throw Lacks(key, "a list of token ids"))];
    }

    /// <summary>The error that something is not there, or of another kind.</summary>
    public InputException Lacks(string key, string wanted) => StoreErrors.ManifestLacks(Folder, At(key), wanted);

    string At(string key) => Place.Length == 0 ? key : $"{Place}.{key}";
}
