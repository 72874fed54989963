using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>The softmax of one row of scores and its derivative, sixteen lanes at a time, sums in float64.</summary>
static unsafe class SoftmaxRows
{
    const int Lanes = 16;

    /// <summary>x ← softmax(scale·x) over the columns from first to last, 0 elsewhere; gives the largest and 1 over the sum.</summary>
    /// <param name="x">[columns].</param>
    /// <param name="columns">A multiple of 16.</param>
    /// <param name="first">The first that counts.</param>
    /// <param name="last">The last.</param>
    /// <param name="scale">Factor on the scores.</param>
    public static (float Largest, float Share) Forward(float* x, int columns, int first, int last, float scale)
    {
        var (largest, sum) = Powers(x, columns, first, last, scale);
        float share = (float)(1 / sum);
        Scale(x, columns, share);
        return (largest, share);
    }

    /// <summary>x ← e^(scale·x − largest) over the columns from first to last, 0 elsewhere; gives the largest, and the sum.</summary>
    /// <param name="x">[columns].</param>
    /// <param name="columns">A multiple of 16.</param>
    /// <param name="first">The first that counts.</param>
    /// <param name="last">The last.</param>
    /// <param name="scale">Factor on the scores.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Largest, double Sum) Powers(float* x, int columns, int first, int last, float scale)
    {
        Mask(x, columns, first, last);
        var times = Vector512.Create(scale);
        var most = Vector512.Create(float.NegativeInfinity);
        for (int i = 0; i < columns; i += Lanes)
        {
            var scaled = Vector512.Load(x + i) * times;
            scaled.Store(x + i);
            most = Vector512.ConditionalSelect(Vector512.GreaterThan(scaled, most), scaled, most);
        }
        float largest = float.NegativeInfinity;
        for (int i = 0; i < Lanes; i++) largest = most[i] > largest ? most[i] : largest;
        var shift = Vector512.Create(largest);
        Vector512<double> low = default, high = default;
        for (int i = 0; i < columns; i += Lanes)
        {
            var power = Exponential.Of(Vector512.Load(x + i) - shift);
            power.Store(x + i);
            low += DoubleSum.Widen(power.GetLower());
            high += DoubleSum.Widen(power.GetUpper());
        }
        return (largest, DoubleSum.Fold(low + high));
    }

    /// <summary>x ← factor·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(float* x, int columns, float factor)
    {
        var times = Vector512.Create(factor);
        for (int i = 0; i < columns; i += Lanes) (Vector512.Load(x + i) * times).Store(x + i);
    }

    /// <summary>The same again, to the bit, from what it gave.</summary>
    /// <param name="x">[columns].</param>
    /// <param name="columns">A multiple of 16.</param>
    /// <param name="first">The first that counts.</param>
    /// <param name="last">The last.</param>
    /// <param name="scale">Factor on the scores.</param>
    /// <param name="largest">Of the scaled scores.</param>
    /// <param name="share">1 over the sum.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Again(float* x, int columns, int first, int last, float scale, float largest, float share)
    {
        Mask(x, columns, first, last);
        Vector512<float> times = Vector512.Create(scale), shift = Vector512.Create(largest), shares = Vector512.Create(share);
        for (int i = 0; i < columns; i += Lanes) (Exponential.Of(Vector512.Load(x + i) * times - shift) * shares).Store(x + i);
    }

    /// <summary>d ← scale·p ⊙ (d − ⟨p, d⟩): from the derivative by the pattern to that by the scores.</summary>
    /// <param name="p">[columns], the pattern.</param>
    /// <param name="d">[columns].</param>
    /// <param name="columns">A multiple of 16.</param>
    /// <param name="scale">Factor on the scores.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* p, float* d, int columns, float scale)
    {
        Vector512<double> low = default, high = default;
        for (int i = 0; i < columns; i += Lanes)
        {
            Vector512<float> pattern = Vector512.Load(p + i), by = Vector512.Load(d + i);
            low = Vector512.FusedMultiplyAdd(DoubleSum.Widen(pattern.GetLower()), DoubleSum.Widen(by.GetLower()), low);
            high = Vector512.FusedMultiplyAdd(DoubleSum.Widen(pattern.GetUpper()), DoubleSum.Widen(by.GetUpper()), high);
        }
        Vector512<float> middle = Vector512.Create((float)DoubleSum.Fold(low + high)), times = Vector512.Create(scale);
        for (int i = 0; i < columns; i += Lanes) (times * Vector512.Load(p + i) * (Vector512.Load(d + i) - middle)).Store(d + i);
    }

    static void Mask(float* x, int columns, int first, int last)
    {
        new Span<float>(x, first).Fill(float.NegativeInfinity);
        new Span<float>(x + last + 1, columns - last - 1).Fill(float.NegativeInfinity);
    }
}
