using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Attribution;

/// <summary>Wᵀ·v of a tile, float64: one chain of fused multiply-adds for each token and column, of ascending rows.</summary>
static unsafe class TileDown
{
    const int Rows = TileProducts.Rows, Lanes = TileProducts.Lanes;

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
    public static void Run(double* w, int wStride, int columns, double* v, long vStride, int tokens, double* u, long uStride, bool fresh)
    {
        if (Vector512.IsHardwareAccelerated) FourVectors(w, wStride, columns, v, vStride, tokens, u, uStride, fresh);
        else OneVector(w, wStride, columns, v, vStride, tokens, u, uStride, fresh);
    }

    /// <summary>With 32 registers of 512 bits: 20 sums, four vectors of a row, a token.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void FourVectors(double* w, int wStride, int columns, double* v, long vStride, int tokens, double* u, long uStride, bool fresh)
    {
        for (int t = 0; t < tokens; t += TileProducts.TokenStep, v += TileProducts.TokenStep * vStride, u += TileProducts.TokenStep * uStride)
        {
            double* va = v, vb = va + vStride, vc = vb + vStride, vd = vc + vStride, ve = vd + vStride;
            for (int k = 0; k < columns; k += 4 * Lanes)
            {
                double* ua = u + k, ub = ua + uStride, uc = ub + uStride, ud = uc + uStride, ue = ud + uStride;
                Vector512<double> a0 = default, a1 = default, a2 = default, a3 = default;
                Vector512<double> b0 = default, b1 = default, b2 = default, b3 = default;
                Vector512<double> c0 = default, c1 = default, c2 = default, c3 = default;
                Vector512<double> d0 = default, d1 = default, d2 = default, d3 = default;
                Vector512<double> e0 = default, e1 = default, e2 = default, e3 = default;
                if (!fresh)
                {
                    (a0, a1, a2, a3) = (Vector512.Load(ua), Vector512.Load(ua + Lanes), Vector512.Load(ua + 2 * Lanes), Vector512.Load(ua + 3 * Lanes));
                    (b0, b1, b2, b3) = (Vector512.Load(ub), Vector512.Load(ub + Lanes), Vector512.Load(ub + 2 * Lanes), Vector512.Load(ub + 3 * Lanes));
                    (c0, c1, c2, c3) = (Vector512.Load(uc), Vector512.Load(uc + Lanes), Vector512.Load(uc + 2 * Lanes), Vector512.Load(uc + 3 * Lanes));
                    (d0, d1, d2, d3) = (Vector512.Load(ud), Vector512.Load(ud + Lanes), Vector512.Load(ud + 2 * Lanes), Vector512.Load(ud + 3 * Lanes));
                    (e0, e1, e2, e3) = (Vector512.Load(ue), Vector512.Load(ue + Lanes), Vector512.Load(ue + 2 * Lanes), Vector512.Load(ue + 3 * Lanes));
                }
                double* row = w + k;
                for (int r = 0; r < Rows; r++, row += wStride)
                {
                    Vector512<double> w0 = Vector512.Load(row), w1 = Vector512.Load(row + Lanes), w2 = Vector512.Load(row + 2 * Lanes), w3 = Vector512.Load(row + 3 * Lanes);
                    var x = Vector512.Create(va[r]);
                    a0 = Vector512.FusedMultiplyAdd(w0, x, a0);
                    a1 = Vector512.FusedMultiplyAdd(w1, x, a1);
                    a2 = Vector512.FusedMultiplyAdd(w2, x, a2);
                    a3 = Vector512.FusedMultiplyAdd(w3, x, a3);
                    x = Vector512.Create(vb[r]);
                    b0 = Vector512.FusedMultiplyAdd(w0, x, b0);
                    b1 = Vector512.FusedMultiplyAdd(w1, x, b1);
                    b2 = Vector512.FusedMultiplyAdd(w2, x, b2);
                    b3 = Vector512.FusedMultiplyAdd(w3, x, b3);
                    x = Vector512.Create(vc[r]);
                    c0 = Vector512.FusedMultiplyAdd(w0, x, c0);
                    c1 = Vector512.FusedMultiplyAdd(w1, x, c1);
                    c2 = Vector512.FusedMultiplyAdd(w2, x, c2);
                    c3 = Vector512.FusedMultiplyAdd(w3, x, c3);
                    x = Vector512.Create(vd[r]);
                    d0 = Vector512.FusedMultiplyAdd(w0, x, d0);
                    d1 = Vector512.FusedMultiplyAdd(w1, x, d1);
                    d2 = Vector512.FusedMultiplyAdd(w2, x, d2);
                    d3 = Vector512.FusedMultiplyAdd(w3, x, d3);
                    x = Vector512.Create(ve[r]);
                    e0 = Vector512.FusedMultiplyAdd(w0, x, e0);
                    e1 = Vector512.FusedMultiplyAdd(w1, x, e1);
                    e2 = Vector512.FusedMultiplyAdd(w2, x, e2);
                    e3 = Vector512.FusedMultiplyAdd(w3, x, e3);
                }
                a0.Store(ua);
                a1.Store(ua + Lanes);
                a2.Store(ua + 2 * Lanes);
                a3.Store(ua + 3 * Lanes);
                b0.Store(ub);
                b1.Store(ub + Lanes);
                b2.Store(ub + 2 * Lanes);
                b3.Store(ub + 3 * Lanes);
                c0.Store(uc);
                c1.Store(uc + Lanes);
                c2.Store(uc + 2 * Lanes);
                c3.Store(uc + 3 * Lanes);
                d0.Store(ud);
                d1.Store(ud + Lanes);
                d2.Store(ud + 2 * Lanes);
                d3.Store(ud + 3 * Lanes);
                e0.Store(ue);
                e1.Store(ue + Lanes);
                e2.Store(ue + 2 * Lanes);
                e3.Store(ue + 3 * Lanes);
            }
        }
    }

