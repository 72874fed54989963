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

    /// <summary>Lays out some consecutive tokens.</summary>
    /// <param name="first">The first, a multiple of 16.</param>
    /// <param name="count">How many: a multiple of 16, or all that are left.</param>
    /// <param name="k">Key of the first, [count × stride].</param>
    /// <param name="v">Value of the first, [count × stride].</param>
    /// <param name="stride">Values from one token to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(int first, int count, float* k, float* v, int stride)
    {
        for (int t = 0; t < count; t += Panel)
            PackKeys(k + (nint)t * stride, stride, Math.Min(Panel, count - t), KeyPanel((first + t) / Panel));
        for (int d = 0; d < HeadDim; d += Panel)
        {
            float* to = ValuePanel(d / Panel) + (nint)first * Panel, from = v + d;
            int present = Math.Min(Panel, HeadDim - d);
            for (int t = 0; t < count; t++, to += Panel, from += stride)
            {
                if (present == Panel)
                {
                    Vector512.Load(from).Store(to);
                    continue;
                }
                for (int i = 0; i < Panel; i++) to[i] = i < present ? from[i] : 0;
            }
        }
    }
    /// <summary>Up to 16 keys become one panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void PackKeys(float* k, int stride, int count, float* to)
    {
        if (count < Panel) new Span<float>(to, Panel * HeadDim).Clear();
        int whole = Sse.IsSupported ? count / 4 * 4 : 0, d = 0;
        for (; whole > 0 && d + 4 <= HeadDim; d += 4)
        {
            float* from = k + d, place = to + d * Panel;
            for (int t = 0; t < whole; t += 4, from += 4 * stride, place += 4)
            {
                Vector128<float> r0 = Vector128.Load(from), r1 = Vector128.Load(from + stride);
                Vector128<float> r2 = Vector128.Load(from + 2 * stride), r3 = Vector128.Load(from + 3 * stride);
                Vector128<float> a = Sse.UnpackLow(r0, r1), b = Sse.UnpackLow(r2, r3), c = Sse.UnpackHigh(r0, r1), e = Sse.UnpackHigh(r2, r3);
                Sse.MoveLowToHigh(a, b).Store(place);
                Sse.MoveHighToLow(b, a).Store(place + Panel);
                Sse.MoveLowToHigh(c, e).Store(place + 2 * Panel);
                Sse.MoveHighToLow(e, c).Store(place + 3 * Panel);
            }
        }
        for (int t = 0; t < count; t++)
            for (int i = t < whole ? d : 0; i < HeadDim; i++) to[i * Panel + t] = k[(nint)t * stride + i];
    }
}
