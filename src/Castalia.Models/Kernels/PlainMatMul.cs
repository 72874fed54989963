using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>Products of small float32 matrices that lie as they lie: of every entry one chain of fused multiply-adds over ascending k, so that neither tiles nor vector width change a bit.</summary>
static unsafe class PlainMatMul
{
    /// <summary>Columns of a result come in so many.</summary>
    public const int Lanes = 16;

    const int Rows = 6;

    /// <summary>c[i, j] = Σ_k a[i, k]·b[k, j], or that added to it.</summary>
    /// <param name="a">a[i, k] is at i·aRow + k·aStep: a matrix or its transpose.</param>
    /// <param name="aRow">From one i to the next.</param>
    /// <param name="aStep">From one k to the next.</param>
    /// <param name="b">[depth × bStride].</param>
    /// <param name="bStride">From one k to the next.</param>
    /// <param name="c">[rows × cStride].</param>
    /// <param name="cStride">From one i to the next.</param>
    /// <param name="rows">Of c.</param>
    /// <param name="depth">How many k.</param>
    /// <param name="columns">Of c; a multiple of <see cref="Lanes"/>.</param>
    /// <param name="add">Adds to what c holds instead of to 0.</param>
    public static void Run(float* a, long aRow, long aStep, float* b, long bStride, float* c, long cStride, int rows, int depth, int columns, bool add)
    {
        int row = 0;
        for (; row + Rows <= rows; row += Rows)
        {
            int column = 0;
            for (; column + 2 * Lanes <= columns; column += 2 * Lanes) SixByTwo(a + row * aRow, aRow, aStep, b + column, bStride, c + row * cStride + column, cStride, depth, add);
            if (column < columns)
                for (int i = row; i < row + Rows; i++) OneByOne(a + i * aRow, aStep, b + column, bStride, c + i * cStride + column, depth, add);
        }
        for (; row < rows; row++)
            for (int column = 0; column < columns; column += Lanes) OneByOne(a + row * aRow, aStep, b + column, bStride, c + row * cStride + column, depth, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void SixByTwo(float* a, long aRow, long aStep, float* b, long bStride, float* c, long cStride, int depth, bool add)
    {
        float* c1 = c + cStride, c2 = c1 + cStride, c3 = c2 + cStride, c4 = c3 + cStride, c5 = c4 + cStride;
        Vector512<float> p0 = default, q0 = default, p1 = default, q1 = default, p2 = default, q2 = default, p3 = default, q3 = default, p4 = default, q4 = default, p5 = default, q5 = default;
        if (add)
        {
            (p0, q0, p1, q1) = (Vector512.Load(c), Vector512.Load(c + Lanes), Vector512.Load(c1), Vector512.Load(c1 + Lanes));
            (p2, q2, p3, q3) = (Vector512.Load(c2), Vector512.Load(c2 + Lanes), Vector512.Load(c3), Vector512.Load(c3 + Lanes));
            (p4, q4, p5, q5) = (Vector512.Load(c4), Vector512.Load(c4 + Lanes), Vector512.Load(c5), Vector512.Load(c5 + Lanes));
        }
        float* a1 = a + aRow, a2 = a1 + aRow, a3 = a2 + aRow, a4 = a3 + aRow, a5 = a4 + aRow;
        for (long k = 0, at = 0; k < depth; k++, at += aStep, b += bStride)
        {
            Vector512<float> low = Vector512.Load(b), high = Vector512.Load(b + Lanes);
            var x = Vector512.Create(a[at]);
            p0 = Vector512.FusedMultiplyAdd(x, low, p0);
            q0 = Vector512.FusedMultiplyAdd(x, high, q0);
            x = Vector512.Create(a1[at]);
            p1 = Vector512.FusedMultiplyAdd(x, low, p1);
            q1 = Vector512.FusedMultiplyAdd(x, high, q1);
            x = Vector512.Create(a2[at]);
            p2 = Vector512.FusedMultiplyAdd(x, low, p2);
            q2 = Vector512.FusedMultiplyAdd(x, high, q2);
            x = Vector512.Create(a3[at]);
            p3 = Vector512.FusedMultiplyAdd(x, low, p3);
            q3 = Vector512.FusedMultiplyAdd(x, high, q3);
            x = Vector512.Create(a4[at]);
            p4 = Vector512.FusedMultiplyAdd(x, low, p4);
            q4 = Vector512.FusedMultiplyAdd(x, high, q4);
            x = Vector512.Create(a5[at]);
            p5 = Vector512.FusedMultiplyAdd(x, low, p5);
            q5 = Vector512.FusedMultiplyAdd(x, high, q5);
        }
        p0.Store(c);
        q0.Store(c + Lanes);
        p1.Store(c1);
        q1.Store(c1 + Lanes);
        p2.Store(c2);
        q2.Store(c2 + Lanes);
        p3.Store(c3);
        q3.Store(c3 + Lanes);
        p4.Store(c4);
        q4.Store(c4 + Lanes);
        p5.Store(c5);
        q5.Store(c5 + Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void OneByOne(float* a, long aStep, float* b, long bStride, float* c, int depth, bool add)
    {
        var sum = add ? Vector512.Load(c) : default;
        for (int k = 0; k < depth; k++, a += aStep, b += bStride) sum = Vector512.FusedMultiplyAdd(Vector512.Create(*a), Vector512.Load(b), sum);
        sum.Store(c);
    }
}
