using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>c[row, i] = c[row, i] + Σ_k w[row, k]·x[k, i], one chain of fused multiply-adds in ascending k for each output.</summary>
/// <remarks>
/// Both halves of attention in one shape: scores, where w are queries, x keys and k runs over dimensions; and weighted sums, where w
/// are probabilities, x values and k runs over keys. A chain may be broken off and taken up again later without a change of any bit.
/// x lies in panels of 16 columns, [k × 16], <c>next</c> values from one panel to the next.
/// </remarks>
static unsafe class AttentionTile
{
    /// <summary>Rows of w one call takes.</summary>
    public const int Rows = 12;

    /// <summary>Columns of a panel of x.</summary>
    public const int Panel = 16;

    /// <summary>Continues the chains of up to twelve rows over one panel or two.</summary>
    /// <param name="x">First panel, [k × 16].</param>
    /// <param name="next">Values from it to the second.</param>
    /// <param name="panels">1 or 2.</param>
    /// <param name="w">[12 × wStride]; rows beyond <paramref name="rows"/> are read, and what comes of them is left undefined.</param>
    /// <param name="wStride">Values from one row to the next.</param>
    /// <param name="rows">Rows that count, 1 to 12.</param>
    /// <param name="count">Terms.</param>
    /// <param name="c">[12 × cStride].</param>
    /// <param name="cStride">Values from one row to the next.</param>
    /// <param name="fresh">The chains begin here, at 0; else where c left them.</param>
    public static void Accumulate(
        float* x, nint next, int panels, float* w, nint wStride, int rows, int count, float* c, nint cStride, bool fresh)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            if (panels == 2) AttentionTile512.Wide(x, next, w, wStride, count, c, cStride, fresh);
            else AttentionTile512.Narrow(x, w, wStride, count, c, cStride, fresh);
            return;
        }
        for (int panel = 0; panel < panels; panel++, x += next, c += Panel)
        {
            if (Vector256.IsHardwareAccelerated)
                for (int row = 0; row < rows; row += 6) Wide256(x, w + row * wStride, wStride, count, c + row * cStride, cStride, fresh);
            else if (Vector128.IsHardwareAccelerated)
                for (int row = 0; row < rows; row += 3) Wide128(x, w + row * wStride, wStride, count, c + row * cStride, cStride, fresh);
            else
                Scalar(x, w, wStride, rows, count, c, cStride, fresh);
        }
    }

    /// <summary>The definition: one panel, one product after the other.</summary>
    internal static void Scalar(float* x, float* w, nint wStride, int rows, int count, float* c, nint cStride, bool fresh)
    {
        for (int row = 0; row < rows; row++)
            for (int i = 0; i < Panel; i++)
            {
                float sum = fresh ? 0 : c[row * cStride + i];
                for (int k = 0; k < count; k++) sum = MathF.FusedMultiplyAdd(w[row * wStride + k], x[k * Panel + i], sum);
                c[row * cStride + i] = sum;
            }
    }

    /// <summary>6 rows × 1 panel: 12 running sums, 2 vectors of x and 1 of w fill 15 of the 16 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Wide256(float* x, float* w, nint s, int count, float* c, nint cStride, bool fresh)
    {
        Vector256<float> r0a = default, r1a = default, r2a = default, r3a = default, r4a = default, r5a = default;
        Vector256<float> r0b = default, r1b = default, r2b = default, r3b = default, r4b = default, r5b = default;
        if (!fresh)
        {
            float* from = c;
            (r0a, r0b) = (Vector256.Load(from), Vector256.Load(from + 8));
            from += cStride;
            (r1a, r1b) = (Vector256.Load(from), Vector256.Load(from + 8));
            from += cStride;
            (r2a, r2b) = (Vector256.Load(from), Vector256.Load(from + 8));
            from += cStride;
            (r3a, r3b) = (Vector256.Load(from), Vector256.Load(from + 8));
            from += cStride;
            (r4a, r4b) = (Vector256.Load(from), Vector256.Load(from + 8));
            from += cStride;
            (r5a, r5b) = (Vector256.Load(from), Vector256.Load(from + 8));
        }
        float* w0 = w, w3 = w + 3 * s;
        nint s2 = 2 * s;
        for (int k = 0; k < count; k++, x += 16, w0++, w3++)
        {
            var xa = Vector256.Load(x);
            var xb = Vector256.Load(x + 8);
            var v = Vector256.Create(w0[0]);
            r0a = Vector256.FusedMultiplyAdd(xa, v, r0a);
            r0b = Vector256.FusedMultiplyAdd(xb, v, r0b);
            v = Vector256.Create(w0[s]);
            r1a = Vector256.FusedMultiplyAdd(xa, v, r1a);
            r1b = Vector256.FusedMultiplyAdd(xb, v, r1b);
            v = Vector256.Create(w0[s2]);
            r2a = Vector256.FusedMultiplyAdd(xa, v, r2a);
            r2b = Vector256.FusedMultiplyAdd(xb, v, r2b);
            v = Vector256.Create(w3[0]);
            r3a = Vector256.FusedMultiplyAdd(xa, v, r3a);
            r3b = Vector256.FusedMultiplyAdd(xb, v, r3b);
            v = Vector256.Create(w3[s]);
            r4a = Vector256.FusedMultiplyAdd(xa, v, r4a);
            r4b = Vector256.FusedMultiplyAdd(xb, v, r4b);
            v = Vector256.Create(w3[s2]);
            r5a = Vector256.FusedMultiplyAdd(xa, v, r5a);
            r5b = Vector256.FusedMultiplyAdd(xb, v, r5b);
        }
        Put(c, r0a, r0b);
        c += cStride;
        Put(c, r1a, r1b);
        c += cStride;
        Put(c, r2a, r2b);
        c += cStride;
        Put(c, r3a, r3b);
        c += cStride;
        Put(c, r4a, r4b);
        c += cStride;
        Put(c, r5a, r5b);
    }

    /// <summary>3 rows × 1 panel: 12 running sums, 1 vector of x and 3 of w fill the 16 registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Wide128(float* x, float* w, nint s, int count, float* c, nint cStride, bool fresh)
    {
        Vector128<float> r0a = default, r1a = default, r2a = default;
        Vector128<float> r0b = default, r1b = default, r2b = default;
        Vector128<float> r0c = default, r1c = default, r2c = default;
        Vector128<float> r0d = default, r1d = default, r2d = default;
        if (!fresh)
        {
            float* from0 = c;
            (r0a, r0b) = (Vector128.Load(from0), Vector128.Load(from0 + 4));
            (r0c, r0d) = (Vector128.Load(from0 + 8), Vector128.Load(from0 + 12));
            float* from1 = c + 1 * cStride;
            (r1a, r1b) = (Vector128.Load(from1), Vector128.Load(from1 + 4));
            (r1c, r1d) = (Vector128.Load(from1 + 8), Vector128.Load(from1 + 12));
            float* from2 = c + 2 * cStride;
            (r2a, r2b) = (Vector128.Load(from2), Vector128.Load(from2 + 4));
            (r2c, r2d) = (Vector128.Load(from2 + 8), Vector128.Load(from2 + 12));
        }
        nint s2 = 2 * s;
        for (int k = 0; k < count; k++, x += 16, w++)
        {
            Vector128<float> v0 = Vector128.Create(w[0]), v1 = Vector128.Create(w[s]), v2 = Vector128.Create(w[s2]);
            var xs = Vector128.Load(x);
            r0a = Vector128.FusedMultiplyAdd(xs, v0, r0a);
            r1a = Vector128.FusedMultiplyAdd(xs, v1, r1a);
            r2a = Vector128.FusedMultiplyAdd(xs, v2, r2a);
            xs = Vector128.Load(x + 4);
            r0b = Vector128.FusedMultiplyAdd(xs, v0, r0b);
            r1b = Vector128.FusedMultiplyAdd(xs, v1, r1b);
            r2b = Vector128.FusedMultiplyAdd(xs, v2, r2b);
            xs = Vector128.Load(x + 8);
            r0c = Vector128.FusedMultiplyAdd(xs, v0, r0c);
            r1c = Vector128.FusedMultiplyAdd(xs, v1, r1c);
            r2c = Vector128.FusedMultiplyAdd(xs, v2, r2c);
            xs = Vector128.Load(x + 12);
            r0d = Vector128.FusedMultiplyAdd(xs, v0, r0d);
            r1d = Vector128.FusedMultiplyAdd(xs, v1, r1d);
            r2d = Vector128.FusedMultiplyAdd(xs, v2, r2d);
        }
        Put(c, r0a, r0b);
        Put(c + 8, r0c, r0d);
        c += cStride;
        Put(c, r1a, r1b);
        Put(c + 8, r1c, r1d);
        c += cStride;
        Put(c, r2a, r2b);
        Put(c + 8, r2c, r2d);
    }

    static void Put(float* c, Vector256<float> a, Vector256<float> b)
    {
        a.Store(c);
        b.Store(c + 8);
    }

    static void Put(float* c, Vector128<float> a, Vector128<float> b)
    {
        a.Store(c);
        b.Store(c + 4);
    }
}
