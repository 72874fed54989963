using Castalia.Errors;
using Castalia.Reports.Charts;
using ScottPlot;
using Palette = Castalia.Reports.Charts.Palette;

namespace Castalia.Reports.Print;

/// <summary>A chart as a figure for print, with the colours, marks and lines that the page has; lengths are points, 1/72 inch.</summary>
sealed class FigurePlot
{
    const float Small = 6.5f, Large = 7.5f; // sizes of letters

    const double OfPixel = 0.52; // points for a pixel of the page's height

    const double LeastHeight = 100, Tallest = 640;

    const float Letter = 3.7f; // breadth of a small letter, about

    const int MostNamed = 12; // series in a legend

    const int ShortName = 6; // letters; such names are left out rather than turned

    const float OfDash = 0.62f; // points for a pixel of the page's dashes

    readonly Chart _chart;
    readonly PrintedAxis _x, _y;
    readonly NamesPanel? _names;

    FigurePlot(Chart chart, int width)
    {
        PrintFont.Use();
        _chart = chart;
        _x = new(chart.X[0], isVertical: false, chart.Series.SelectMany(series => series.X[0]));
        _y = new(chart.Y[0], isVertical: true, chart.Series.SelectMany(series => series.Y[0]));
        Width = width;
        string[] names = [.. chart.Series.Where(series => series.IsNamed).Select(series => series.Name).Distinct()];
        LeavesNamesOut = names.Length > MostNamed;
        if (names.Length is > 1 and <= MostNamed) _names = Names(names);
        Height = (int)Math.Min(Tallest, Math.Max(LeastHeight, chart.Height * OfPixel) + (_names?.Height ?? 0) + (IsTurned ? Letter * 0.7 * Across : 0));
        Plot = new();
    }

    /// <summary>The drawing.</summary>
    public Plot Plot { get; }

    /// <summary>Its breadth.</summary>
    public int Width { get; }

    /// <summary>Its height.</summary>
    public int Height { get; }

    /// <summary>Whether there are too many to be named.</summary>
    public bool LeavesNamesOut { get; }

    /// <summary>Draws a chart.</summary>
    /// <param name="chart">The chart; of several axes the first.</param>
    /// <param name="width">Breadth.</param>
    public static FigurePlot Of(Chart chart, int width)
    {
        var figure = new FigurePlot(chart, width);
        figure.Frame();
        foreach (var series in chart.Series) figure.Draw(series);
        figure.Lines();
        return figure;
    }

    int Across => Math.Min(28, _x.Letters);

    bool IsTurned => _x.IsNamed && _x.Letters > ShortName && _x.Letters * (_x.High - _x.Low) * Letter > Width * 0.7;

    int Longest => (int)(Width * 0.38 / Letter);

    NamesPanel Names(string[] names) => new(
        names.Select(name => (name, Of: _chart.Series.First(series => series.Name == name && series.IsNamed)))
            .Select(one => new PrintedName(
                PrintFont.Shown(Printable.Of(one.name, (int)((Width - 30) / Letter))), Color.FromHex(Palette.Of(one.Of)), one.Of.Mark is Mark.Points or Mark.Line ? Shape(one.Of) : MarkerShape.None,
                one.Of.Mark == Mark.Points ? null : Dashes(one.Of), one.Of.Mark == Mark.Strokes ? 2.2f : 1)), Small, Width - 8);

    static IReadOnlyList<float> Dashes(Series series) => [.. SeriesStyle.Dashes(series).Select(length => (float)length * OfDash)];

    static MarkerShape Shape(Series series) => SeriesStyle.Shape(series.Colour) switch
    {
        Marker.Circle => MarkerShape.FilledCircle,
        Marker.Diamond => MarkerShape.FilledDiamond,
        Marker.Triangle => MarkerShape.FilledTriangleUp,
        _ => MarkerShape.FilledSquare,
    };

