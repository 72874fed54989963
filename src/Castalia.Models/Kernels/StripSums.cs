using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>The sums of <see cref="DoubleSum"/> and <see cref="ResidualSums"/> for sixteen tokens at once.</summary>
/// <remarks>
/// A token's sums are those of its vector alone to the bit: dimension i goes to partial sum i mod 8, and the eight are folded in the same
/// order. Tokens lie across the vector lanes, so that nothing is added across a vector.
/// </remarks>
static unsafe class StripSums
{
    const int Partials = 8, Tokens = Strip.Tokens, Half = Tokens / 2;

    /// <summary>Σ xᵢ of every token.</summary>
    /// <param name="x">The strip.</param>
    /// <param name="sums">[16], written.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Of(Strip x, double* sums)
    {
        double* partial = stackalloc double[Partials * Tokens];
        nint far = Partials * (nint)x.Stride;
        for (int j = 0; j < Partials; j += 2)
        {
            Vector512<double> a0 = default, a1 = default, b0 = default, b1 = default;
            float* row = x.Data + (nint)j * x.Stride;
            int k = j;
            for (; k + 1 < x.Width; k += Partials, row += far)
            {
                a0 += Widen(row);
                a1 += Widen(row + Half);
                b0 += Widen(row + x.Stride);
                b1 += Widen(row + x.Stride + Half);
            }
            if (k < x.Width)
            {
                a0 += Widen(row);
                a1 += Widen(row + Half);
            }
            Store(partial + j * Tokens, a0, a1, b0, b1);
        }
        Fold(partial, Tokens, sums);
        Fold(partial + Half, Tokens, sums + Half);
    }

    /// <summary>Σ (xᵢ − centre)² of every token.</summary>
    /// <param name="x">The strip.</param>
    /// <param name="centres">[16].</param>
    /// <param name="sums">[16], written; may be the centres.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void OfSquaresAbout(Strip x, double* centres, double* sums)
    {
        double* partial = stackalloc double[Partials * Tokens];
        Vector512<double> c0 = Vector512.Load(centres), c1 = Vector512.Load(centres + Half);
        nint far = Partials * (nint)x.Stride;
        for (int j = 0; j < Partials; j += 2)
        {
            Vector512<double> a0 = default, a1 = default, b0 = default, b1 = default;
            float* row = x.Data + (nint)j * x.Stride;
            int k = j;
            for (; k + 1 < x.Width; k += Partials, row += far)
            {
                a0 += Square(Widen(row) - c0);
                a1 += Square(Widen(row + Half) - c1);
                b0 += Square(Widen(row + x.Stride) - c0);
                b1 += Square(Widen(row + x.Stride + Half) - c1);
            }
            if (k < x.Width)
            {
                a0 += Square(Widen(row) - c0);
                a1 += Square(Widen(row + Half) - c1);
            }
            Store(partial + j * Tokens, a0, a1, b0, b1);
        }
        Fold(partial, Tokens, sums);
        Fold(partial + Half, Tokens, sums + Half);
    }

    /// <summary>The squares and inner products of a block's reading, for some tokens.</summary>
    /// <param name="h">resid_pre.</param>
    /// <param name="a">attn_out.</param>
    /// <param name="m">mlp_out.</param>
    /// <param name="sums">One for each token wanted, at most 16; written.</param>
    public static void Of(Strip h, Strip a, Strip m, Span<ResidualSums> sums)
    {
        h.Require(a);
        h.Require(m);
        double* partial = stackalloc double[Partials * Sums * Half], folded = stackalloc double[Sums * Half];
        for (int first = 0; first < sums.Length; first += Half)
        {
            for (int j = 0; j < Partials; j++) Partial(h, a, m, first, j, partial + j * Sums * Half);
            for (int s = 0; s < Sums; s++) Fold(partial + s * Half, Sums * Half, folded + s * Half);
            for (int t = 0; t < Math.Min(Half, sums.Length - first); t++)
            {
                double* of = folded + t;
                sums[first + t] = new(of[0], of[Half], of[2 * Half], of[3 * Half], of[4 * Half], of[5 * Half], of[6 * Half], of[7 * Half]);
            }
        }
    }

    const int Sums = 8;

    /// <summary>One partial of all eight sums, for eight tokens.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Partial(Strip h, Strip a, Strip m, int firstToken, int j, double* to)
    {
        Vector512<double> hh = default, aa = default, mm = default, ah = default, mh = default, am = default, dd = default, pp = default;
        float* ph = h.Data + (nint)j * h.Stride + firstToken, pa = a.Data + (nint)j * a.Stride + firstToken, pm = m.Data + (nint)j * m.Stride + firstToken;
        nint farH = Partials * (nint)h.Stride, farA = Partials * (nint)a.Stride, farM = Partials * (nint)m.Stride;
        for (int k = j; k < h.Width; k += Partials, ph += farH, pa += farA, pm += farM)
        {
            Vector512<double> vh = Widen(ph), va = Widen(pa), vm = Widen(pm);
            var delta = va + vm;
            var post = vh + delta;
            hh += vh * vh;
            aa += va * va;
            mm += vm * vm;
            ah += va * vh;
            mh += vm * vh;
            am += va * vm;
            dd += delta * delta;
            pp += post * post;
        }
        hh.Store(to);
        aa.Store(to + Half);
        mm.Store(to + 2 * Half);
        ah.Store(to + 3 * Half);
        mh.Store(to + 4 * Half);
        am.Store(to + 5 * Half);
        dd.Store(to + 6 * Half);
        pp.Store(to + 7 * Half);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Widen(float* p) => DoubleSum.Widen(ref *p, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<double> Square(Vector512<double> x) => x * x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(double* to, Vector512<double> a0, Vector512<double> a1, Vector512<double> b0, Vector512<double> b1)
    {
        a0.Store(to);
        a1.Store(to + Half);
        b0.Store(to + Tokens);
        b1.Store(to + Tokens + Half);
    }

    /// <summary>The eight partials of eight tokens, in the order of <see cref="DoubleSum.Fold"/>.</summary>
    static void Fold(double* partial, int stride, double* sums)
    {
        var s = Vector512.Load(partial);
        (((s + Vector512.Load(partial + 4 * stride)) + (Vector512.Load(partial + 2 * stride) + Vector512.Load(partial + 6 * stride)))
            + ((Vector512.Load(partial + stride) + Vector512.Load(partial + 5 * stride))
                + (Vector512.Load(partial + 3 * stride) + Vector512.Load(partial + 7 * stride)))).Store(sums);
    }
}
