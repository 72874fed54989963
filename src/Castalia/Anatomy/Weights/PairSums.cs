using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Castalia.Anatomy.Weights;

/// <summary>Sums over two equally long runs of values, float64; lanes and fold as in <see cref="ValueSums"/>.</summary>
/// <param name="Dot">Σxy.</param>
/// <param name="Squares">Σx².</param>
/// <param name="OtherSquares">Σy².</param>
/// <param name="Distance">Σ(x − y)².</param>
readonly record struct PairSums(double Dot, double Squares, double OtherSquares, double Distance)
{
    /// <summary>The definition.</summary>
    internal static PairSums Reference(ReadOnlySpan<float> xs, ReadOnlySpan<float> ys)
    {
        PairSums sums = default;
        for (int i = 0; i < xs.Length; i++) sums += One(xs[i], ys[i]);
        return sums;
    }

    static PairSums One(double x, double y) => new(x * y, x * x, y * y, (x - y) * (x - y));

    /// <summary>Of values; not finite where one of them is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static PairSums Of(ReadOnlySpan<float> xs, ReadOnlySpan<float> ys)
    {
        if (xs.Length != ys.Length) throw new ArgumentException($"{xs.Length} values and {ys.Length}.", nameof(ys));
        ref float first = ref MemoryMarshal.GetReference(xs), other = ref MemoryMarshal.GetReference(ys);
        Vector512<double> d0 = default, d1 = default, q0 = default, q1 = default, r0 = default, r1 = default, g0 = default, g1 = default;
        int whole = xs.Length & ~15;
        for (int i = 0; i < whole; i += 16)
        {
            var (x0, x1) = Vector512.Widen(Vector512.LoadUnsafe(ref first, (nuint)i));
            var (y0, y1) = Vector512.Widen(Vector512.LoadUnsafe(ref other, (nuint)i));
            d0 = Vector512.FusedMultiplyAdd(x0, y0, d0);
            d1 = Vector512.FusedMultiplyAdd(x1, y1, d1);
            q0 = Vector512.FusedMultiplyAdd(x0, x0, q0);
            q1 = Vector512.FusedMultiplyAdd(x1, x1, q1);
            r0 = Vector512.FusedMultiplyAdd(y0, y0, r0);
            r1 = Vector512.FusedMultiplyAdd(y1, y1, r1);
            x0 -= y0;
            x1 -= y1;
            g0 = Vector512.FusedMultiplyAdd(x0, x0, g0);
            g1 = Vector512.FusedMultiplyAdd(x1, x1, g1);
        }
        var sums = new PairSums(Lanes16.Fold(d0, d1), Lanes16.Fold(q0, q1), Lanes16.Fold(r0, r1), Lanes16.Fold(g0, g1));
        for (int i = whole; i < xs.Length; i++) sums += One(xs[i], ys[i]);
        return sums;
    }

    /// <summary>Sum by sum.</summary>
    public static PairSums operator +(PairSums a, PairSums b) =>
        new(a.Dot + b.Dot, a.Squares + b.Squares, a.OtherSquares + b.OtherSquares, a.Distance + b.Distance);
}
