using System.Text;
using System.Text.Json;
using Castalia.Checkpoints;

namespace Castalia.PromptFiles;

/// <summary>Prompts as one JSON object a line: <c>{"text": …}</c> or <c>{"ids": […]}</c>, with optional name, category and true_entropy.</summary>
static class JsonLines
{
    public static IEnumerable<PromptFields> Parse(string file, string text)
    {
        foreach (var (number, line) in PromptFile.Lines(text))
        {
            string place = PromptFile.Place(file, number);
            if (string.IsNullOrWhiteSpace(line)) throw PromptErrors.BlankLine(place);
            using var document = Document(line, place);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw PromptErrors.NotAnObject(place, $"it is {Kind(document.RootElement)}.");
            var fields = new PromptFields(place);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                fields = property.Name switch
                {
                    "text" => fields with { Text = Text(property, place) },
                    "name" => fields with { Name = Text(property, place) },
                    "category" => fields with { Category = Text(property, place) },
                    "true_entropy" => fields with { TrueEntropy = Entropy(property.Value, place) },
                    "ids" => fields with { Ids = Ids(property.Value, place) },
                    _ => throw PromptErrors.UnknownKey(place, property.Name),
                };
            }
            yield return fields;
        }
    }

    static JsonDocument Document(string line, string place)
    {
        try
        {
            return JsonFile.Parse(Encoding.UTF8.GetBytes(line));
        }
        catch (JsonException e)
        {
            throw PromptErrors.NotAnObject(place, e.Message);
        }
    }

    static string Text(JsonProperty property, string place)
    {
        if (property.Value.ValueKind != JsonValueKind.String)
            throw PromptErrors.NotAString(place, property.Name, Kind(property.Value));
        return property.Value.GetString()!;
    }

    static double Entropy(JsonElement value, string place) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double nats) && nats >= 0 && double.IsFinite(nats)
        ? nats
        : throw PromptErrors.NotAnEntropy(place, value.GetRawText());

    static List<int> Ids(JsonElement value, string place)
    {
        if (value.ValueKind != JsonValueKind.Array) throw PromptErrors.IdsNotAnArray(place, Kind(value));
        var ids = new List<int>();
        foreach (var element in value.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.Number || !element.TryGetInt32(out int id) || id < 0)
                throw PromptErrors.NotAnId(place, element.GetRawText());
            ids.Add(id);
        }
        return ids;
    }

    static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => $"the number {value.GetRawText()}",
        _ => value.GetRawText(),
    };
}
