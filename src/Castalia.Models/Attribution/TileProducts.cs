using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Attribution;

/// <summary>Products of a tile of weights with vectors of several tokens, from both sides; all in float64.</summary>
/// <remarks>
/// A tile is <see cref="Rows"/> rows, its columns a multiple of <see cref="ColumnStep"/>; tokens are a multiple of <see cref="TokenStep"/>. Every sum is
/// one chain of fused multiply-adds, of ascending rows, or of ascending columns in eight lanes, column k in lane k mod 8: a token's bits depend on
/// no other token and on no processor.
/// </remarks>
static unsafe class TileProducts
{
    /// <summary>Rows of a tile.</summary>
    public const int Rows = 16;

    /// <summary>Columns are taken so many at a time.</summary>
    public const int ColumnStep = 2 * Lanes;

    /// <summary>Tokens are taken so many at a time.</summary>
    public const int TokenStep = 4;

    /// <summary>Partial sums that <see cref="Across"/> keeps for each token and row.</summary>
    public const int Lanes = 8;

    /// <summary>u[t, k] += Σ_r w[r, k]·v[t, r]; where nothing is in u yet, = it.</summary>
    /// <param name="w">[Rows × wStride].</param>
    /// <param name="wStride">From one row to the next.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="v">[tokens × vStride], Rows of each.</param>
    /// <param name="vStride">From one token to the next.</param>
    /// <param name="tokens">Tokens.</param>
    /// <param name="u">[tokens × uStride], added to or written.</param>
    /// <param name="uStride">From one token to the next.</param>
    /// <param name="fresh">Nothing is in u yet.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Down(double* w, int wStride, int columns, double* v, long vStride, int tokens, double* u, long uStride, bool fresh)
    {
        for (int t = 0; t < tokens; t += TokenStep, v += TokenStep * vStride, u += TokenStep * uStride)
        {
            double* va = v, vb = v + vStride, vc = v + 2 * vStride, vd = v + 3 * vStride;
            for (int k = 0; k < columns; k += ColumnStep)
            {
                double* ua = u + k, ub = ua + uStride, uc = ub + uStride, ud = uc + uStride;
                Vector512<double> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
                if (!fresh)
                {
                    (a0, a1, b0, b1) = (Vector512.Load(ua), Vector512.Load(ua + Lanes), Vector512.Load(ub), Vector512.Load(ub + Lanes));
                    (c0, c1, d0, d1) = (Vector512.Load(uc), Vector512.Load(uc + Lanes), Vector512.Load(ud), Vector512.Load(ud + Lanes));
                }
                double* row = w + k;
                for (int r = 0; r < Rows; r++, row += wStride)
                {
                    Vector512<double> w0 = Vector512.Load(row), w1 = Vector512.Load(row + Lanes);
                    Vector512<double> xa = Vector512.Create(va[r]), xb = Vector512.Create(vb[r]), xc = Vector512.Create(vc[r]), xd = Vector512.Create(vd[r]);
                    a0 = Vector512.FusedMultiplyAdd(w0, xa, a0);
                    a1 = Vector512.FusedMultiplyAdd(w1, xa, a1);
                    b0 = Vector512.FusedMultiplyAdd(w0, xb, b0);
                    b1 = Vector512.FusedMultiplyAdd(w1, xb, b1);
                    c0 = Vector512.FusedMultiplyAdd(w0, xc, c0);
                    c1 = Vector512.FusedMultiplyAdd(w1, xc, c1);
                    d0 = Vector512.FusedMultiplyAdd(w0, xd, d0);
                    d1 = Vector512.FusedMultiplyAdd(w1, xd, d1);
                }
                a0.Store(ua);
                a1.Store(ua + Lanes);
                b0.Store(ub);
                b1.Store(ub + Lanes);
                c0.Store(uc);
                c1.Store(uc + Lanes);
                d0.Store(ud);
                d1.Store(ud + Lanes);
            }
        }
    }

    /// <summary>y[t, r] += w[r, k]·x[t, k] for every k, in the lanes k mod 8.</summary>
    /// <param name="w">[Rows × wStride].</param>
    /// <param name="wStride">From one row to the next.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="x">[tokens × xStride].</param>
    /// <param name="xStride">From one token to the next.</param>
    /// <param name="tokens">Tokens.</param>
    /// <param name="y">[tokens × Rows × Lanes], added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Across(double* w, int wStride, int columns, double* x, long xStride, int tokens, double* y)
    {
        for (int t = 0; t < tokens; t += TokenStep, x += TokenStep * xStride, y += TokenStep * Rows * Lanes)
        {
            double* row = w;
            for (int r = 0; r < Rows; r += 2, row += 2 * wStride)
            {
                double* ya = y + r * Lanes, yb = ya + Rows * Lanes, yc = yb + Rows * Lanes, yd = yc + Rows * Lanes;
                Vector512<double> a0 = Vector512.Load(ya), a1 = Vector512.Load(ya + Lanes), b0 = Vector512.Load(yb), b1 = Vector512.Load(yb + Lanes);
                Vector512<double> c0 = Vector512.Load(yc), c1 = Vector512.Load(yc + Lanes), d0 = Vector512.Load(yd), d1 = Vector512.Load(yd + Lanes);
                double* xa = x, xb = x + xStride, xc = x + 2 * xStride, xd = x + 3 * xStride;
                for (int k = 0; k < columns; k += Lanes)
                {
                    Vector512<double> w0 = Vector512.Load(row + k), w1 = Vector512.Load(row + wStride + k);
                    Vector512<double> va = Vector512.Load(xa + k), vb = Vector512.Load(xb + k), vc = Vector512.Load(xc + k), vd = Vector512.Load(xd + k);
                    a0 = Vector512.FusedMultiplyAdd(w0, va, a0);
                    a1 = Vector512.FusedMultiplyAdd(w1, va, a1);
                    b0 = Vector512.FusedMultiplyAdd(w0, vb, b0);
                    b1 = Vector512.FusedMultiplyAdd(w1, vb, b1);
                    c0 = Vector512.FusedMultiplyAdd(w0, vc, c0);
                    c1 = Vector512.FusedMultiplyAdd(w1, vc, c1);
                    d0 = Vector512.FusedMultiplyAdd(w0, vd, d0);
                    d1 = Vector512.FusedMultiplyAdd(w1, vd, d1);
                }
                a0.Store(ya);
                a1.Store(ya + Lanes);
                b0.Store(yb);
                b1.Store(yb + Lanes);
                c0.Store(yc);
                c1.Store(yc + Lanes);
                d0.Store(yd);
                d1.Store(yd + Lanes);
            }
        }
    }

    /// <summary>Widens columns of a tile's rows.</summary>
    /// <param name="from">[Rows × fromStride].</param>
    /// <param name="fromStride">From one row to the next.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="to">[Rows × toStride], written.</param>
    /// <param name="toStride">From one row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Widen(float* from, int fromStride, int columns, double* to, int toStride)
    {
        for (int r = 0; r < Rows; r++, from += fromStride, to += toStride)
        {
            for (int k = 0; k < columns; k += Lanes)
            {
                var (low, high) = Vector256.Widen(Vector256.Load(from + k));
                low.Store(to + k);
                high.Store(to + k + Lanes / 2);
            }
        }
    }
}
