using ScottPlot;
using SkiaSharp;

namespace Castalia.Reports.Print;

/// <summary>A line of dashes, each a stroke of its own: of a dashed pen Skia's SVG makes filled outlines.</summary>
/// <param name="x">Places across; NaN parts the line.</param>
/// <param name="y">Places up.</param>
/// <param name="pen">How a dash is drawn.</param>
/// <param name="dash">Length of a dash, and of the gap after it.</param>
sealed class DashedLine(double[] x, double[] y, LineStyle pen, (float Dash, float Gap) dash) : IPlottable
{
    /// <inheritdoc/>
    public bool IsVisible { get; set; } = true;

    /// <inheritdoc/>
    public IAxes Axes { get; set; } = new Axes();

    /// <inheritdoc/>
    public IEnumerable<LegendItem> LegendItems => [];

    /// <inheritdoc/>
    public AxisLimits GetAxisLimits() => AxisLimits.NoLimits;

    /// <inheritdoc/>
    public void Render(RenderPack rp)
    {
        using var path = new SKPath();
        float along = 0; // of the pattern, over the corners of the line
        for (int i = 1; i < x.Length; i++)
        {
            if (double.IsNaN(x[i - 1]) || double.IsNaN(x[i]))
            {
                along = 0;
                continue;
            }
            Pixel from = Axes.GetPixel(new(x[i - 1], y[i - 1])), to = Axes.GetPixel(new(x[i], y[i]));
            along = Add(path, from, to, along);
        }
        Drawing.DrawPath(rp.Canvas, rp.Paint, path, pen);
    }

    float Add(SKPath path, Pixel from, Pixel to, float along)
    {
        float length = MathF.Sqrt((to.X - from.X) * (to.X - from.X) + (to.Y - from.Y) * (to.Y - from.Y)), period = dash.Dash + dash.Gap;
        float at = 0;
        while (at < length)
        {
            float phase = along % period, left = phase < dash.Dash ? dash.Dash - phase : period - phase, end = Math.Min(length, at + left);
            if (phase < dash.Dash)
            {
                path.MoveTo(At(at));
                path.LineTo(At(end));
            }
            // In whole phases, lest a rounding leaves a sliver of the one before.
            along = end < length ? (phase < dash.Dash ? dash.Dash : 0) : phase + (end - at);
            at = end;
        }
        return along;

        SKPoint At(float place) => new(from.X + (to.X - from.X) * place / length, from.Y + (to.Y - from.Y) * place / length);
    }
}
