using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Castalia.Anatomy.Weights;

/// <summary>Sums over some values, float64.</summary>
/// <remarks>
/// Sixteen running sums, value i in lane i mod 16, folded in one fixed order: the same bits on every machine. Squares of float32 are exact in float64.
/// The squares about the mean are taken in a second look at the same values, so that no two large numbers are subtracted.
/// </remarks>
/// <param name="Count">Values.</param>
/// <param name="Sum">Σx.</param>
/// <param name="Squares">Σx².</param>
/// <param name="AboutMean">Σ(x − Σx/n)².</param>
/// <param name="Largest">Largest |x|.</param>
readonly record struct ValueSums(long Count, double Sum, double Squares, double AboutMean, double Largest)
{
    /// <summary>The definition.</summary>
    internal static ValueSums Reference(ReadOnlySpan<float> values)
    {
        double sum = 0, squares = 0, about = 0, largest = 0;
        foreach (float x in values) (sum, squares, largest) = (sum + x, squares + (double)x * x, Math.Max(largest, Math.Abs(x)));
        double mean = values.Length == 0 ? 0 : sum / values.Length;
        foreach (float x in values) about += (x - mean) * (x - mean);
        return new(values.Length, sum, squares, about, largest);
    }

    /// <summary>Of values; not finite where one of them is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ValueSums Of(ReadOnlySpan<float> values)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        Vector512<double> s0 = default, s1 = default, q0 = default, q1 = default;
        Vector512<float> most = default;
        int whole = values.Length & ~15;
        for (int i = 0; i < whole; i += 16)
        {
            var x = Vector512.LoadUnsafe(ref first, (nuint)i);
            var (low, high) = Vector512.Widen(x);
            s0 += low;
            s1 += high;
            q0 = Vector512.FusedMultiplyAdd(low, low, q0);
            q1 = Vector512.FusedMultiplyAdd(high, high, q1);
            most = Vector512.Max(most, Vector512.Abs(x));
        }
        double sum = Lanes16.Fold(s0, s1), squares = Lanes16.Fold(q0, q1), largest = 0;
        for (int lane = 0; lane < 16; lane++) largest = Math.Max(largest, most[lane]);
        for (int i = whole; i < values.Length; i++)
        {
            double x = values[i];
            (sum, squares, largest) = (sum + x, squares + x * x, Math.Max(largest, Math.Abs(x)));
        }
        return new(values.Length, sum, squares, values.Length == 0 ? 0 : AboutMeanOf(values, sum / values.Length), largest);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double AboutMeanOf(ReadOnlySpan<float> values, double mean)
    {
        ref float first = ref MemoryMarshal.GetReference(values);
        var centre = Vector512.Create(mean);
        Vector512<double> a0 = default, a1 = default;
        int whole = values.Length & ~15;
        for (int i = 0; i < whole; i += 16)
        {
            var (low, high) = Vector512.Widen(Vector512.LoadUnsafe(ref first, (nuint)i));
            low -= centre;
            high -= centre;
            a0 = Vector512.FusedMultiplyAdd(low, low, a0);
            a1 = Vector512.FusedMultiplyAdd(high, high, a1);
        }
        double sum = Lanes16.Fold(a0, a1);
        for (int i = whole; i < values.Length; i++) sum = Math.FusedMultiplyAdd(values[i] - mean, values[i] - mean, sum);
        return sum;
    }

    /// <summary>Of several runs of values, in their order.</summary>
    public static ValueSums Merged(ReadOnlySpan<ValueSums> runs)
    {
        long count = 0;
        double sum = 0, squares = 0, about = 0, largest = 0;
        foreach (var run in runs)
            (count, sum, squares, about, largest) = (count + run.Count, sum + run.Sum, squares + run.Squares, about + run.AboutMean, Math.Max(largest, run.Largest));
        double mean = count == 0 ? 0 : sum / count;
        foreach (var run in runs)
        {
            if (run.Count == 0) continue;
            double off = run.Sum / run.Count - mean;
            about += run.Count * off * off; // what the runs' own means differ by
        }
        return new(count, sum, squares, about, largest);
    }
}

/// <summary>The fold of sixteen float64 lanes.</summary>
static class Lanes16
{
    /// <summary>Lanes 0–7 and 8–15 added, then halves onto halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Fold(Vector512<double> low, Vector512<double> high)
    {
        var eight = low + high;
        var four = eight.GetLower() + eight.GetUpper();
        var two = four.GetLower() + four.GetUpper();
        return two[0] + two[1];
    }
}
