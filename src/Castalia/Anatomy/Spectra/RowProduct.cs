using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Castalia.Kernels;

namespace Castalia.Anatomy.Spectra;

/// <summary>Σ over j of (Σ over k of aᵢₖ·wₖⱼ)² for some rows i: the product is not kept.</summary>
static class RowProduct
{
    const int Rows = 4, Columns = 32;

    /// <summary>Takes thirty-two columns at a time, laid side by side once for all rows.</summary>
    /// <param name="a">[count × inner], float64.</param>
    /// <param name="count">Rows.</param>
    /// <param name="w">[inner × columns].</param>
    /// <param name="squares">One sum for each row; overwritten.</param>
    public static void Squares(ReadOnlySpan<double> a, int count, HeldMatrix w, Span<double> squares)
    {
        squares.Clear();
        int inner = w.Rows;
        float[] packed = new float[inner * Columns];
        double[] last = new double[Rows * inner]; // rows that are missing at the end are zeros, and so are columns
        Span<double> product = stackalloc double[Rows * Columns];
        for (int column = 0; column < w.Columns; column += Columns)
        {
            int wide = Math.Min(Columns, w.Columns - column);
            if (wide < Columns) Array.Clear(packed);
            for (int k = 0; k < inner; k++) w.Row(k).Slice(column, wide).CopyTo(packed.AsSpan(k * Columns));
            for (int row = 0; row < count; row += Rows)
            {
                int high = Math.Min(Rows, count - row);
                var some = a.Slice(row * inner, high * inner);
                if (high < Rows)
                {
                    some.CopyTo(last);
                    some = last;
                }
                Tile(some, inner, packed, product);
                for (int i = 0; i < high; i++) squares[row + i] += Vectors.Dot(product.Slice(i * Columns, Columns), product.Slice(i * Columns, Columns));
            }
        }
    }

    /// <summary>Four rows by thirty-two columns in sixteen registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Tile(ReadOnlySpan<double> a, int inner, ReadOnlySpan<float> w, Span<double> product)
    {
        Vector512<double> c00 = default, c01 = default, c02 = default, c03 = default, c10 = default, c11 = default, c12 = default, c13 = default;
        Vector512<double> c20 = default, c21 = default, c22 = default, c23 = default, c30 = default, c31 = default, c32 = default, c33 = default;
        ref float p = ref MemoryMarshal.GetReference(w);
        for (int k = 0; k < inner; k++)
        {
            int at = k * Columns;
            Vector512<double> w0 = DoubleSum.Widen(ref p, at), w1 = DoubleSum.Widen(ref p, at + 8), w2 = DoubleSum.Widen(ref p, at + 16), w3 = DoubleSum.Widen(ref p, at + 24);
            var x = Vector512.Create(a[k]);
            c00 = Vector512.FusedMultiplyAdd(x, w0, c00); c01 = Vector512.FusedMultiplyAdd(x, w1, c01);
            c02 = Vector512.FusedMultiplyAdd(x, w2, c02); c03 = Vector512.FusedMultiplyAdd(x, w3, c03);
            x = Vector512.Create(a[inner + k]);
            c10 = Vector512.FusedMultiplyAdd(x, w0, c10); c11 = Vector512.FusedMultiplyAdd(x, w1, c11);
            c12 = Vector512.FusedMultiplyAdd(x, w2, c12); c13 = Vector512.FusedMultiplyAdd(x, w3, c13);
            x = Vector512.Create(a[2 * inner + k]);
            c20 = Vector512.FusedMultiplyAdd(x, w0, c20); c21 = Vector512.FusedMultiplyAdd(x, w1, c21);
            c22 = Vector512.FusedMultiplyAdd(x, w2, c22); c23 = Vector512.FusedMultiplyAdd(x, w3, c23);
            x = Vector512.Create(a[3 * inner + k]);
            c30 = Vector512.FusedMultiplyAdd(x, w0, c30); c31 = Vector512.FusedMultiplyAdd(x, w1, c31);
            c32 = Vector512.FusedMultiplyAdd(x, w2, c32); c33 = Vector512.FusedMultiplyAdd(x, w3, c33);
        }
        c00.CopyTo(product); c01.CopyTo(product[8..]); c02.CopyTo(product[16..]); c03.CopyTo(product[24..]);
        c10.CopyTo(product[32..]); c11.CopyTo(product[40..]); c12.CopyTo(product[48..]); c13.CopyTo(product[56..]);
        c20.CopyTo(product[64..]); c21.CopyTo(product[72..]); c22.CopyTo(product[80..]); c23.CopyTo(product[88..]);
        c30.CopyTo(product[96..]); c31.CopyTo(product[104..]); c32.CopyTo(product[112..]); c33.CopyTo(product[120..]);
    }
}
