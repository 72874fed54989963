using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>The exponentials of a softmax.</summary>
static class Softmax
{
    const int Lanes = 16;

    /// <summary>x ← exp(x − max x), float32; returns their sum, float64 in the order of <see cref="DoubleSum"/>.</summary>
    /// <param name="x">At least one value.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Exponentials(Span<float> x)
    {
        float max = Largest(x);
        var top = Vector512.Create(max);
        ref float p = ref MemoryMarshal.GetReference(x);
        int i = 0;
        for (; i <= x.Length - Lanes; i += Lanes)
            Exponential.Of(Vector512.LoadUnsafe(ref p, (nuint)i) - top).StoreUnsafe(ref p, (nuint)i);
        if (i < x.Length)
        {
            Span<float> tail = stackalloc float[Lanes];
            x[i..].CopyTo(tail);
            Exponential.Of(Vector512.Create<float>(tail) - top).CopyTo(tail);
            tail[..(x.Length - i)].CopyTo(x[i..]);
        }
        return DoubleSum.Of(x);
    }

    /// <summary>The largest value; exact, so its order of comparison does not matter.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Largest(ReadOnlySpan<float> x)
    {
        float max = x[0];
        foreach (float value in x)
            if (value > max) max = value;
        return max;
    }
}
