using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>JSON files read without second guesses: UTF-8, one object, no key twice.</summary>
static class StrictJson
{
    static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The object in a file.</summary>
    /// <exception cref="InputException">Anything else.</exception>
    public static JsonObject ReadObject(string path)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CheckpointErrors.CannotOpen(path, e);
        }
        try
        {
            ReadOnlySpan<byte> json = bytes;
            if (json.StartsWith(Encoding.UTF8.Preamble)) json = json[3..];
            Utf8.GetCharCount(json);
            var options = new JsonDocumentOptions { AllowDuplicateProperties = false };
            var node = JsonNode.Parse(json, documentOptions: options);
            return node as JsonObject ?? throw CheckpointErrors.NotAnObject(path, node?.GetValueKind().ToString() ?? "null");
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw CheckpointErrors.NotJson(path, e);
        }
    }
}
