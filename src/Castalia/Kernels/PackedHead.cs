using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void KeysOfPanel(float* k, int stride, int count, float* to)
    {
        int d = 0;
        // Four keys at a time: sixteen, often a power of two apart, would share the same few places of the cache.
        for (int t = 0; Sse.IsSupported && t < Panel; t += 4)
        {
            float* from = k + (nint)t * stride, place = to + t;
            for (d = 0; d <= headDim - 4; d += 4, from += 4, place += 4 * Panel)
            {
                var r0 = t < count ? Vector128.Load(from) : default;
                var r1 = t + 1 < count ? Vector128.Load(from + stride) : default;
                var r2 = t + 2 < count ? Vector128.Load(from + 2 * (nint)stride) : default;
                var r3 = t + 3 < count ? Vector128.Load(from + 3 * (nint)stride) : default;
                Vector128<float> a = Sse.UnpackLow(r0, r1), b = Sse.UnpackLow(r2, r3), c = Sse.UnpackHigh(r0, r1), e = Sse.UnpackHigh(r2, r3);
                Sse.MoveLowToHigh(a, b).Store(place);
                Sse.MoveHighToLow(b, a).Store(place + Panel);
                Sse.MoveLowToHigh(c, e).Store(place + 2 * Panel);
                Sse.MoveHighToLow(e, c).Store(place + 3 * Panel);
            }
        }
        for (; d < headDim; d++)
            for (int t = 0; t < Panel; t++) to[d * Panel + t] = t < count ? k[(nint)t * stride + d] : 0;
    }
}
