using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Castalia.Checkpoints;

/// <summary>JSON as Python's <c>json</c> module reads and writes it, and so transformers its configs: with the numbers NaN, Infinity and -Infinity.</summary>
/// <remarks>Otherwise as <see cref="JsonFile"/> reads it. The three are nodes whose value is a <see cref="double"/> that is not finite.</remarks>
static class PythonJson
{
    static readonly (byte[] Bytes, double Value)[] Literals =
        [("-Infinity"u8.ToArray(), double.NegativeInfinity), ("Infinity"u8.ToArray(), double.PositiveInfinity), ("NaN"u8.ToArray(), double.NaN)];

    /// <summary>The object in a file.</summary>
    /// <exception cref="InputException">It cannot be read, or holds anything else.</exception>
    public static JsonObject ReadObject(string path) => Object(path, InputFile.Bytes(path));

    /// <summary>The object in a file's bytes.</summary>
    /// <exception cref="InputException">They hold anything else.</exception>
    public static JsonObject Object(string path, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IndexOf("NaN"u8) < 0 && bytes.IndexOf("Infinity"u8) < 0) return JsonFile.Object(path, bytes);
        string mark = $"{Guid.NewGuid():N}:"; // in no file
        JsonObject json = JsonFile.Object(path, Quoted(bytes, Encoding.ASCII.GetBytes(mark)));
        Replace(json, node => node is JsonValue v && v.TryGetValue(out string? text) && text.StartsWith(mark, StringComparison.Ordinal)
            ? JsonValue.Create(double.Parse(text.AsSpan(mark.Length), CultureInfo.InvariantCulture))
            : node);
        return json;
    }

    /// <summary>What is not finite as a node says it; null for anything else.</summary>
    public static double? NotFinite(JsonNode? node)
    {
        if (node is not JsonValue value || value.TryGetValue(out JsonElement _)) return null;
        if (value.TryGetValue(out double number)) return double.IsFinite(number) ? null : number;
        return value.TryGetValue(out float single) && !float.IsFinite(single) ? single : null;
    }

    /// <summary>The text Python writes and reads.</summary>
    public static string Text(JsonNode node, JsonSerializerOptions? options = null)
    {
        string mark = $"{Guid.NewGuid():N}:";
        string text = Strict(node, number => mark + Name(number)).ToJsonString(options);
        foreach (var (_, value) in Literals) text = text.Replace($"\"{mark}{Name(value)}\"", Name(value), StringComparison.Ordinal);
        return text;
    }

    /// <summary>A copy that every reader of JSON takes: what is not finite by name, as a string.</summary>
    public static JsonNode Strict(JsonNode node) => Strict(node, Name);

    /// <summary>A number that is not finite, as Python writes it.</summary>
    public static string Name(double value) => double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";

    static JsonNode Strict(JsonNode node, Func<double, string> name)
    {
        if (NotFinite(node) is { } alone) return JsonValue.Create(name(alone));
        JsonNode copy = node.DeepClone();
        Replace(copy, child => NotFinite(child) is { } number ? JsonValue.Create(name(number)) : child);
        return copy;
    }

    /// <summary>Puts other nodes in place of some, below a node; as deep as the parser lets JSON be.</summary>
    static void Replace(JsonNode? node, Func<JsonNode?, JsonNode?> by)
    {
        if (node is JsonObject o)
        {
            foreach (string key in o.Select(pair => pair.Key).ToList())
            {
                Replace(o[key], by);
                if (by(o[key]) is var other && !ReferenceEquals(other, o[key])) o[key] = other;
            }
        }
        else if (node is JsonArray a)
        {
            for (int i = 0; i < a.Count; i++)
            {
                Replace(a[i], by);
                if (by(a[i]) is var other && !ReferenceEquals(other, a[i])) a[i] = other;
            }
        }
    }

    /// <summary>The literals outside strings, each as a string behind a mark; not where one stands for a key.</summary>
    static byte[] Quoted(ReadOnlySpan<byte> json, ReadOnlySpan<byte> mark)
    {
        var quoted = new MemoryStream(json.Length + 64);
        bool inString = false;
        int from = 0;
        for (int i = 0; i < json.Length; i++)
        {
            byte c = json[i];
            if (inString)
            {
                if (c == '\\') i++;
                else if (c == '"') inString = false;
                continue;
            }
            if (c == '"') inString = true;
            if (c is not ((byte)'-' or (byte)'I' or (byte)'N') || Literal(json[i..]) is not { } literal) continue;
            quoted.Write(json[from..i]);
            quoted.WriteByte((byte)'"');
            quoted.Write(mark);
            quoted.Write(literal);
            quoted.WriteByte((byte)'"');
            from = i + literal.Length;
            i = from - 1;
        }
        quoted.Write(json[from..]);
        return quoted.ToArray();
    }

    static byte[]? Literal(ReadOnlySpan<byte> json)
    {
        foreach (var (bytes, _) in Literals)
        {
            if (!json.StartsWith(bytes)) continue;
            ReadOnlySpan<byte> rest = json[bytes.Length..].TrimStart(" \t\r\n"u8);
            return rest.Length > 0 && (rest[0] == ':' || char.IsAsciiLetterOrDigit((char)rest[0])) ? null : bytes;
        }
        return null;
    }
}
