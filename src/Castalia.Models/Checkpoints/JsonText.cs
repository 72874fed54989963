using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Castalia.Checkpoints;

/// <summary>A document as JSON for people and programs.</summary>
static class JsonText
{
    /// <summary>The document as nodes, to which more can be added.</summary>
    /// <param name="document">The document.</param>
    /// <param name="context">Knows its type.</param>
    public static JsonObject Node<T>(T document, JsonSerializerContext context) where T : notnull =>
        JsonSerializer.SerializeToNode(document, typeof(T), context)!.AsObject();

    /// <summary>Its text, ended by LF.</summary>
    public static string Of(JsonObject document) => document.ToJsonString(JsonFile.Readable) + "\n";
}
