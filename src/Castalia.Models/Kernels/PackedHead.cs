using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>Keys and values of one head of one prompt, laid out for <see cref="AttentionTile"/>.</summary>
/// <param name="keys">[panel of 16 tokens][head_dim][16]; places without a token hold 0.</param>
/// <param name="values">[panel of 16 dimensions][token][16]; places without a dimension hold 0.</param>
/// <param name="tokens">Tokens of the prompt.</param>
/// <param name="headDim">Width of the head.</param>
readonly unsafe struct PackedHead(float* keys, float* values, int tokens, int headDim)
{
    const int Panel = AttentionTile.Panel;

    /// <summary>Tokens of the prompt.</summary>
    public int Tokens => tokens;

    /// <summary>Width of the head.</summary>
    public int HeadDim => headDim;

    /// <summary>Panels that hold a number of tokens or dimensions.</summary>
    public static int PanelsOf(int count) => (count + Panel - 1) / Panel;

    /// <summary>Float32 values the keys of a head take.</summary>
    public static long KeysLength(int tokens, int headDim) => (long)PanelsOf(tokens) * Panel * headDim;

    /// <summary>Float32 values the values of a head take.</summary>
    public static long ValuesLength(int tokens, int headDim) => (long)PanelsOf(headDim) * Panel * tokens;

    /// <summary>First key of a panel, [head_dim × 16].</summary>
    public float* KeyPanel(int panel) => keys + (nint)panel * Panel * HeadDim;

    /// <summary>First value of a panel of dimensions, [tokens × 16].</summary>
    public float* ValuePanel(int panel) => values + (nint)panel * Panel * Tokens;

    /// <summary>Lays out the keys of some consecutive tokens.</summary>
    /// <param name="first">The first, a multiple of 16.</param>
    /// <param name="count">How many: a multiple of 16, or all that are left.</param>
    /// <param name="k">Key of the first, [count × stride].</param>
    /// <param name="stride">Values from one token to the next.</param>
    public void PackKeys(int first, int count, float* k, int stride)
    {
        for (int t = 0; t < count; t += Panel)
            KeysOfPanel(k + (nint)t * stride, stride, Math.Min(Panel, count - t), KeyPanel((first + t) / Panel));
    }

    /// <summary>Lays out the value of one token.</summary>
    /// <param name="token">Its position.</param>
    /// <param name="v">[head_dim].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void PackValue(int token, float* v)
    {
        float* to = values + (nint)token * Panel;
        int d = 0;
        for (; d <= headDim - Panel; d += Panel, to += (nint)tokens * Panel) Vector512.Load(v + d).Store(to);
        if (d == headDim) return;
        for (int i = 0; i < Panel; i++) to[i] = d + i < headDim ? v[d + i] : 0;
    }

    /// <summary>Up to 16 keys become one panel.</summary>
    void KeysOfPanel(float* k, int stride, int count, float* to)
    {
        if (count < Panel) new Span<float>(to, headDim * Panel).Clear();
        Transpose.Run(k, stride, count, headDim, to, Panel);
    }
}
