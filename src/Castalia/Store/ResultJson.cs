using System.Globalization;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Castalia.Store;

/// <summary>A query's result as JSON: an array of one object for each row, one a line.</summary>
static class ResultJson
{
    static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>One row.</summary>
    public static string Row(IReadOnlyList<QueryColumn> columns, object?[] values) =>
        new JsonObject(columns.Select((column, i) => KeyValuePair.Create(column.Name, Node(values[i])))).ToJsonString(Plain);

    /// <summary>One value: whole numbers and decimals to their last digit, times as ISO 8601, lists as arrays, what is undefined as null.</summary>
    public static JsonNode? Node(object? value) => value switch
    {
        null => null,
        bool flag => JsonValue.Create(flag),
        long whole => JsonValue.Create(whole),
        double real => JsonValue.Create(real),
        decimal exact => JsonValue.Create(exact),
        BigInteger whole => JsonNode.Parse(whole.ToString(CultureInfo.InvariantCulture)),
        DateTime time => JsonValue.Create(Time(time)),
        object?[] list => new JsonArray([.. list.Select(Node)]),
        string text => JsonValue.Create(text),
        _ => throw new InvalidOperationException($"No JSON for a {value.GetType()}."),
    };

    /// <summary>A time, UTC, with as many digits as it has.</summary>
    public static string Time(DateTime utc) => utc.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
