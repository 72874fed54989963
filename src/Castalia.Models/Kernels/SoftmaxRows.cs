using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>The softmax of one row of scores and its derivative, sixteen lanes at a time, sums in float64.</summary>
static unsafe class SoftmaxRows
{
    const int Lanes = 16;

    /// <summary>x ← softmax(scale·x) over the columns from first to last, 0 elsewhere.</summary>
    /// <param name="x">[columns].</param>
    /// <param name="columns">A multiple of 16.</param>
    /// <param name="first">The first that counts.</param>
    /// <param name="last">The last.</param>
    /// <param name="scale">Factor on the scores.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(float* x, int columns, int first, int last, float scale)
    {
        for (int i = 0; i < first; i++) x[i] = float.NegativeInfinity;
        for (int i = last + 1; i < columns; i++) x[i] = float.NegativeInfinity;
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
        for (int i = 0; i < columns; i += Lanes) Exponential.Of(Vector512.Load(x + i) - shift).Store(x + i);
        var share = Vector512.Create((float)(1 / DoubleSum.Of(new ReadOnlySpan<float>(x, columns))));
        for (int i = 0; i < columns; i += Lanes) (Vector512.Load(x + i) * share).Store(x + i);
    }

    /// <summary>d ← scale·p ⊙ (d − ⟨p, d⟩): from the derivative by the pattern to that by the scores.</summary>
    /// <param name="p">[columns], the pattern.</param>
    /// <param name="d">[columns].</param>
    /// <param name="columns">A multiple of 16.</param>
    /// <param name="scale">Factor on the scores.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Backward(float* p, float* d, int columns, float scale)
    {
        double mean = DoubleSum.OfProducts(new ReadOnlySpan<float>(p, columns), new ReadOnlySpan<float>(d, columns));
        Vector512<float> middle = Vector512.Create((float)mean), times = Vector512.Create(scale);
        for (int i = 0; i < columns; i += Lanes) (times * Vector512.Load(p + i) * (Vector512.Load(d + i) - middle)).Store(d + i);
    }
}
