using Castalia.Kernels;

namespace Castalia.Forward;

/// <summary>Activations of some tokens laid out for <see cref="MatMul"/>: panels of 32 tokens, [panel][k][token].</summary>
/// <remarks>A last panel of at most 16 tokens is 16 wide. Places without a token hold 0.</remarks>
sealed unsafe class PackedTokens : IDisposable
{
    const int Narrow = 16, ColumnsPerPiece = 2048;

    /// <summary>Tokens of a whole panel.</summary>
    public const int Wide = 32;

    readonly FloatBuffer _panels = new();

    /// <summary>Tokens packed.</summary>
    public int Tokens { get; private set; }

    /// <summary>Width of each token's vector.</summary>
    public int Width { get; private set; }

    /// <summary>Panels.</summary>
    public int Panels => (Tokens + Wide - 1) / Wide;

    /// <summary>Tokens with the padding of the last panel.</summary>
    public int PaddedTokens => Panels == 0 ? 0 : (Panels - 1) * Wide + PanelWidth(Panels - 1);

    /// <summary>Tokens a panel has room for: 32, or 16 for a short last one.</summary>
    public int PanelWidth(int panel) => Tokens - panel * Wide <= Narrow ? Narrow : Wide;

    /// <summary>First value of a panel, [k × PanelWidth].</summary>
    public float* Panel(int panel) => _panels.Data + (long)panel * Wide * Width;

    /// <summary>Packs rows [tokens × width].</summary>
    public PackedTokens Pack(Crew crew, float* rows, int tokens, int width)
    {
        (Tokens, Width) = (tokens, width);
        _panels.Resize((long)PaddedTokens * width);
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

    /// <inheritdoc/>
    public void Dispose() => _panels.Dispose();
}
