namespace Castalia.Forward;

/// <summary>Activations of some tokens laid out for <see cref="Kernels.MatMul"/>: panels of 32 tokens, [panel][k][token].</summary>
/// <remarks>A last panel of at most 16 tokens is 16 wide. Places without a token hold 0.</remarks>
sealed unsafe class PackedTokens : IDisposable
{
    const int Wide = 32, Narrow = 16;

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
        crew.Run(Panels, (panel, _) => PackPanel(rows + (long)panel * Wide * width, panel));
        return this;
    }

    void PackPanel(float* rows, int panel)
    {
        const int block = 16;
        int panelWidth = PanelWidth(panel), present = Math.Min(Wide, Tokens - panel * Wide);
        float* to = Panel(panel);
        if (present < panelWidth) new Span<float>(to, panelWidth * Width).Clear();
        for (int k = 0; k < Width; k += block)
        {
            int columns = Math.Min(block, Width - k);
            for (int t = 0; t < present; t++)
            {
                float* from = rows + (long)t * Width + k;
                float* place = to + (long)k * panelWidth + t;
                for (int i = 0; i < columns; i++, place += panelWidth) *place = from[i];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _panels.Dispose();
}
