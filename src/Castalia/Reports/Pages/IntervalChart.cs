using System.Globalization;
using System.Net;
using System.Text;
using Castalia.Errors;
using Castalia.Wording;

namespace Castalia.Reports.Pages;

/// <summary>Draws intervals: as characters, and as SVG.</summary>
static class IntervalChart
{
    const int LabelWidth = 44, FigureWidth = 12, Fewest = 12, Most = 60;

    /// <summary>A line for each mark: ├──●──┤ on an axis with │ at the reference; lines ended by LF.</summary>
    public static string Text(IntervalPlot plot, int width)
    {
        var (low, high) = Ends(plot);
        int label = Math.Min(Math.Min(LabelWidth, (width - FigureWidth) / 2), plot.Groups.SelectMany(group => group.Marks).Max(mark => Printable.Of(mark.Name).Length));
        int columns = Math.Clamp(width - label - FigureWidth, Fewest, Most);
        var text = new StringBuilder();
        foreach (var group in plot.Groups)
        {
            text.Append("  ").Append(Printable.Of(group.Title)).Append('\n');
            foreach (var mark in group.Marks)
            {
                char[] line = new char[columns];
                Array.Fill(line, ' ');
                line[At(plot.Reference)] = '│';
                if (mark is { Low: { } from, High: { } to })
                {
                    for (int i = At(from); i <= At(to); i++) line[i] = '─';
                    (line[At(from)], line[At(to)]) = ('├', '┤');
                }
                line[At(mark.Value)] = '●';
                text.Append("  ").Append(Cut(Printable.Of(mark.Name), label).PadRight(label)).Append(' ').Append(line).Append(' ').Append(Figures.Real(mark.Value)).Append('\n');
            }
        }
        string axis = Figures.Real(high);
        return text.Append(' ', label + 3).Append(Figures.Real(low)).Append(axis.PadLeft(Math.Max(1, columns - Figures.Real(low).Length))).Append('\n').ToString();

        int At(double value) => (int)Math.Round((value - low) / (high - low) * (columns - 1));
    }

    /// <summary>The same as SVG.</summary>
    public static string Svg(IntervalPlot plot)
    {
        const int Left = 300, Wide = 420, Row = 22, Right = 70;
        var (low, high) = Ends(plot);
        int rows = plot.Groups.Sum(group => group.Marks.Count + 1), height = rows * Row + 30, row = 0;
        var svg = new StringBuilder(Inv($"<svg viewBox=\"0 0 {Left + Wide + Right} {height}\" width=\"{Left + Wide + Right}\" role=\"img\" aria-label=\"{Safe(plot.Caption)}\" fill=\"currentColor\" font-size=\"13\">\n"));
        svg.Append(Inv($"<line x1=\"{X(plot.Reference):0.#}\" x2=\"{X(plot.Reference):0.#}\" y1=\"4\" y2=\"{height - 24}\" stroke=\"currentColor\" stroke-dasharray=\"4 3\"/>\n"));
        foreach (var group in plot.Groups)
        {
            svg.Append(Inv($"<text x=\"0\" y=\"{row++ * Row + 18}\" font-weight=\"600\">{Safe(group.Title)}</text>\n"));
            foreach (var mark in group.Marks)
            {
                int y = row++ * Row + 14;
                svg.Append(Inv($"<text x=\"{Left - 10}\" y=\"{y + 4}\" text-anchor=\"end\">{Safe(Cut(mark.Name, 44))}</text>\n"));
                if (mark is { Low: { } from, High: { } to })
                    svg.Append(Inv($"<line x1=\"{X(from):0.#}\" x2=\"{X(to):0.#}\" y1=\"{y}\" y2=\"{y}\" stroke=\"{Colour(mark)}\" stroke-width=\"3\"/>\n"));
                svg.Append(Inv($"<circle cx=\"{X(mark.Value):0.#}\" cy=\"{y}\" r=\"4.5\" fill=\"{Colour(mark)}\"/><text x=\"{Left + Wide + 10}\" y=\"{y + 4}\">{Figures.Real(mark.Value)}</text>\n"));
            }
        }
        svg.Append(Inv($"<text x=\"{X(plot.Reference):0.#}\" y=\"{height - 6}\" text-anchor=\"middle\">{plot.Reference}</text>\n"));
        return svg.Append("</svg>\n").ToString();

        // The page's own colours of what lies above and below.
        string Colour(IntervalMark mark) => mark.Value < plot.Reference ? "var(--down)" : "var(--up)";

        double X(double value) => Left + (value - low) / (high - low) * Wide;
    }

    static (double Low, double High) Ends(IntervalPlot plot)
    {
        double[] all = [plot.Reference, .. plot.Groups.SelectMany(group => group.Marks).SelectMany(mark => new[] { mark.Low ?? mark.Value, mark.Value, mark.High ?? mark.Value })];
        double low = all.Min(), high = all.Max();
        return low == high ? (low - 0.5, high + 0.5) : (low, high);
    }

    static string Cut(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";

    static string Safe(string text) => WebUtility.HtmlEncode(Printable.Of(text));

    static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
