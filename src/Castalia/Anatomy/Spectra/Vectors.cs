using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Castalia.Kernels;

namespace Castalia.Anatomy.Spectra;

/// <summary>Sums of float64 vectors: sixteen lanes, one fused multiply-add each, one fixed fold; the same bits on every machine.</summary>
static class Vectors
{
    /// <summary>Σ aᵢ·bᵢ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length != b.Length) throw new ArgumentException($"{a.Length} and {b.Length} values.", nameof(b));
        ref double pa = ref MemoryMarshal.GetReference(a), pb = ref MemoryMarshal.GetReference(b);
        Vector512<double> s0 = default, s1 = default;
        int i = 0;
        for (; i <= a.Length - 16; i += 16)
        {
            s0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref pa, (nuint)i), Vector512.LoadUnsafe(ref pb, (nuint)i), s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref pa, (nuint)(i + 8)), Vector512.LoadUnsafe(ref pb, (nuint)(i + 8)), s1);
        }
        double sum = Weights.Lanes16.Fold(s0, s1);
        for (; i < a.Length; i++) sum = Math.FusedMultiplyAdd(a[i], b[i], sum);
        return sum;
    }

    /// <summary>Σ aᵢ·bᵢ of float32 and float64.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<double> b)
    {
        ref float pa = ref MemoryMarshal.GetReference(a);
        ref double pb = ref MemoryMarshal.GetReference(b);
        Vector512<double> s0 = default, s1 = default;
        int i = 0;
        for (; i <= a.Length - 16; i += 16)
        {
            s0 = Vector512.FusedMultiplyAdd(DoubleSum.Widen(ref pa, i), Vector512.LoadUnsafe(ref pb, (nuint)i), s0);
            s1 = Vector512.FusedMultiplyAdd(DoubleSum.Widen(ref pa, i + 8), Vector512.LoadUnsafe(ref pb, (nuint)(i + 8)), s1);
        }
        double sum = Weights.Lanes16.Fold(s0, s1);
        for (; i < a.Length; i++) sum = Math.FusedMultiplyAdd(a[i], b[i], sum);
        return sum;
    }

    /// <summary>to += factor·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(double factor, ReadOnlySpan<double> x, Span<double> to)
    {
        ref double px = ref MemoryMarshal.GetReference(x), pt = ref MemoryMarshal.GetReference(to);
        var f = Vector512.Create(factor);
        int i = 0;
        for (; i <= x.Length - 8; i += 8)
            Vector512.FusedMultiplyAdd(f, Vector512.LoadUnsafe(ref px, (nuint)i), Vector512.LoadUnsafe(ref pt, (nuint)i)).StoreUnsafe(ref pt, (nuint)i);
        for (; i < x.Length; i++) to[i] = Math.FusedMultiplyAdd(factor, x[i], to[i]);
    }

    /// <summary>to += factor·x, x float32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(double factor, ReadOnlySpan<float> x, Span<double> to)
    {
        ref float px = ref MemoryMarshal.GetReference(x);
        ref double pt = ref MemoryMarshal.GetReference(to);
        var f = Vector512.Create(factor);
        int i = 0;
        for (; i <= x.Length - 8; i += 8)
            Vector512.FusedMultiplyAdd(f, DoubleSum.Widen(ref px, i), Vector512.LoadUnsafe(ref pt, (nuint)i)).StoreUnsafe(ref pt, (nuint)i);
        for (; i < x.Length; i++) to[i] = Math.FusedMultiplyAdd(factor, x[i], to[i]);
    }

    /// <summary>Σ xᵢ² of float32; finite where every value is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SumOfSquares(ReadOnlySpan<float> x)
    {
        ref float p = ref MemoryMarshal.GetReference(x);
        Vector512<double> squares = default;
        int i = 0;
        for (; i <= x.Length - 8; i += 8)
        {
            var wide = DoubleSum.Widen(ref p, i);
            squares = Vector512.FusedMultiplyAdd(wide, wide, squares);
        }
        double sum = DoubleSum.Fold(squares);
        for (; i < x.Length; i++) sum += (double)x[i] * x[i];
        return sum;
    }

    /// <summary>‖x‖; finite where x is and its squares do not overflow.</summary>
    public static double Norm(ReadOnlySpan<double> x) => Math.Sqrt(Dot(x, x));

    /// <summary>x·factor, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(Span<double> x, double factor)
    {
        for (int i = 0; i < x.Length; i++) x[i] *= factor;
    }
}
