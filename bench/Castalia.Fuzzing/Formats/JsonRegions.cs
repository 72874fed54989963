using System.Text;
using System.Text.Json;
using Castalia.Fuzzing.Mutation;

namespace Castalia.Fuzzing.Formats;

/// <summary>The places of a JSON document.</summary>
static class JsonRegions
{
    const int MostOfOne = 24; // members or elements of one object or list: a vocabulary is long, and one entry is like another

    public static List<Region> Of(byte[] json)
    {
        var regions = new List<Region>();
        var reader = new Utf8JsonReader(json);
        reader.Read();
        Value(ref reader, "", regions, keep: true);
        return regions;
    }

    static void Value(ref Utf8JsonReader reader, string hint, List<Region> regions, bool keep)
    {
        int start = (int)reader.TokenStartIndex;
        var items = new List<(int Start, int End)>();
        bool isObject = reader.TokenType == JsonTokenType.StartObject;
        if (isObject || reader.TokenType == JsonTokenType.StartArray)
            for (reader.Read(); reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray); reader.Read())
            {
                int from = (int)reader.TokenStartIndex;
                string key = hint;
                bool kept = keep && (items.Count < MostOfOne || items.Count % 97 == 0);
                if (isObject)
                {
                    key = reader.GetString()!;
                    if (kept) regions.Add(new(RegionKind.JsonKey, from, (int)reader.BytesConsumed - Behind(reader)) { Hint = hint });
                    reader.Read();
                }
                Value(ref reader, key, regions, kept);
                if (kept) items.Add((from, (int)reader.BytesConsumed));
                else items.Add((-1, -1));
            }
        int end = (int)reader.BytesConsumed;
        if (keep) regions.Add(new(RegionKind.JsonValue, start, end) { Hint = hint });
        AddItems(items, regions, hint + (isObject ? "{" : "["));
    }

    /// <summary>Bytes of the colon and the space that the reader has consumed behind a key.</summary>
    static int Behind(Utf8JsonReader reader)
    {
        int quotes = reader.HasValueSequence ? 0 : (int)reader.TokenStartIndex + reader.ValueSpan.Length + 2;
        return (int)reader.BytesConsumed - quotes;
    }

    /// <summary>An item goes to the next, comma and all; the last with the comma before it.</summary>
    static void AddItems(List<(int Start, int End)> items, List<Region> regions, string hint)
    {
        for (int i = 0; i + 1 < items.Count; i++)
            if (items[i].Start >= 0 && items[i + 1].Start >= 0) regions.Add(new(RegionKind.Item, items[i].Start, items[i + 1].Start) { Hint = hint });
        if (items.Count > 1 && items[^1].Start >= 0 && items[^2].Start >= 0) regions.Add(new(RegionKind.Item, items[^2].End, items[^1].End) { Hint = hint + "," });
        else if (items is [{ Start: >= 0 }]) regions.Add(new(RegionKind.Item, items[0].Start, items[0].End) { Hint = hint + "1" });
    }

    /// <summary>A JSON file.</summary>
    public static SeedFile File(string name, byte[] json) => new(name, new(json)) { Regions = Of(json) };

    public static SeedFile File(string name, string json) => File(name, Encoding.UTF8.GetBytes(json));
}
