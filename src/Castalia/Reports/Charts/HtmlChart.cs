using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Castalia.Errors;
using Castalia.Reports.Pages;

namespace Castalia.Reports.Charts;

/// <summary>A chart in a page for a browser: caption, what may be chosen, the place where it is drawn, its data and its table.</summary>
static class HtmlChart
{
    const int LongTable = 200; // rows from which a table is made when it is asked for

    const int ManySeries = 12;

    // < and > are escaped by it, so that no text ends the element it stands in.
    static readonly JavaScriptEncoder s_encoder = JavaScriptEncoder.Create(System.Text.Unicode.UnicodeRanges.All);

    static readonly JsonWriterOptions s_json = new() { Encoder = s_encoder };

    /// <summary>The figure.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="table">Its table, or of a long one its head alone.</param>
    /// <param name="prose">How sentences are written.</param>
    public static string Of(Chart chart, Func<Table, string> table, Func<string, string> prose)
    {
        bool isLong = chart.Data.Rows.Count > LongTable;
        var text = new StringBuilder($"<figure class=\"chart\" id=\"{chart.Id}\"{(chart.Colours is { } colours ? $" data-value=\"{Safe(colours.Title)}\"" : "")}>\n");
        text.Append($"<figcaption><b>{prose(chart.Title)}.</b> {prose(chart.Caption)}</figcaption>\n").Append(Choices(chart));
        text.Append(CultureInfo.InvariantCulture, $"<div class=\"plot\" role=\"img\" aria-label=\"{Safe(chart.Title)}\" style=\"height:{chart.Height}px\"></div>\n");
        text.Append($"<p class=\"tools\">{Button("in", "Zoom in")}{Button("out", "Zoom out")}{Button("whole", "Whole")}{Button("svg", "Save SVG")}{Button("csv", "Save CSV")}</p>\n");
        text.Append($"<details class=\"rows\"><summary>Figures, {Wording.Figures.Of(chart.Data.Rows.Count, "row")}</summary>\n").Append(table(isLong ? chart.Data with { Rows = [] } : chart.Data)).Append("</details>\n");
        text.Append($"<script type=\"application/json\">{Json(chart)}</script>\n");
        if (isLong) text.Append($"<script type=\"application/json\" class=\"rows\">{Rows(chart.Data)}</script>\n");
        return text.Append("</figure>\n").ToString();
    }

    static string Button(string kind, string text) => $"<button type=\"button\" data-kind=\"{kind}\">{text}</button>";

    static string Choices(Chart chart)
    {
        var text = new StringBuilder();
        Axes("x", chart.X);
        Axes("y", chart.Y);
        string[] named = [.. chart.Series.Where(series => series.IsNamed).Select(series => series.Name).Distinct()];
        if (named.Length > 1)
        {
            var boxes = new StringBuilder();
            foreach (string name in named)
            {
                var series = chart.Series.First(one => one.Name == name && one.IsNamed);
                boxes.Append($"<label><input type=\"checkbox\" data-kind=\"series\" value=\"{Safe(name)}\" checked>{LegendKey.Of(series)}{Safe(name)}</label>");
            }
            string all = named.Length > ManySeries ? Button("every", "All") + Button("none", "None") : "";
            text.Append(named.Length > ManySeries ? $"<details class=\"choices\"><summary>Shown, {named.Length} series</summary>{all}{boxes}</details>\n" : $"<fieldset class=\"choices\"><legend>Shown</legend>{boxes}</fieldset>\n");
        }
        return text.ToString();

        void Axes(string kind, IReadOnlyList<Axis> axes)
        {
            if (axes.Count > 1)
                text.Append($"<fieldset class=\"choices\"><legend>{(kind == "x" ? "Across" : "Up")}</legend>")
                    .AppendJoin("", axes.Select((axis, i) => $"<label><input type=\"radio\" name=\"{chart.Id}-{kind}\" data-kind=\"{kind}\" value=\"{i}\"{(i == 0 ? " checked" : "")}>{Safe(axis.Title)}</label>"))
                    .Append("</fieldset>\n");
            if (axes.Any(axis => axis.MayBeLog))
                text.Append($"<fieldset class=\"choices\"><legend>Scale</legend><label><input type=\"checkbox\" data-kind=\"log-{kind}\"{(axes[0].IsLog ? " checked" : "")}{(axes[0].MayBeLog ? "" : " disabled")}>{(kind == "x" ? "across" : "up")}: logarithmic</label></fieldset>\n");
        }
    }

    static string Json(Chart chart) => Written(json => JsonSerializer.Serialize(json, EChartsDocument.Of(chart), EChartsJson.Default.EChartsDocument));

    /// <summary>A cell is its text, or its text and its number.</summary>
    static string Rows(Table table) => Written(json =>
    {
        json.WriteStartArray();
        foreach (var row in table.Rows)
        {
            json.WriteStartArray();
            foreach (var cell in row)
            {
                string text = Printable.Of(cell.Text.TrimEnd());
                if (cell.Value is { } value)
                {
                    json.WriteStartArray();
                    json.WriteStringValue(text);
                    json.WriteNumberValue(value);
                    json.WriteEndArray();
                }
                else json.WriteStringValue(text);
            }
            json.WriteEndArray();
        }
        json.WriteEndArray();
    });

    static string Written(Action<Utf8JsonWriter> write)
    {
        var bytes = new System.Buffers.ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, s_json)) write(json);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    static string Safe(string text) => WebUtility.HtmlEncode(Printable.Of(text));
}
