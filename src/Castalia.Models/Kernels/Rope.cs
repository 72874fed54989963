using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>Rotary position embedding of one head at one position: pairs of dimensions turned by position·frequency.</summary>
/// <remarks>(a, b) becomes (a·cos − b·sin, b·cos + a·sin). The products are exact in float64; their sum is rounded there, and once more to float32.</remarks>
static class Rope
{
    const int Lanes = 8, Half = 4;

    /// <summary>The definition, for one pair.</summary>
    internal static (float A, float B) Turn(float a, float b, float cos, float sin) =>
        ((float)((double)a * cos - (double)b * sin), (float)((double)b * cos + (double)a * sin));

    /// <summary>Turns (x[i], x[i + R/2]) for i &lt; R/2, R = 2·cos.Length; the rest of x is left alone.</summary>
    /// <param name="x">[head_dim], changed in place.</param>
    /// <param name="cos">Cosines of the angles, [R/2].</param>
    /// <param name="sin">Sines of the angles, [R/2].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void HalfSplit(Span<float> x, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin)
    {
        int half = cos.Length, i = 0;
        ref float p = ref MemoryMarshal.GetReference(x[..(2 * half)]), q = ref Unsafe.Add(ref p, half);
        ref float c = ref MemoryMarshal.GetReference(cos), s = ref MemoryMarshal.GetReference(sin[..half]);
        for (; i <= half - Lanes; i += Lanes)
        {
            Vector512<double> a = DoubleSum.Widen(ref p, i), b = DoubleSum.Widen(ref q, i);
            Vector512<double> cosine = DoubleSum.Widen(ref c, i), sine = DoubleSum.Widen(ref s, i);
            DoubleSum.Narrow(a * cosine - b * sine).StoreUnsafe(ref p, (nuint)i);
            DoubleSum.Narrow(b * cosine + a * sine).StoreUnsafe(ref q, (nuint)i);
        }
        for (; i <= half - Half; i += Half)
        {
            Vector256<double> a = Widen(ref p, i), b = Widen(ref q, i), cosine = Widen(ref c, i), sine = Widen(ref s, i);
            Narrow(a * cosine - b * sine).StoreUnsafe(ref p, (nuint)i);
            Narrow(b * cosine + a * sine).StoreUnsafe(ref q, (nuint)i);
        }
        for (; i < half; i++) (x[i], x[half + i]) = Turn(x[i], x[half + i], cos[i], sin[i]);
    }

    static Vector256<double> Widen(ref float p, int i)
    {
        var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref p, (nuint)i));
        return Vector256.Create(low, high);
    }

    static Vector128<float> Narrow(Vector256<double> x) => Vector128.Narrow(x.GetLower(), x.GetUpper());

    /// <summary>Turns (x[2i], x[2i + 1]) for i &lt; R/2.</summary>
    /// <param name="x">[head_dim], changed in place.</param>
    /// <param name="cos">Cosines of the angles, [R/2].</param>
    /// <param name="sin">Sines of the angles, [R/2].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Interleaved(Span<float> x, ReadOnlySpan<float> cos, ReadOnlySpan<float> sin)
    {
        const int pairs = Lanes / 2;
        int half = cos.Length, i = 0;
        ref float p = ref MemoryMarshal.GetReference(x[..(2 * half)]);
        ref float c = ref MemoryMarshal.GetReference(cos), s = ref MemoryMarshal.GetReference(sin[..half]);
        // A product of −sin is the product of sin with its sign turned, exactly: one sum serves both of a pair.
        var signs = Vector512.Create(-0.0, 0, -0.0, 0, -0.0, 0, -0.0, 0);
        for (; i <= half - pairs; i += pairs)
        {
            var both = Vector256.LoadUnsafe(ref p, (nuint)(2 * i));
            var swapped = Vector256.Shuffle(both, Vector256.Create(1, 0, 3, 2, 5, 4, 7, 6));
            Vector512<double> cosine = Widen(Twice(ref c, i)), sine = Widen(Twice(ref s, i)) ^ signs;
            DoubleSum.Narrow(Widen(both) * cosine + Widen(swapped) * sine).StoreUnsafe(ref p, (nuint)(2 * i));
        }
        for (; i < half; i++) (x[2 * i], x[2 * i + 1]) = Turn(x[2 * i], x[2 * i + 1], cos[i], sin[i]);
    }

    /// <summary>Four values, each twice.</summary>
    static Vector256<float> Twice(ref float p, int i)
    {
        var four = Vector128.LoadUnsafe(ref p, (nuint)i);
        return Vector256.Create(Vector128.Shuffle(four, Vector128.Create(0, 0, 1, 1)), Vector128.Shuffle(four, Vector128.Create(2, 2, 3, 3)));
    }

    static Vector512<double> Widen(Vector256<float> x)
    {
        var (low, high) = Vector256.Widen(x);
        return Vector512.Create(low, high);
    }
}
