using ScottPlot;

namespace Castalia.Reports.Print;

/// <summary>The names of the series below a figure, each behind its mark, in rows as wide as the figure.</summary>
sealed class NamesPanel : IPanel
{
    const float Row = 9.5f, Symbol = 11, Between = 9, Above = 3;

    readonly float _size;
    readonly List<(string Name, Color Colour, MarkerShape Shape, float Left, int Row)> _items = [];

    /// <summary>Lays names out.</summary>
    /// <param name="names">Names with their colours and marks.</param>
    /// <param name="size">Of letters.</param>
    /// <param name="width">Of the figure.</param>
    public NamesPanel(IEnumerable<(string Name, Color Colour, MarkerShape Shape)> names, float size, float width)
    {
        _size = size;
        float left = 0;
        int row = 0;
        foreach (var (name, colour, shape) in names)
        {
            float breadth = Symbol + PrintFont.Breadth(name, size) + Between;
            if (left > 0 && left + breadth > width) (left, row) = (0, row + 1);
            _items.Add((name, colour, shape, left, row));
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
            new MarkerStyle(item.Shape, 5, item.Colour).Render(rp.Canvas, new(left + item.Left + Symbol / 2, middle), rp.Paint);
            label.Text = item.Name;
            label.Render(rp.Canvas, new(left + item.Left + Symbol, middle), rp.Paint);
        }
    }
}
