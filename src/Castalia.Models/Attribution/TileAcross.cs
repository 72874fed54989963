using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Attribution;

/// <summary>W·x of a tile, float64: one chain of fused multiply-adds for each token, row and lane, of ascending columns.</summary>
/// <remarks>What is loaded serves as many products as there are registers for: the tile's values come from the first-level cache no faster.</remarks>
static unsafe class TileAcross
{
    const int Rows = TileProducts.Rows, Lanes = TileProducts.Lanes;

    /// <summary>y[t, r] += w[r, k]·x[t, k] for every k, in the lanes k mod 8.</summary>
    /// <param name="w">[Rows × wStride].</param>
    /// <param name="wStride">From one row to the next.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="x">[tokens × xStride].</param>
    /// <param name="xStride">From one token to the next.</param>
    /// <param name="tokens">Tokens.</param>
    /// <param name="y">[tokens × Rows × Lanes], added to.</param>
    public static void Run(double* w, int wStride, int columns, double* x, long xStride, int tokens, double* y)
    {
        if (Vector512.IsHardwareAccelerated) FourRows(w, wStride, columns, x, xStride, tokens, y);
        else OneRow(w, wStride, columns, x, xStride, tokens, y);
    }

    /// <summary>With 32 registers of 512 bits: 20 sums, four rows, a token.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void FourRows(double* w, int wStride, int columns, double* x, long xStride, int tokens, double* y)
    {
        for (int t = 0; t < tokens; t += TileProducts.TokenStep, x += TileProducts.TokenStep * xStride, y += TileProducts.TokenStep * Rows * Lanes)
        {
            double* xa = x, xb = xa + xStride, xc = xb + xStride, xd = xc + xStride, xe = xd + xStride;
            double* row = w;
            for (int r = 0; r < Rows; r += 4, row += 4 * wStride)
            {
                double* ya = y + r * Lanes, yb = ya + Rows * Lanes, yc = yb + Rows * Lanes, yd = yc + Rows * Lanes, ye = yd + Rows * Lanes;
                Vector512<double> a0 = Vector512.Load(ya), a1 = Vector512.Load(ya + Lanes), a2 = Vector512.Load(ya + 2 * Lanes), a3 = Vector512.Load(ya + 3 * Lanes);
                Vector512<double> b0 = Vector512.Load(yb), b1 = Vector512.Load(yb + Lanes), b2 = Vector512.Load(yb + 2 * Lanes), b3 = Vector512.Load(yb + 3 * Lanes);
                Vector512<double> c0 = Vector512.Load(yc), c1 = Vector512.Load(yc + Lanes), c2 = Vector512.Load(yc + 2 * Lanes), c3 = Vector512.Load(yc + 3 * Lanes);
                Vector512<double> d0 = Vector512.Load(yd), d1 = Vector512.Load(yd + Lanes), d2 = Vector512.Load(yd + 2 * Lanes), d3 = Vector512.Load(yd + 3 * Lanes);
                Vector512<double> e0 = Vector512.Load(ye), e1 = Vector512.Load(ye + Lanes), e2 = Vector512.Load(ye + 2 * Lanes), e3 = Vector512.Load(ye + 3 * Lanes);
                for (int k = 0; k < columns; k += Lanes)
                {
                    Vector512<double> w0 = Vector512.Load(row + k), w1 = Vector512.Load(row + wStride + k), w2 = Vector512.Load(row + 2 * wStride + k), w3 = Vector512.Load(row + 3 * wStride + k);
                    var v = Vector512.Load(xa + k);
                    a0 = Vector512.FusedMultiplyAdd(w0, v, a0);
                    a1 = Vector512.FusedMultiplyAdd(w1, v, a1);
                    a2 = Vector512.FusedMultiplyAdd(w2, v, a2);
                    a3 = Vector512.FusedMultiplyAdd(w3, v, a3);
                    v = Vector512.Load(xb + k);
                    b0 = Vector512.FusedMultiplyAdd(w0, v, b0);
                    b1 = Vector512.FusedMultiplyAdd(w1, v, b1);
                    b2 = Vector512.FusedMultiplyAdd(w2, v, b2);
                    b3 = Vector512.FusedMultiplyAdd(w3, v, b3);
                    v = Vector512.Load(xc + k);
                    c0 = Vector512.FusedMultiplyAdd(w0, v, c0);
                    c1 = Vector512.FusedMultiplyAdd(w1, v, c1);
                    c2 = Vector512.FusedMultiplyAdd(w2, v, c2);
                    c3 = Vector512.FusedMultiplyAdd(w3, v, c3);
                    v = Vector512.Load(xd + k);
                    d0 = Vector512.FusedMultiplyAdd(w0, v, d0);
                    d1 = Vector512.FusedMultiplyAdd(w1, v, d1);
                    d2 = Vector512.FusedMultiplyAdd(w2, v, d2);
                    d3 = Vector512.FusedMultiplyAdd(w3, v, d3);
                    v = Vector512.Load(xe + k);
                    e0 = Vector512.FusedMultiplyAdd(w0, v, e0);
                    e1 = Vector512.FusedMultiplyAdd(w1, v, e1);
                    e2 = Vector512.FusedMultiplyAdd(w2, v, e2);
                    e3 = Vector512.FusedMultiplyAdd(w3, v, e3);
                }
                a0.Store(ya);
                a1.Store(ya + Lanes);
                a2.Store(ya + 2 * Lanes);
                a3.Store(ya + 3 * Lanes);
                b0.Store(yb);
                b1.Store(yb + Lanes);
                b2.Store(yb + 2 * Lanes);
                b3.Store(yb + 3 * Lanes);
                c0.Store(yc);
                c1.Store(yc + Lanes);
                c2.Store(yc + 2 * Lanes);
                c3.Store(yc + 3 * Lanes);
                d0.Store(yd);
                d1.Store(yd + Lanes);
                d2.Store(yd + 2 * Lanes);
                d3.Store(yd + 3 * Lanes);
                e0.Store(ye);
                e1.Store(ye + Lanes);
                e2.Store(ye + 2 * Lanes);
                e3.Store(ye + 3 * Lanes);
            }
        }
    }

