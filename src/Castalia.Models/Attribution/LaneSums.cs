using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Castalia.Kernels;

namespace Castalia.Attribution;

/// <summary>Sums of float64 vectors in eight lanes, element i in lane i mod 8, one fused multiply-add each, one fixed fold: the same bits on every machine.</summary>
static class LaneSums
{
    const int Lanes = 8;

    /// <summary>Σ aᵢ·bᵢ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        if (a.Length != b.Length) throw new ArgumentException($"{a.Length} and {b.Length} values.", nameof(b));
        ref double pa = ref MemoryMarshal.GetReference(a), pb = ref MemoryMarshal.GetReference(b);
        Vector512<double> sums = default;
        int i = 0;
        for (; i <= a.Length - Lanes; i += Lanes)
            sums = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref pa, (nuint)i), Vector512.LoadUnsafe(ref pb, (nuint)i), sums);
        double sum = DoubleSum.Fold(sums);
        for (; i < a.Length; i++) sum = Math.FusedMultiplyAdd(a[i], b[i], sum);
        return sum;
    }

    /// <summary>to += factor·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(double factor, ReadOnlySpan<double> x, Span<double> to)
    {
        if (x.Length != to.Length) throw new ArgumentException($"{x.Length} and {to.Length} values.", nameof(to));
        ref double px = ref MemoryMarshal.GetReference(x), pt = ref MemoryMarshal.GetReference(to);
        var f = Vector512.Create(factor);
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
            Vector512.FusedMultiplyAdd(f, Vector512.LoadUnsafe(ref px, (nuint)i), Vector512.LoadUnsafe(ref pt, (nuint)i)).StoreUnsafe(ref pt, (nuint)i);
        for (; i < x.Length; i++) to[i] = Math.FusedMultiplyAdd(factor, x[i], to[i]);
    }
}
