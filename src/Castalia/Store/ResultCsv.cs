using System.Globalization;

namespace Castalia.Store;

/// <summary>A query's result as CSV (RFC 4180): comma, CRLF, quotes where they are needed.</summary>
/// <remarks>What is undefined is an empty field, an empty text a quoted one; lists are JSON.</remarks>
static class ResultCsv
{
    /// <summary>The names.</summary>
    public static string Header(IReadOnlyList<QueryColumn> columns) => Line(columns.Select(column => Quoted(column.Name)));

    /// <summary>One row.</summary>
    public static string Row(object?[] values) => Line(values.Select(Field));

    static string Line(IEnumerable<string> fields) => string.Join(',', fields) + "\r\n";

    static string Field(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        DateTime time => ResultJson.Time(time),
        object?[] list => Quoted(ResultJson.Node(list)!.ToJsonString()),
        string text => Quoted(text),
        _ => ((IFormattable)value).ToString(null, CultureInfo.InvariantCulture),
    };

    static string Quoted(string text) => text.Length == 0 || text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
