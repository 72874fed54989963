using System.Globalization;

namespace Castalia.Reports.Charts;

/// <summary>What stands before a series' name: its mark as the chart draws it.</summary>
static class LegendKey
{
    /// <summary>A drawing of 20 × 10 pixels.</summary>
    public static string Of(Series series)
    {
        string colour = series.Colour switch { -1 => series.IsDown ? "down" : "up", -2 => "ink", _ => FormattableString.Invariant($"c{SeriesStyle.Colour(series.Colour)}") };
        bool hasLine = series.Mark is Mark.Line or Mark.Dashes or Mark.Strokes, hasMark = series.Mark is Mark.Line or Mark.Points;
        var dashes = SeriesStyle.Dashes(series);
        string line = hasLine
            ? $"<path d=\"M0 5H20\" stroke=\"currentColor\" stroke-width=\"{(series.Mark == Mark.Strokes ? 4 : 2)}\"{(dashes.Count == 0 ? "" : $" stroke-dasharray=\"{string.Join(' ', dashes.Select(length => length.ToString(CultureInfo.InvariantCulture)))}\"")}/>" : "";
        return $"<svg class=\"key\" viewBox=\"0 0 20 10\" aria-hidden=\"true\" style=\"color:var(--{colour})\">{line}{(hasMark ? $"<path d=\"{Outline(SeriesStyle.Shape(series.Colour))}\" fill=\"currentColor\"/>" : "")}</svg>";
    }

    static string Outline(Marker shape) => shape switch
    {
        Marker.Circle => "M6 5a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
        Marker.Diamond => "M10 0l5 5l-5 5l-5-5z",
        Marker.Triangle => "M10 1l5 8h-10z",
        Marker.Square => "M6 1h8v8h-8z",
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, null),
    };
}
