using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>Entropy and top entry of the softmax of a row of logits, in float64.</summary>
/// <remarks>
/// With e = exp(l − max), S = Σ e and M = Σ e·(l − max): H = ln S − M/S, p_top = 1/S. Eight lanes and their fold
/// as in <see cref="DoubleSum"/>.
/// </remarks>
static class LogSumExp
{
    const int Lanes = 8;

    /// <summary>What softmax of the logits says.</summary>
    /// <param name="logits">At least one, finite.</param>
    /// <returns>Entropy in nats; index of the largest logit, the first on a tie; its probability; its lead over the next in nats, NaN for one logit;
    /// ln Σ exp(l − max), which with max − l makes −ln p of any logit l.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Entropy, int Top, double TopProbability, double Margin, double LogSum) Of(ReadOnlySpan<float> logits)
    {
        var (top, second) = Largest(logits);
        var max = Vector512.Create((double)logits[top]);
        ref float p = ref MemoryMarshal.GetReference(logits);
        Vector512<double> sums = default, moments = default;
        int j = 0;
        for (; j <= logits.Length - Lanes; j += Lanes) Add(DoubleSum.Widen(ref p, j) - max, ref sums, ref moments);
        if (j < logits.Length)
        {
            Span<double> rest = stackalloc double[Lanes];
            rest.Fill(double.NegativeInfinity);
            for (int i = j; i < logits.Length; i++) rest[i - j] = logits[i];
            Add(Vector512.Create<double>(rest) - max, ref sums, ref moments);
        }
        double sum = DoubleSum.Fold(sums), margin = logits.Length == 1 ? double.NaN : logits[top] - second, logSum = Elementary.Log(sum);
        return (logSum - DoubleSum.Fold(moments) / sum, top, 1 / sum, margin, logSum);
    }

    /// <summary>Index of the largest value, the first on a tie, and the next largest; −∞ where there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static (int Top, double Second) Largest(ReadOnlySpan<float> x)
    {
        const int lanes = 2 * Lanes;
        ref float p = ref MemoryMarshal.GetReference(x);
        var most = Vector512.Create(float.NegativeInfinity);
        var next = most;
        int i = 0;
        for (; i <= x.Length - lanes; i += lanes)
        {
            var v = Vector512.LoadUnsafe(ref p, (nuint)i);
            var above = Vector512.GreaterThan(v, most);
            var passedBy = Vector512.ConditionalSelect(above, most, v);
            most = Vector512.ConditionalSelect(above, v, most);
            next = Vector512.ConditionalSelect(Vector512.GreaterThan(passedBy, next), passedBy, next);
        }
        float first = float.NegativeInfinity, second = first;
        for (int lane = 0; lane < lanes; lane++)
        {
            Take(most[lane], ref first, ref second);
            Take(next[lane], ref first, ref second);
        }
        for (; i < x.Length; i++) Take(x[i], ref first, ref second);

        var wanted = Vector512.Create(first);
        int top = 0;
        while (top <= x.Length - lanes && !Vector512.EqualsAny(Vector512.LoadUnsafe(ref p, (nuint)top), wanted)) top += lanes;
        while (x[top] != first) top++;
        return (top, second);

        static void Take(float value, ref float first, ref float second)
        {
            if (value > first) (first, second) = (value, first);
            else if (value > second) second = value;
        }
    }

    /// <summary>Adds e and e·d of eight logits; below −700, where e is under 1e-304, both are taken as 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Add(Vector512<double> d, ref Vector512<double> sums, ref Vector512<double> moments)
    {
        var counts = Vector512.GreaterThan(d, Vector512.Create(-700.0));
        d = Vector512.ConditionalSelect(counts, d, Vector512<double>.Zero);
        var e = Vector512.ConditionalSelect(counts, Elementary.ExpOfNegative(d), Vector512<double>.Zero);
        sums += e;
        moments += e * d;
    }
}
