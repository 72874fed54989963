using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>JSON read without second guesses: valid UTF-8, every string valid Unicode, no key twice, nested at most 64 deep.</summary>
/// <remarks>
/// .NET's parser takes <c>"\ud800"</c>, half of a surrogate pair, and ill-formed UTF-8 inside strings, and throws only when the string is read,
/// wherever that may be. Here both are found before anything is read.
/// </remarks>
static class JsonFile
{
    /// <summary>How JSON is written for people and programs: the escaping that only matters inside HTML is left out.</summary>
    public static JsonSerializerOptions Readable { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>The object in a file.</summary>
    /// <exception cref="InputException">It cannot be read, or holds anything else.</exception>
    public static JsonObject ReadObject(string path) => Object(path, InputFile.Bytes(path));

    /// <summary>The object in a file's bytes.</summary>
    /// <exception cref="InputException">They hold anything else.</exception>
    public static JsonObject Object(string path, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var json = Checked(bytes);
            var node = JsonNode.Parse(json, documentOptions: Strict);
            return node as JsonObject ?? throw CheckpointErrors.NotAnObject(path, node?.GetValueKind().ToString() ?? "null");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw CheckpointErrors.NotJson(path, e, EndsEarly(bytes));
        }
    }

    /// <summary>The document in a file.</summary>
    /// <exception cref="InputException">It cannot be read, or is not JSON.</exception>
    public static JsonDocument ReadDocument(string path)
    {
        byte[] bytes = InputFile.Bytes(path);
        try
        {
            return Parse(bytes);
        }
        catch (JsonException e)
        {
            throw CheckpointErrors.NotJson(path, e, EndsEarly(bytes));
        }
    }

    /// <summary>A document whose strings can all be read.</summary>
    /// <exception cref="JsonException">Not JSON as it is read here.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> bytes) => JsonDocument.Parse(bytes[^Checked(bytes.Span).Length..], Strict);

    /// <summary>The bytes without a byte order mark, if every string in them can be read.</summary>
    /// <exception cref="JsonException">Ill-formed UTF-8, or half of a surrogate pair in a string or a key.</exception>
    public static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> bytes)
    {
        var json = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes;
        if (!System.Text.Unicode.Utf8.IsValid(json)) throw new JsonException("The text is not valid UTF-8.");
        if (HasSurrogateEscape(json)) ReadEveryString(json);
        return json;
    }

    /// <summary>Whether what is there of a text that is no JSON could be its beginning: the file was cut.</summary>
    static bool EndsEarly(ReadOnlySpan<byte> bytes)
    {
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[3..];
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, default);
        try
        {
            while (reader.Read())
            {
            }
            return reader.CurrentDepth > 0 || reader.BytesConsumed < bytes.Length || bytes.Length == 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static bool HasSurrogateEscape(ReadOnlySpan<byte> json) =>
        json.IndexOf("\\ud"u8) >= 0 || json.IndexOf("\\uD"u8) >= 0;

    static void ReadEveryString(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || !reader.ValueIsEscaped) continue;
            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException)
            {
                throw new JsonException($"The string that begins at byte {reader.TokenStartIndex} holds half of a surrogate pair, which is no text.");
            }
        }
    }
}