    /// <summary>With fewer or shorter registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void OneVector(double* w, int wStride, int columns, double* v, long vStride, int tokens, double* u, long uStride, bool fresh)
    {
        for (int t = 0; t < tokens; t += TileProducts.TokenStep, v += TileProducts.TokenStep * vStride, u += TileProducts.TokenStep * uStride)
        {
            double* va = v, vb = va + vStride, vc = vb + vStride, vd = vc + vStride, ve = vd + vStride;
            for (int k = 0; k < columns; k += Lanes)
            {
                double* ua = u + k, ub = ua + uStride, uc = ub + uStride, ud = uc + uStride, ue = ud + uStride;
                Vector512<double> a0 = default;
                Vector512<double> b0 = default;
                Vector512<double> c0 = default;
                Vector512<double> d0 = default;
                Vector512<double> e0 = default;
                if (!fresh)
                {
                    a0 = Vector512.Load(ua);
                    b0 = Vector512.Load(ub);
                    c0 = Vector512.Load(uc);
                    d0 = Vector512.Load(ud);
                    e0 = Vector512.Load(ue);
                }
                double* row = w + k;
                for (int r = 0; r < Rows; r++, row += wStride)
                {
                    Vector512<double> w0 = Vector512.Load(row);
                    var x = Vector512.Create(va[r]);
                    a0 = Vector512.FusedMultiplyAdd(w0, x, a0);
                    x = Vector512.Create(vb[r]);
                    b0 = Vector512.FusedMultiplyAdd(w0, x, b0);
                    x = Vector512.Create(vc[r]);
                    c0 = Vector512.FusedMultiplyAdd(w0, x, c0);
                    x = Vector512.Create(vd[r]);
                    d0 = Vector512.FusedMultiplyAdd(w0, x, d0);
                    x = Vector512.Create(ve[r]);
                    e0 = Vector512.FusedMultiplyAdd(w0, x, e0);
                }
                a0.Store(ua);
                b0.Store(ub);
                c0.Store(uc);
                d0.Store(ud);
                e0.Store(ue);
            }
        }
    }
}