    /// <summary>With fewer or shorter registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void OneRow(double* w, int wStride, int columns, double* x, long xStride, int tokens, double* y)
    {
        for (int t = 0; t < tokens; t += TileProducts.TokenStep, x += TileProducts.TokenStep * xStride, y += TileProducts.TokenStep * Rows * Lanes)
        {
            double* xa = x, xb = xa + xStride, xc = xb + xStride, xd = xc + xStride, xe = xd + xStride;
            double* row = w;
            for (int r = 0; r < Rows; r += 1, row += 1 * wStride)
            {
                double* ya = y + r * Lanes, yb = ya + Rows * Lanes, yc = yb + Rows * Lanes, yd = yc + Rows * Lanes, ye = yd + Rows * Lanes;
                Vector512<double> a0 = Vector512.Load(ya);
                Vector512<double> b0 = Vector512.Load(yb);
                Vector512<double> c0 = Vector512.Load(yc);
                Vector512<double> d0 = Vector512.Load(yd);
                Vector512<double> e0 = Vector512.Load(ye);
                for (int k = 0; k < columns; k += Lanes)
                {
                    Vector512<double> w0 = Vector512.Load(row + k);
                    var v = Vector512.Load(xa + k);
                    a0 = Vector512.FusedMultiplyAdd(w0, v, a0);
                    v = Vector512.Load(xb + k);
                    b0 = Vector512.FusedMultiplyAdd(w0, v, b0);
                    v = Vector512.Load(xc + k);
                    c0 = Vector512.FusedMultiplyAdd(w0, v, c0);
                    v = Vector512.Load(xd + k);
                    d0 = Vector512.FusedMultiplyAdd(w0, v, d0);
                    v = Vector512.Load(xe + k);
                    e0 = Vector512.FusedMultiplyAdd(w0, v, e0);
                }
                a0.Store(ya);
                b0.Store(yb);
                c0.Store(yc);
                d0.Store(yd);
                e0.Store(ye);
            }
        }
    }
}
