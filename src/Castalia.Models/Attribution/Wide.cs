using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Castalia.Kernels;

namespace Castalia.Attribution;

/// <summary>Float64 vectors of float32 values, and their products: eight running sums of fused multiply-adds, value i in sum i mod 8, folded in one order, then what is left.</summary>
static class Wide
{
    const int Lanes = 8;

    /// <summary>Widens exactly.</summary>
    public static void Copy(ReadOnlySpan<float> from, Span<double> to)
    {
        for (int i = 0; i < from.Length; i++) to[i] = from[i];
    }

    /// <summary>Σ a·b.</summary>
    public static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        ref double pa = ref MemoryMarshal.GetReference(a), pb = ref MemoryMarshal.GetReference(b[..a.Length]);
        Vector512<double> sums = default;
        int i = 0;
        for (; i <= a.Length - Lanes; i += Lanes) sums = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref pa, (nuint)i), Vector512.LoadUnsafe(ref pb, (nuint)i), sums);
        double sum = DoubleSum.Fold(sums);
        for (; i < a.Length; i++) sum = Math.FusedMultiplyAdd(a[i], b[i], sum);
        return sum;
    }

    /// <summary>Σ a·b.</summary>
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<double> b)
    {
        ref float pa = ref MemoryMarshal.GetReference(a);
        ref double pb = ref MemoryMarshal.GetReference(b[..a.Length]);
        Vector512<double> sums = default;
        int i = 0;
        for (; i <= a.Length - Lanes; i += Lanes) sums = Vector512.FusedMultiplyAdd(DoubleSum.Widen(ref pa, i), Vector512.LoadUnsafe(ref pb, (nuint)i), sums);
        double sum = DoubleSum.Fold(sums);
        for (; i < a.Length; i++) sum = Math.FusedMultiplyAdd(a[i], b[i], sum);
        return sum;
    }

    /// <summary>Σ a·b.</summary>
    public static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        ref float pa = ref MemoryMarshal.GetReference(a), pb = ref MemoryMarshal.GetReference(b[..a.Length]);
        Vector512<double> sums = default;
        int i = 0;
        for (; i <= a.Length - Lanes; i += Lanes) sums = Vector512.FusedMultiplyAdd(DoubleSum.Widen(ref pa, i), DoubleSum.Widen(ref pb, i), sums);
        double sum = DoubleSum.Fold(sums);
        for (; i < a.Length; i++) sum = Math.FusedMultiplyAdd(a[i], b[i], sum);
        return sum;
    }
}
