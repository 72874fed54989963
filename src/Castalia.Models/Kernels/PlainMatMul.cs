using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>Products of float32 matrices that lie as they lie: of every entry one chain of fused multiply-adds over ascending k, so that neither tiles nor vector width change a bit.</summary>
static unsafe class PlainMatMul
{
    /// <summary>Columns of a result come in so many.</summary>
    public const int Lanes = 16;

    /// <summary>Columns that are computed together.</summary>
    public const int Panel = 2 * Lanes;

    /// <summary>Rows that are computed together.</summary>
    public const int Rows = 8;

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
        int column = 0;
        for (; column + 2 * Panel <= columns; column += 2 * Panel) Four(a, aRow, aStep, b + column, bStride, Panel, c + column, cStride, Panel, rows, depth, add);
        for (; column + Panel <= columns; column += Panel) Two(a, aRow, aStep, b + column, bStride, c + column, cStride, rows, depth, add);
        if (column == columns) return;
        int left = rows;
        for (; left >= Rows; left -= Rows, a += Rows * aRow, c += Rows * cStride) PlainTiles.EightByOne(a, aRow, aStep, b + column, bStride, c + column, cStride, depth, add);
        for (; left > 0; left--, a += aRow, c += cStride) OneByOne(a, aStep, b + column, bStride, c + column, depth, add);
    }

    /// <summary>The same for two panels of columns.</summary>
    /// <param name="a">a[i, k] is at i·aRow + k·aStep.</param>
    /// <param name="aRow">From one i to the next.</param>
    /// <param name="aStep">From one k to the next.</param>
    /// <param name="b">[depth × bStride], of the first panel.</param>
    /// <param name="bStride">From one k to the next.</param>
    /// <param name="bNext">From the first panel to the second.</param>
    /// <param name="c">[rows × cStride], of the first panel.</param>
    /// <param name="cStride">From one i to the next.</param>
    /// <param name="cNext">From the first panel to the second.</param>
    /// <param name="rows">Of c.</param>
    /// <param name="depth">How many k, 1 or more.</param>
    /// <param name="add">Adds to what c holds instead of to 0.</param>
    public static void Four(float* a, long aRow, long aStep, float* b, long bStride, long bNext, float* c, long cStride, long cNext, int rows, int depth, bool add)
    {
        for (; rows >= 6 && rows != 8; rows -= 6, a += 6 * aRow, c += 6 * cStride) PlainTiles.SixByFour(a, aRow, aStep, b, bStride, bNext, c, cStride, cNext, depth, add);
        for (; rows >= 4; rows -= 4, a += 4 * aRow, c += 4 * cStride) PlainTiles.FourByFour(a, aRow, aStep, b, bStride, bNext, c, cStride, cNext, depth, add);
        for (; rows >= 2; rows -= 2, a += 2 * aRow, c += 2 * cStride) PlainTiles.TwoByFour(a, aRow, aStep, b, bStride, bNext, c, cStride, cNext, depth, add);
        if (rows == 0) return;
        Two(a, aRow, aStep, b, bStride, c, cStride, rows, depth, add);
        Two(a, aRow, aStep, b + bNext, bStride, c + cNext, cStride, rows, depth, add);
    }

    /// <summary>The same for one panel of columns.</summary>
    public static void Two(float* a, long aRow, long aStep, float* b, long bStride, float* c, long cStride, int rows, int depth, bool add)
    {
        int row = rows / Rows * Rows;
        if (row > 0) EightByTwo(a, aRow, aStep, b, bStride, c, cStride, row, depth, add);
        for (; row + 2 <= rows; row += 2) TwoByTwo(a + row * aRow, aRow, aStep, b, bStride, c + row * cStride, cStride, depth, add);
        if (row == rows) return;
        OneByOne(a + row * aRow, aStep, b, bStride, c + row * cStride, depth, add);
        OneByOne(a + row * aRow, aStep, b + Lanes, bStride, c + row * cStride + Lanes, depth, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void EightByTwo(float* first, long aRow, long aStep, float* panel, long bStride, float* c, long cStride, int rows, int depth, bool add)
    {
        for (; rows > 0; rows -= Rows, first += Rows * aRow, c += Rows * cStride)
        {
            float* a = first, b = panel;
            float* c3 = c + 3 * cStride, c6 = c + 6 * cStride;
            Vector512<float> p0 = default, q0 = default, p1 = default, q1 = default, p2 = default, q2 = default, p3 = default, q3 = default;
            Vector512<float> p4 = default, q4 = default, p5 = default, q5 = default, p6 = default, q6 = default, p7 = default, q7 = default;
            if (add)
            {
                (p0, q0, p1, q1) = (Vector512.Load(c), Vector512.Load(c + Lanes), Vector512.Load(c + cStride), Vector512.Load(c + cStride + Lanes));
                (p2, q2, p3, q3) = (Vector512.Load(c + 2 * cStride), Vector512.Load(c + 2 * cStride + Lanes), Vector512.Load(c3), Vector512.Load(c3 + Lanes));
                (p4, q4, p5, q5) = (Vector512.Load(c3 + cStride), Vector512.Load(c3 + cStride + Lanes), Vector512.Load(c3 + 2 * cStride), Vector512.Load(c3 + 2 * cStride + Lanes));
                (p6, q6, p7, q7) = (Vector512.Load(c6), Vector512.Load(c6 + Lanes), Vector512.Load(c6 + cStride), Vector512.Load(c6 + cStride + Lanes));
            }
            float* a3 = a + 3 * aRow, a6 = a + 6 * aRow;
            for (int k = depth; k > 0; k--, a += aStep, a3 += aStep, a6 += aStep, b += bStride)
            {
                Vector512<float> low = Vector512.Load(b), high = Vector512.Load(b + Lanes);
                var x = Vector512.Create(*a);
                p0 = Vector512.FusedMultiplyAdd(x, low, p0);
                q0 = Vector512.FusedMultiplyAdd(x, high, q0);
                x = Vector512.Create(a[aRow]);
                p1 = Vector512.FusedMultiplyAdd(x, low, p1);
                q1 = Vector512.FusedMultiplyAdd(x, high, q1);
                x = Vector512.Create(a[2 * aRow]);
                p2 = Vector512.FusedMultiplyAdd(x, low, p2);
                q2 = Vector512.FusedMultiplyAdd(x, high, q2);
                x = Vector512.Create(*a3);
                p3 = Vector512.FusedMultiplyAdd(x, low, p3);
                q3 = Vector512.FusedMultiplyAdd(x, high, q3);
                x = Vector512.Create(a3[aRow]);
                p4 = Vector512.FusedMultiplyAdd(x, low, p4);
                q4 = Vector512.FusedMultiplyAdd(x, high, q4);
                x = Vector512.Create(a3[2 * aRow]);
                p5 = Vector512.FusedMultiplyAdd(x, low, p5);
                q5 = Vector512.FusedMultiplyAdd(x, high, q5);
                x = Vector512.Create(*a6);
                p6 = Vector512.FusedMultiplyAdd(x, low, p6);
                q6 = Vector512.FusedMultiplyAdd(x, high, q6);
                x = Vector512.Create(a6[aRow]);
                p7 = Vector512.FusedMultiplyAdd(x, low, p7);
                q7 = Vector512.FusedMultiplyAdd(x, high, q7);
            }
            Store(c, cStride, p0, q0, p1, q1, p2, q2);
            Store(c3, cStride, p3, q3, p4, q4, p5, q5);
            p6.Store(c6);
            q6.Store(c6 + Lanes);
            p7.Store(c6 + cStride);
            q7.Store(c6 + cStride + Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Store(float* c, long cStride, Vector512<float> p0, Vector512<float> q0, Vector512<float> p1, Vector512<float> q1, Vector512<float> p2, Vector512<float> q2)
    {
        p0.Store(c);
        q0.Store(c + Lanes);
        p1.Store(c + cStride);
        q1.Store(c + cStride + Lanes);
        p2.Store(c + 2 * cStride);
        q2.Store(c + 2 * cStride + Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void TwoByTwo(float* a, long aRow, long aStep, float* b, long bStride, float* c, long cStride, int depth, bool add)
    {
        Vector512<float> p0 = default, q0 = default, p1 = default, q1 = default;
        if (add) (p0, q0, p1, q1) = (Vector512.Load(c), Vector512.Load(c + Lanes), Vector512.Load(c + cStride), Vector512.Load(c + cStride + Lanes));
        for (int k = depth; k > 0; k--, a += aStep, b += bStride)
        {
            Vector512<float> low = Vector512.Load(b), high = Vector512.Load(b + Lanes), x = Vector512.Create(*a), y = Vector512.Create(a[aRow]);
            p0 = Vector512.FusedMultiplyAdd(x, low, p0);
            q0 = Vector512.FusedMultiplyAdd(x, high, q0);
            p1 = Vector512.FusedMultiplyAdd(y, low, p1);
            q1 = Vector512.FusedMultiplyAdd(y, high, q1);
        }
        p0.Store(c);
        q0.Store(c + Lanes);
        p1.Store(c + cStride);
        q1.Store(c + cStride + Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void OneByOne(float* a, long aStep, float* b, long bStride, float* c, int depth, bool add)
    {
        var sum = add ? Vector512.Load(c) : default;
        for (int k = 0; k < depth; k++, a += aStep, b += bStride) sum = Vector512.FusedMultiplyAdd(Vector512.Create(*a), Vector512.Load(b), sum);
        sum.Store(c);
    }
}
