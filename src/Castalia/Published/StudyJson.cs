using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Castalia.Published;

/// <summary>The data set as a file: what holds only numbers and words stands on one line, so that a changed figure is a changed line.</summary>
static class StudyJson
{
    const string Indent = "  ";

    static readonly JsonSerializerOptions Line = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The study as text, ended by LF.</summary>
    public static string Write(PublishedStudy study) => Text(JsonSerializer.SerializeToNode(study, StudyContracts.Default.PublishedStudy)!);

    /// <summary>A study from its text.</summary>
    /// <exception cref="JsonException">The text is not such a file: a fault of ours, for it ships with us.</exception>
    public static PublishedStudy Read(string text) => Read(text, StudyContracts.Default.PublishedStudy);

    /// <summary>What is known of the study's models, from the text written this way.</summary>
    /// <exception cref="JsonException">The text is not such a file.</exception>
    public static IReadOnlyList<ModelFacts> ReadFacts(string text) => Read(text, StudyContracts.Default.IReadOnlyListModelFacts);

    static T Read<T>(string text, JsonTypeInfo<T> contract) =>
        JsonSerializer.Deserialize(text, contract) ?? throw new JsonException("The file holds null.");

    static string Text(JsonNode root)
    {
        var text = new StringBuilder();
        Append(text, root, 0);
        return text.Append('\n').ToString();
    }

    static void Append(StringBuilder text, JsonNode? node, int depth)
    {
        var members = node switch
        {
            JsonObject o => o.Select(m => (Name: JsonValue.Create(m.Key).ToJsonString(Line) + ": ", m.Value)).ToArray(),
            JsonArray a => a.Select(m => (Name: "", Value: m)).ToArray(),
            _ => [],
        };
        if (!members.Any(m => m.Value is JsonObject or JsonArray))
        {
            text.Append(node is null ? "null" : node.ToJsonString(Line));
            return;
        }
        text.Append(node is JsonObject ? '{' : '[');
        for (int i = 0; i < members.Length; i++)
        {
            text.Append(i == 0 ? "\n" : ",\n");
            for (int d = 0; d <= depth; d++) text.Append(Indent);
            text.Append(members[i].Name);
            Append(text, members[i].Value, depth + 1);
        }
        text.Append('\n');
        for (int d = 0; d < depth; d++) text.Append(Indent);
        text.Append(node is JsonObject ? '}' : ']');
    }
}
