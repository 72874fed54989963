using ScottPlot;

namespace Castalia.Reports.Print;

/// <summary>A name below a figure.</summary>
/// <param name="Name">The name.</param>
/// <param name="Colour">Of its mark.</param>
/// <param name="Shape">Of its mark; none where there is a line alone.</param>
/// <param name="Dashes">Of its line, empty for a whole one; null where there is none.</param>
/// <param name="Pen">Breadth of the line.</param>
readonly record struct PrintedName(string Name, Color Colour, MarkerShape Shape, IReadOnlyList<float>? Dashes, float Pen);

/// <summary>The names of the series below a figure, each behind its mark, in rows as wide as the figure.</summary>
sealed class NamesPanel : IPanel
{
    const float Row = 9.5f, Symbol = 18, Between = 9, Above = 3, Beside = 3; // points; the last between a mark and its name

    readonly float _size;
    readonly List<(PrintedName Of, float Left, int Row)> _items = [];

    /// <summary>Lays names out.</summary>
    /// <param name="names">The names.</param>
    /// <param name="size">Of letters.</param>
    /// <param name="width">Of the figure.</param>
    public NamesPanel(IEnumerable<PrintedName> names, float size, float width)
    {
        _size = size;
        float left = 0;
        int row = 0;
        foreach (var name in names)
        {
            float breadth = Symbol + PrintFont.Breadth(name.Name, size) + Between;
            if (left > 0 && left + breadth > width) (left, row) = (0, row + 1);
            _items.Add((name, left, row));
            left += breadth;
        }
        Height = Above + Row * (row + 1);
    }

    /// <summary>Room it takes.</summary>
    public float Height { get; }

    /// <inheritdoc/>
    public bool IsVisible { get; set; } = true;

    /// <inheritdoc/>
    public Edge Edge => Edge.Bottom;

    /// <inheritdoc/>
    public bool ShowDebugInformation { get; set; }

    /// <inheritdoc/>
    public float MinimumSize { get; set; }

    /// <inheritdoc/>
    public float MaximumSize { get; set; } = float.MaxValue;

    /// <inheritdoc/>
    public float Measure(Paint paint) => Height;

    /// <inheritdoc/>
    public PixelRect GetPanelRect(PixelRect dataRect, float size, float offset, Paint paint) => new(0, dataRect.Right, dataRect.Bottom + offset + size, dataRect.Bottom + offset);

    /// <inheritdoc/>
    public void Render(RenderPack rp, float size, float offset)
    {
        var label = new LabelStyle { FontName = PrintFont.Name, FontSize = _size, ForeColor = Color.FromHex(Charts.Palette.Ink), Alignment = Alignment.MiddleLeft };
        float top = rp.DataRect.Bottom + offset + Above, left = 4;
        foreach (var item in _items)
        {
            float middle = top + Row * (item.Row + 0.5f);
            if (item.Of.Dashes is { } dashes) Line(rp, new(left + item.Left, middle), dashes, new(item.Of.Pen, item.Of.Colour));
            if (item.Of.Shape != MarkerShape.None) new MarkerStyle(item.Of.Shape, 5, item.Of.Colour).Render(rp.Canvas, new(left + item.Left + (Symbol - Beside) / 2, middle), rp.Paint);
            label.Text = item.Of.Name;
            label.Render(rp.Canvas, new(left + item.Left + Symbol, middle), rp.Paint);
        }
    }

    static void Line(RenderPack rp, Pixel from, IReadOnlyList<float> dashes, LineStyle pen)
    {
        using var path = new SkiaSharp.SKPath();
        float breadth = Symbol - Beside, at = 0;
        for (int part = 0; at < breadth; part++)
        {
            float length = dashes.Count == 0 ? breadth : Math.Min(dashes[part % dashes.Count], breadth - at);
            if (part % 2 == 0)
            {
                path.MoveTo(from.X + at, from.Y);
                path.LineTo(from.X + at + length, from.Y);
            }
            at += length;
        }
        Drawing.DrawPath(rp.Canvas, rp.Paint, path, pen);
    }
}
