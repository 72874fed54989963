using System.Globalization;
using System.Net;
using System.Text;
using Castalia.Errors;
using Castalia.Wording;

namespace Castalia.Reports.Pages;

/// <summary>Draws steps from one value to another: a bar from 0 for both, and between them one for each step, where it begins and ends.</summary>
static class WaterfallChart
{
    const int Fewest = 12, Most = 40, FigureWidth = 8, LongestName = 26;

    sealed record Bar(string Name, double Begin, double End, string Figure);

    /// <summary>A line for each bar, ended by LF; steps up are solid, steps down shaded.</summary>
    public static string Text(Waterfall plot, int width)
    {
        Bar[] bars = [.. Bars(plot)];
        var (low, high) = Ends(bars);
        int names = bars.Max(bar => Printable.Of(bar.Name, LongestName).Length), columns = Math.Clamp(width - names - FigureWidth - 5, Fewest, Most);
        return string.Concat(bars.Select(bar =>
        {
            int a = At(Math.Min(bar.Begin, bar.End)), b = At(Math.Max(bar.Begin, bar.End));
            string drawn = b > a ? new(bar.End >= bar.Begin ? '█' : '░', b - a) : "│";
            return $"  {Printable.Of(bar.Name, LongestName).PadRight(names)} {(new string(' ', a) + drawn).PadRight(columns + 1)} {bar.Figure.PadLeft(FigureWidth)}\n";
        }));

        int At(double value) => high == low ? 0 : (int)Math.Round((value - low) / (high - low) * columns);
    }

    /// <summary>The same as SVG.</summary>
    public static string Svg(Waterfall plot)
    {
        const int Left = 190, Wide = 420, Row = 24, Right = 80;
        Bar[] bars = [.. Bars(plot)];
        var (low, high) = Ends(bars);
        int height = bars.Length * Row + 8;
        var svg = new StringBuilder(Inv($"<svg viewBox=\"0 0 {Left + Wide + Right} {height}\" width=\"{Left + Wide + Right}\" role=\"img\" aria-label=\"{Safe(Printable.Of(plot.Caption))}\" fill=\"currentColor\" font-size=\"13\">\n"));
        foreach (var (i, bar) in bars.Index())
        {
            double from = X(Math.Min(bar.Begin, bar.End)), wide = Math.Max(1, X(Math.Max(bar.Begin, bar.End)) - from);
            svg.Append(Inv($"<text x=\"{Left - 10}\" y=\"{i * Row + 19}\" text-anchor=\"end\">{Safe(Printable.Of(bar.Name, LongestName))}</text>"));
            svg.Append(Inv($"<rect x=\"{from:0.#}\" y=\"{i * Row + 6}\" width=\"{wide:0.#}\" height=\"{Row - 8}\" fill=\"var({(bar.End < bar.Begin ? "--down" : "--up")})\"/>"));
            if (i + 1 < bars.Length) svg.Append(Inv($"<line x1=\"{X(bar.End):0.#}\" x2=\"{X(bar.End):0.#}\" y1=\"{i * Row + 6}\" y2=\"{(i + 2) * Row - 2}\" stroke=\"currentColor\" stroke-width=\"0.5\"/>"));
            svg.Append(Inv($"<text x=\"{Left + Wide + 10}\" y=\"{i * Row + 19}\">{bar.Figure}</text>\n"));
        }
        return svg.Append("</svg>\n").ToString();

        double X(double value) => Left + (high == low ? 0 : (value - low) / (high - low) * Wide);
    }

    static IEnumerable<Bar> Bars(Waterfall plot)
    {
        yield return new(plot.From.Name, 0, plot.From.Value, Figures.Real(plot.From.Value));
        double at = plot.From.Value;
        foreach (var (name, value) in plot.Steps)
        {
            yield return new(name, at, at + value, SignedFigures.Of(value));
            at += value;
        }
        yield return new(plot.To.Name, 0, plot.To.Value, Figures.Real(plot.To.Value));
    }

    static (double Low, double High) Ends(Bar[] bars) => (Math.Min(0, bars.Min(bar => Math.Min(bar.Begin, bar.End))), bars.Max(bar => Math.Max(bar.Begin, bar.End)));

    static string Safe(string text) => WebUtility.HtmlEncode(text);

    static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
