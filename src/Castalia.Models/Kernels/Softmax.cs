using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>The exponentials of a softmax.</summary>
static unsafe class Softmax
{
    const int Lanes = 16;

    /// <summary>The definition: one value after the other.</summary>
    internal static double Reference(Span<float> x)
    {
        float max = x[0];
        foreach (float value in x)
            if (value > max) max = value;
        for (int i = 0; i < x.Length; i++) x[i] = Exponential.Scalar(x[i] - max);
        return DoubleSum.Reference(x);
    }

    /// <summary>x ← exp(x − max x), float32; returns their sum, float64 in the order of <see cref="DoubleSum"/>.</summary>
    /// <param name="x">Values, and room for 15 more, which are overwritten.</param>
    /// <param name="count">At least 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Exponentials(float* x, int count)
    {
        int whole = count / Lanes * Lanes;
        var top = Vector512.Create(Largest(x, count));
        Vector512<double> sums = default;
        int i = 0;
        for (; i < whole; i += Lanes)
        {
            var e = Exponential.Of(Vector512.Load(x + i) - top);
            e.Store(x + i);
            // The order of DoubleSum: the lower eight come before the upper.
            var (low, high) = Vector512.Widen(e);
            sums += low;
            sums += high;
        }
        if (i == count) return DoubleSum.Fold(sums);
        var last = Exponential.Of(Vector512.Load(x + i) - top);
        last.Store(x + i);
        // A sum of exponentials is no −0, so that adding 0 for a value that is not there changes nothing.
        var (lowest, highest) = Vector512.Widen(Vector512.ConditionalSelect(Present(count - i), last, Vector512<float>.Zero));
        return DoubleSum.Fold(sums + lowest + highest);
    }

    /// <summary>The largest value; exact, so its order of comparison does not matter. Where there is a NaN, any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static float Largest(float* x, int count)
    {
        Vector512<float> a = Vector512.Create(float.NegativeInfinity), b = a;
        int i = 0;
        for (; i <= count - 2 * Lanes; i += 2 * Lanes)
        {
            a = Larger(Vector512.Load(x + i), a);
            b = Larger(Vector512.Load(x + i + Lanes), b);
        }
        if (i <= count - Lanes)
        {
            a = Larger(Vector512.Load(x + i), a);
            i += Lanes;
        }
        if (i < count) b = Vector512.ConditionalSelect(Present(count - i), Larger(Vector512.Load(x + i), b), b);
        a = Larger(a, b);
        var c = Vector256.ConditionalSelect(Vector256.GreaterThan(a.GetLower(), a.GetUpper()), a.GetLower(), a.GetUpper());
        var d = Vector128.ConditionalSelect(Vector128.GreaterThan(c.GetLower(), c.GetUpper()), c.GetLower(), c.GetUpper());
        float low = d[0] > d[1] ? d[0] : d[1], high = d[2] > d[3] ? d[2] : d[3];
        return low > high ? low : high;
    }

    static Vector512<float> Larger(Vector512<float> x, Vector512<float> max) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(x, max), x, max);

    /// <summary>The first <paramref name="count"/> lanes.</summary>
    static Vector512<float> Present(int count) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(count)).AsSingle();
}
