using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>Kullback–Leibler divergence of the softmax of two rows of logits, in float64.</summary>
/// <remarks>With e = exp(l − max) and S = Σ e: KL = Σ e·(l − l′)/S + ln Σ exp l′ − ln Σ exp l. Eight lanes and their fold as in <see cref="DoubleSum"/>.</remarks>
static class Divergence
{
    const int Lanes = 8;

    /// <summary>Σ p·ln(p/p′), nats.</summary>
    /// <param name="logits">Those of p; finite.</param>
    /// <param name="others">Those of p′, as many; finite.</param>
    /// <param name="logNormaliser">ln Σ exp l.</param>
    /// <param name="otherLogNormaliser">ln Σ exp l′.</param>
    public static double Of(ReadOnlySpan<float> logits, ReadOnlySpan<float> others, double logNormaliser, double otherLogNormaliser)
    {
        if (others.Length != logits.Length) throw new ArgumentException($"{logits.Length} logits and {others.Length}.", nameof(others));
        // p sums to 1, so that Σ p·(l − l′) needs no division: exp(l − ln Σ exp l) is p itself.
        double sum = Expectation(logits, others, logNormaliser);
        return Math.Max(0, sum + (otherLogNormaliser - logNormaliser));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static double Expectation(ReadOnlySpan<float> logits, ReadOnlySpan<float> others, double logNormaliser)
    {
        ref float p = ref MemoryMarshal.GetReference(logits), q = ref MemoryMarshal.GetReference(others);
        var log = Vector512.Create(logNormaliser);
        Vector512<double> sums = default;
        int j = 0;
        for (; j <= logits.Length - Lanes; j += Lanes)
        {
            var l = DoubleSum.Widen(ref p, j);
            sums += Term(l - log, l - DoubleSum.Widen(ref q, j));
        }
        if (j < logits.Length)
        {
            Span<double> rest = stackalloc double[Lanes], differences = stackalloc double[Lanes];
            rest.Fill(double.NegativeInfinity);
            differences.Clear();
            for (int i = j; i < logits.Length; i++) (rest[i - j], differences[i - j]) = (logits[i] - logNormaliser, (double)logits[i] - others[i]);
            sums += Term(Vector512.Create<double>(rest), Vector512.Create<double>(differences));
        }
        return DoubleSum.Fold(sums);
    }

    /// <summary>p·(l − l′) of eight logits; below e⁻⁷⁰⁰ p is taken as 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<double> Term(Vector512<double> logP, Vector512<double> difference)
    {
        var counts = Vector512.GreaterThan(logP, Vector512.Create(-700.0));
        var d = Vector512.Min(Vector512.ConditionalSelect(counts, logP, Vector512<double>.Zero), Vector512<double>.Zero);
        return Vector512.ConditionalSelect(counts, Elementary.ExpOfNegative(d), Vector512<double>.Zero) * difference;
    }
}
