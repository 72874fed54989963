using ScottPlot;
using SkiaSharp;

namespace Castalia.Reports.Print;

/// <summary>A line of dashes, each a stroke of its own: of a dashed pen Skia's SVG makes filled outlines.</summary>
/// <param name="x">Places across; NaN parts the line.</param>
/// <param name="y">Places up.</param>
/// <param name="pen">How a dash is drawn.</param>
/// <param name="pattern">Lengths of dashes and of the gaps after them, in turn.</param>
sealed class DashedLine(double[] x, double[] y, LineStyle pen, IReadOnlyList<float> pattern) : IPlottable
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

    /// <summary>Adds a part of the line.</summary>
    /// <param name="path">The dashes.</param>
    /// <param name="from">Where it begins.</param>
    /// <param name="to">Where it ends.</param>
    /// <param name="along">How far the pattern has come.</param>
    /// <returns>How far it comes by this part.</returns>
    float Add(SKPath path, Pixel from, Pixel to, float along)
    {
        float length = MathF.Sqrt((to.X - from.X) * (to.X - from.X) + (to.Y - from.Y) * (to.Y - from.Y)), at = 0;
        while (at < length)
        {
            int part = 0;
            float end = pattern[0];
            while (along >= end && part < pattern.Count - 1) end += pattern[++part];
            float until = Math.Min(length, at + end - along);
            if (part % 2 == 0)
            {
                path.MoveTo(At(at));
                path.LineTo(At(until));
            }
            // In whole parts, lest a rounding leaves a sliver of the one before.
            along = until < length ? (part == pattern.Count - 1 ? 0 : end) : along + (until - at);
            at = until;
        }
        return along;

        SKPoint At(float place) => new(from.X + (to.X - from.X) * place / length, from.Y + (to.Y - from.Y) * place / length);
    }
}
