using Castalia.Reports.Charts;
using ScottPlot;
using Palette = Castalia.Reports.Charts.Palette;

namespace Castalia.Reports.Print;

/// <summary>The colours of a map's cells, those of the page, and the scale that stands beside the map.</summary>
sealed class PrintedColours(ColourScale scale) : IHasColorAxis, IColormap
{
    // As on the page: both sides of a middle reach as far.
    readonly double _reach = scale.Middle is { } middle ? Math.Max(Math.Max(scale.High - middle, middle - scale.Low), double.Epsilon) : 0;

    double Low => scale.Middle is { } middle ? middle - _reach : scale.Low;

    double High => scale.Middle is { } middle ? middle + _reach : scale.High;

    /// <summary>Of a value.</summary>
    public Color Of(double value) => GetColor(High > Low ? (value - Low) / (High - Low) : 1);

    /// <inheritdoc/>
    public Color GetColor(double position)
    {
        double at = Math.Clamp(position, 0, 1);
        if (scale.Middle is null) return Between(Palette.Faint, Palette.Up, at);
        return at < 0.5 ? Between(Palette.Down, "#ffffff", 2 * at) : Between("#ffffff", Palette.Up, 2 * at - 1);
    }

    static Color Between(string from, string to, double share)
    {
        Color a = Color.FromHex(from), b = Color.FromHex(to);
        byte Mixed(byte x, byte y) => (byte)Math.Round(x + (y - x) * share);
        return new(Mixed(a.R, b.R), Mixed(a.G, b.G), Mixed(a.B, b.B));
    }

    /// <inheritdoc/>
    public IColormap Colormap => this;

    /// <inheritdoc/>
    public string Name => scale.Title;

    /// <inheritdoc/>
    public ScottPlot.Range GetRange() => new(Low, High > Low ? High : Low + 1);
}