    void Frame()
    {
        var (bottom, left) = (Plot.Axes.Bottom, Plot.Axes.Left);
        Plot.FigureBackground.Color = Plot.DataBackground.Color = Colors.White;
        Plot.Axes.SetLimits(_x.Low, _x.High, _y.Low, _y.High);
        bottom.TickGenerator = _x.Ticks(Across, (int)(Width * 0.75 / (IsTurned ? 9 : (_x.Letters + 1.5) * Letter)));
        left.TickGenerator = _y.Ticks(Longest, (int)(Height * 0.8 / 8));
        foreach (IAxis axis in new IAxis[] { bottom, left })
        {
            axis.TickLabelStyle.FontSize = Small;
            axis.TickLabelStyle.ForeColor = Color.FromHex(Palette.Dim);
            axis.FrameLineStyle.Color = axis.MajorTickStyle.Color = axis.MinorTickStyle.Color = Color.FromHex(Palette.Rule);
            axis.FrameLineStyle.Width = axis.MajorTickStyle.Width = axis.MinorTickStyle.Width = 0.6f;
            axis.MajorTickStyle.Length = 2.5f;
            axis.MinorTickStyle.Length = 1.5f;
        }
        foreach (var (label, title) in new[] { (bottom.Label, _x.Title), (left.Label, _y.Title) })
        {
            label.Text = title;
            label.FontSize = Large;
            label.Bold = false;
            label.ForeColor = Color.FromHex(Palette.Ink);
        }
        if (IsTurned)
        {
            bottom.TickLabelStyle.Rotation = -40;
            bottom.TickLabelStyle.Alignment = Alignment.MiddleRight;
            bottom.MinimumSize = Letter * 0.75f * Across + 12;
        }
        Plot.Axes.Top.FrameLineStyle.Width = Plot.Axes.Right.FrameLineStyle.Width = 0;
        Plot.Axes.Right.MinimumSize = Plot.Axes.Top.MinimumSize = 6;
        Plot.Grid.MajorLineColor = Color.FromHex(Palette.Grid);
        Plot.Grid.MajorLineWidth = 0.5f;
        Plot.Grid.XAxisStyle.IsVisible = !_x.IsNamed;
        Plot.Grid.YAxisStyle.IsVisible = !_y.IsNamed;
        Plot.HideLegend();
        if (_names is not null) Plot.Axes.AddPanel(_names);
        if (_chart.Colours is not { } colours) return;
        var bar = Plot.Add.ColorBar(new PrintedColours(colours), Edge.Right);
        bar.Width = 7;
        bar.Label = PrintFont.Shown(Printable.Of(colours.Title));
        bar.LabelStyle.FontSize = Large;
        bar.LabelStyle.Bold = false;
        bar.LabelStyle.ForeColor = Color.FromHex(Palette.Ink);
        bar.Axis.TickLabelStyle.FontSize = Small;
        bar.Axis.TickLabelStyle.ForeColor = Color.FromHex(Palette.Dim);
        bar.Axis.FrameLineStyle.Width = bar.Axis.MajorTickStyle.Width = bar.Axis.MinorTickStyle.Width = 0.5f;
        bar.Axis.MinorTickStyle.Length = 0;
        bar.Axis.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic();
        bar.Axis.TickGenerator = new EvenLabels(bar.Axis.TickGenerator);
    }

    void Draw(Series series)
    {
        if (series.Mark == Mark.Cells)
        {
            Cells(series);
            return;
        }
        double[] x = [.. series.X[0].Select(_x.Place)], y = [.. series.Y[0].Select(_y.Place)];
        for (int i = 0; i < x.Length; i++)
            if (double.IsNaN(x[i]) || double.IsNaN(y[i])) x[i] = y[i] = double.NaN;
        var colour = Color.FromHex(Palette.Of(series));
        float pen = series.Mark switch { Mark.Line => 1.1f, Mark.Dashes => 0.7f, Mark.Strokes => (float)series.Size * 0.55f, _ => 0 };
        var dashes = Dashes(series);
        if (dashes.Count > 0) Dashed(x, y, pen, colour, dashes);
        var drawn = Plot.Add.Scatter(x, y, colour);
        drawn.LineWidth = dashes.Count == 0 ? pen : 0;
        drawn.MarkerSize = series.Mark switch { Mark.Line => 2.6f, Mark.Points => (float)series.Size * 0.55f, _ => 0 };
        drawn.MarkerShape = Shape(series);
        if (series.Mark != Mark.Points) return;
        drawn.MarkerFillColor = colour.WithAlpha(0.75);
        drawn.MarkerStyle.OutlineColor = Colors.White;
        drawn.MarkerStyle.OutlineWidth = 0.25f;
    }

    void Dashed(double[] x, double[] y, float width, Color colour, IReadOnlyList<float> pattern) => Plot.Add.Plottable(new DashedLine(x, y, new(width, colour), pattern));

    void Cells(Series series)
    {
        var colours = new PrintedColours(_chart.Colours!);
        for (int i = 0; i < series.Values.Count; i++)
        {
            double x = _x.Place(series.X[0][i]), y = _y.Place(series.Y[0][i]);
            if (series.Values[i] is not { } value || double.IsNaN(x) || double.IsNaN(y)) continue;
            var cell = Plot.Add.Rectangle(x - 0.5, x + 0.5, y - 0.5, y + 0.5);
            cell.FillColor = cell.LineColor = colours.Of(value);
            cell.LineWidth = 0.2f; // closes the seams
        }
    }

    void Lines()
    {
        var ink = Color.FromHex(Palette.Ink);
        if (_x.Reference is { } x) Dashed([x, x], [_y.Low, _y.High], 0.6f, ink, [3, 2]);
        if (_y.Reference is { } y) Dashed([_x.Low, _x.High], [y, y], 0.6f, ink, [3, 2]);
    }
}
