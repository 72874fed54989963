using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>Activations of some tokens laid out for <see cref="MatMul"/>: panels of 32 tokens, [panel][k][token].</summary>
/// <remarks>
/// A last panel of at most 16 tokens is 16 wide. What packing leaves in places without a token is 0; a linear layer computes there too, and
/// nobody reads it. From one panel to the next it is an odd number of pages: with the powers of two that widths are, the same columns of all
/// panels would have to share a few sets of the second-level cache.
/// </remarks>
sealed unsafe class PackedTokens : IDisposable
{
    const int Narrow = Strip.Tokens, ColumnsPerPiece = 2048, Page = 4096 / sizeof(float);

    /// <summary>Tokens of a whole panel.</summary>
    public const int Wide = 2 * Narrow;

    FloatBuffer _panels = new();

    /// <summary>Tokens packed.</summary>
    public int Tokens { get; private set; }

    /// <summary>Width of each token's vector.</summary>
    public int Width { get; private set; }

    /// <summary>Panels.</summary>
    public int Panels => PanelsOf(Tokens);

    /// <summary>Tokens with the padding of the last panel.</summary>
    public int PaddedTokens => PaddedOf(Tokens);

    /// <summary>Strips of 16 tokens; the last may have fewer.</summary>
    public int Strips => (Tokens + Narrow - 1) / Narrow;

    /// <summary>Values that tokens take when they are packed.</summary>
    public static long LengthOf(int tokens, int width) => tokens == 0 ? 0 : (PanelsOf(tokens) - 1) * Stride(width) + (long)WidthOf(tokens, PanelsOf(tokens) - 1) * width;

    static long Stride(int width) => (((long)Wide * width + Page - 1) / Page | 1) * Page;

    /// <summary>Tokens with padding, of a number of tokens.</summary>
    public static int PaddedOf(int tokens) => tokens == 0 ? 0 : (PanelsOf(tokens) - 1) * Wide + WidthOf(tokens, PanelsOf(tokens) - 1);

    /// <summary>Tokens a panel has room for: 32, or 16 for a short last one.</summary>
    public int PanelWidth(int panel) => WidthOf(Tokens, panel);

    /// <summary>First value of a panel, [k × PanelWidth].</summary>
    public float* Panel(int panel) => _panels.Data + panel * Stride(Width);

    /// <summary>Some columns of a panel, [count × PanelWidth].</summary>
    public Span<float> Columns(int panel, int start, int count) => new(Panel(panel) + (long)start * PanelWidth(panel), count * PanelWidth(panel));

    /// <summary>Sixteen tokens.</summary>
    public Strip StripAt(int strip) => new(Panel(strip / 2) + strip % 2 * Narrow, PanelWidth(strip / 2), Width);

    /// <summary>Tokens of a strip: 16, or what is left.</summary>
    public int InStrip(int strip) => Math.Min(Narrow, Tokens - strip * Narrow);

    /// <summary>Makes room; what was there is lost.</summary>
    public PackedTokens Resize(int tokens, int width)
    {
        (Tokens, Width) = (tokens, width);
        _panels.Resize(LengthOf(tokens, width));
        return this;
    }

    /// <summary>Packs rows [tokens × width].</summary>
    public PackedTokens Pack(Crew crew, float* rows, int tokens, int width)
    {
        Resize(tokens, width);
        int parts = (width + ColumnsPerPiece - 1) / ColumnsPerPiece;
        crew.Run(Panels * parts, (piece, _) =>
        {
            var (panel, part) = Math.DivRem(piece, parts);
            PackPanel(rows, panel, part * ColumnsPerPiece, Math.Min(ColumnsPerPiece, width - part * ColumnsPerPiece));
        });
        return this;
    }

    /// <summary>Some columns of a panel.</summary>
    void PackPanel(float* rows, int panel, int start, int columns)
    {
        int panelWidth = PanelWidth(panel), present = Math.Min(panelWidth, Tokens - panel * Wide);
        float* to = Panel(panel) + (long)start * panelWidth;
        if (present < panelWidth) new Span<float>(to, columns * panelWidth).Clear();
        Transpose.Run(rows + (long)panel * Wide * Width + start, Width, present, columns, to, panelWidth);
    }

    /// <summary>Changes places with others, of as many tokens and as wide: each has the values of the other.</summary>
    public void Exchange(PackedTokens other)
    {
        if (other.Tokens != Tokens || other.Width != Width) throw new ArgumentException("Tokens of other sizes.", nameof(other));
        (_panels, other._panels) = (other._panels, _panels);
    }

    /// <summary>One token's vector.</summary>
    /// <param name="token">Which.</param>
    /// <param name="to">[width], written.</param>
    public void Read(int token, Span<float> to)
    {
        if ((uint)token >= (uint)Tokens) throw new ArgumentOutOfRangeException(nameof(token), token, $"of {Tokens} tokens");
        if (to.Length != Width) throw new ArgumentException($"Room for {to.Length} values of {Width}.", nameof(to));
        int panel = token / Wide, stride = PanelWidth(panel);
        float* from = Panel(panel) + token % Wide;
        for (int k = 0; k < to.Length; k++, from += stride) to[k] = *from;
    }

    /// <summary>Changes one token's vector.</summary>
    /// <param name="token">Which.</param>
    /// <param name="from">[width].</param>
    public void Write(int token, ReadOnlySpan<float> from)
    {
        if ((uint)token >= (uint)Tokens) throw new ArgumentOutOfRangeException(nameof(token), token, $"of {Tokens} tokens");
        if (from.Length != Width) throw new ArgumentException($"{from.Length} values for a width of {Width}.", nameof(from));
        int panel = token / Wide, stride = PanelWidth(panel);
        float* to = Panel(panel) + token % Wide;
        for (int k = 0; k < from.Length; k++, to += stride) *to = from[k];
    }

    /// <summary>The vectors of a strip's tokens, [InStrip × width].</summary>
    public void ReadStrip(int strip, float* rows)
    {
        var of = StripAt(strip);
        Transpose.Run(of.Data, of.Stride, Width, InStrip(strip), rows, Width);
    }

    /// <summary>Every token's vector as rows [tokens × width].</summary>
    public void Unpack(Crew crew, float* rows) => crew.Run(Strips, (strip, _) => ReadStrip(strip, rows + (long)strip * Narrow * Width));

    static int PanelsOf(int tokens) => (tokens + Wide - 1) / Wide;

    static int WidthOf(int tokens, int panel) => tokens - panel * Wide <= Narrow ? Narrow : Wide;

    /// <inheritdoc/>
    public void Dispose() => _panels.Dispose();
}
