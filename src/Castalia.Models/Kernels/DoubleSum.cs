using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Castalia.Kernels;

/// <summary>Sums of float32 values and of their products in float64.</summary>
/// <remarks>
/// Products of two float32 are exact in float64. Eight lanes, element i in lane i mod 8, one addition each, then lanes folded
/// ((0+4)+(2+6))+((1+5)+(3+7)): the same bits at every vector width.
/// </remarks>
static class DoubleSum
{
    const int Lanes = 8;

    /// <summary>The definition of Σ xᵢ: one addition after the other.</summary>
    internal static double Reference(ReadOnlySpan<float> x)
    {
        Span<double> sums = stackalloc double[Lanes];
        sums.Clear();
        for (int i = 0; i < x.Length; i++) sums[i % Lanes] += x[i];
        return Fold(Vector512.Create<double>(sums));
    }

    /// <summary>Σ xᵢ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Of(ReadOnlySpan<float> x)
    {
        ref float p = ref MemoryMarshal.GetReference(x);
        Vector512<double> sums = default;
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes) sums += Widen(ref p, i);
        if (i < x.Length) sums += WidenTail(x[i..]);
        return Fold(sums);
    }

    /// <summary>Σ xᵢ·yᵢ, one fused multiply-add each.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double OfProducts(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ref float p = ref MemoryMarshal.GetReference(x), q = ref MemoryMarshal.GetReference(y[..x.Length]);
        Vector512<double> sums = default;
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes) sums = Vector512.FusedMultiplyAdd(Widen(ref p, i), Widen(ref q, i), sums);
        double sum = Fold(sums);
        for (; i < x.Length; i++) sum = Math.FusedMultiplyAdd(x[i], (double)y[i], sum);
        return sum;
    }

    /// <summary>sums ← sums + x, element by element.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddTo(ReadOnlySpan<float> x, Span<double> sums)
    {
        ref float p = ref MemoryMarshal.GetReference(x);
        ref double s = ref MemoryMarshal.GetReference(sums[..x.Length]);
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes) (Widen(ref p, i) + Vector512.LoadUnsafe(ref s, (nuint)i)).StoreUnsafe(ref s, (nuint)i);
        for (; i < x.Length; i++) sums[i] += x[i];
    }

    /// <summary>Σ (xᵢ − centre)².</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double OfSquaresAbout(ReadOnlySpan<float> x, double centre)
    {
        ref float p = ref MemoryMarshal.GetReference(x);
        var middle = Vector512.Create(centre);
        Vector512<double> sums = default;
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
        {
            var d = Widen(ref p, i) - middle;
            sums += d * d;
        }
        if (i == x.Length) return Fold(sums);
        Span<double> tail = stackalloc double[Lanes];
        tail.Clear();
        for (int j = 0; i + j < x.Length; j++) tail[j] = (x[i + j] - centre) * (x[i + j] - centre);
        return Fold(sums + Vector512.Create<double>(tail));
    }

    /// <summary>The definition of Σ (xᵢ − centre)².</summary>
    internal static double ReferenceOfSquaresAbout(ReadOnlySpan<float> x, double centre)
    {
        Span<double> sums = stackalloc double[Lanes];
        sums.Clear();
        for (int i = 0; i < x.Length; i++) sums[i % Lanes] += (x[i] - centre) * (x[i] - centre);
        return Fold(Vector512.Create<double>(sums));
    }

    /// <summary>Eight doubles, each rounded to the nearest float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector256<float> Narrow(Vector512<double> x) =>
        Avx512F.IsSupported ? Avx512F.ConvertToVector256Single(x) : Vector256.Narrow(x.GetLower(), x.GetUpper());

    /// <summary>Eight floats widened.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Widen(ref float p, int i) => Widen(Vector256.LoadUnsafe(ref p, (nuint)i));

    /// <summary>The same of a register.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Vector512<double> Widen(Vector256<float> x)
    {
        if (Avx512F.IsSupported) return Avx512F.ConvertToVector512Double(x);
        var (low, high) = Vector256.Widen(x);
        return Vector512.Create(low, high);
    }

    /// <summary>The last, fewer than eight, floats widened; the other lanes 0.</summary>
    internal static Vector512<double> WidenTail(ReadOnlySpan<float> rest)
    {
        Span<double> tail = stackalloc double[Lanes];
        tail.Clear();
        for (int j = 0; j < rest.Length; j++) tail[j] = rest[j];
        return Vector512.Create<double>(tail);
    }

    /// <summary>((0+4)+(2+6))+((1+5)+(3+7)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Fold(Vector512<double> sums)
    {
        var halves = sums.GetLower() + sums.GetUpper();
        var quarters = halves.GetLower() + halves.GetUpper();
        return quarters.ToScalar() + quarters[1];
    }
}
