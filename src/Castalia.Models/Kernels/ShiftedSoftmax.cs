using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Castalia.Kernels;

/// <summary>What a softmax becomes when its logits are scaled about an offset and shifted along one vector: l′ = a·(l − q) + q − k·u.</summary>
/// <param name="Entropy">−Σ p′ ln p′; nats.</param>
/// <param name="Divergence">Σ p·ln(p/p′); nats.</param>
/// <param name="Top">Index of the largest l′, the first on a tie.</param>
/// <param name="TopProbability">Its probability.</param>
readonly record struct ShiftedReading(double Entropy, double Divergence, int Top, double TopProbability);

/// <summary>Readings of such softmaxes without the new logits ever being stored.</summary>
/// <remarks>
/// Float64, one rounding nowhere: two sweeps over the vocabulary, one for the largest l′ and one for Σ e, Σ e·d and Σ p·(l − l′), with d = l′ − max and e = eᵈ to 2⁻³⁶ of it.
/// Eight lanes and their fold as in <see cref="DoubleSum"/>.
/// </remarks>
static class ShiftedSoftmax
{
    const int Lanes = 8;
    const double Least = -690; // e there is 1e-300

    /// <summary>The reading.</summary>
    /// <param name="logits">l, finite.</param>
    /// <param name="probabilities">p, their softmax.</param>
    /// <param name="offset">q; empty for 0.</param>
    /// <param name="unit">u.</param>
    /// <param name="scale">a.</param>
    /// <param name="shift">k.</param>
    /// <param name="logNormaliser">ln Σ exp l.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static ShiftedReading Of(
        ReadOnlySpan<float> logits, ReadOnlySpan<float> probabilities, ReadOnlySpan<float> offset, ReadOnlySpan<float> unit, double scale, double shift, double logNormaliser)
    {
        if (probabilities.Length != logits.Length || unit.Length != logits.Length || (offset.Length != logits.Length && offset.Length > 0))
            throw new ArgumentException($"{logits.Length} logits, {probabilities.Length} probabilities, {unit.Length} of the vector, {offset.Length} of the offset.", nameof(logits));
        ref float l = ref MemoryMarshal.GetReference(logits), u = ref MemoryMarshal.GetReference(unit), p = ref MemoryMarshal.GetReference(probabilities);
        ref float q = ref MemoryMarshal.GetReference(offset);
        bool hasOffset = offset.Length > 0;
        Vector512<double> a = Vector512.Create(scale), rest = Vector512.Create(1 - scale), k = Vector512.Create(-shift);
        int whole = logits.Length - logits.Length % Lanes;
        var most = Vector512.Create(double.NegativeInfinity);
        for (int j = 0; j < whole; j += Lanes) most = Vector512.Max(most, Shifted(ref l, ref q, ref u, j, hasOffset, a, rest, k));
        double largest = double.NegativeInfinity;
        for (int lane = 0; lane < Lanes; lane++) largest = Math.Max(largest, most[lane]);
        for (int j = whole; j < logits.Length; j++) largest = Math.Max(largest, One(logits, offset, unit, scale, shift, j));

        var max = Vector512.Create(largest);
        Vector512<double> sums = default, moments = default, differences = default, otherSums = default, otherMoments = default, otherDifferences = default;
        int i = 0;
        for (; i <= whole - 2 * Lanes; i += 2 * Lanes)
        {
            Vector512<double> x = Shifted(ref l, ref q, ref u, i, hasOffset, a, rest, k), y = Shifted(ref l, ref q, ref u, i + Lanes, hasOffset, a, rest, k);
            differences = Vector512.FusedMultiplyAdd(DoubleSum.Widen(ref p, i), DoubleSum.Widen(ref l, i) - x, differences);
            otherDifferences = Vector512.FusedMultiplyAdd(DoubleSum.Widen(ref p, i + Lanes), DoubleSum.Widen(ref l, i + Lanes) - y, otherDifferences);
            Exponentials(x - max, y - max, ref sums, ref moments, ref otherSums, ref otherMoments);
        }
        sums += otherSums;
        moments += otherMoments;
        differences += otherDifferences;
        double sum = DoubleSum.Fold(sums), moment = DoubleSum.Fold(moments), difference = DoubleSum.Fold(differences);
        for (; i < logits.Length; i++)
        {
            double x = One(logits, offset, unit, scale, shift, i), d = Math.Max(x - largest, Least), e = Elementary.Exp(d);
            sum += e;
            moment += e * d;
            difference += probabilities[i] * (logits[i] - x);
        }
        double logSum = Elementary.Log(sum);
        int top = 0;
        while (top < whole && !Vector512.EqualsAny(Shifted(ref l, ref q, ref u, top, hasOffset, a, rest, k), max)) top += Lanes;
        while (One(logits, offset, unit, scale, shift, top) != largest) top++;
        return new(logSum - moment / sum, Math.Max(0, difference + (largest + logSum - logNormaliser)), top, 1 / sum);
    }

    /// <summary>The same arithmetic for one logit.</summary>
    static double One(ReadOnlySpan<float> logits, ReadOnlySpan<float> offset, ReadOnlySpan<float> unit, double scale, double shift, int i)
    {
        double x = offset.Length > 0 ? Math.FusedMultiplyAdd(1 - scale, offset[i], scale * logits[i]) : scale * logits[i];
        return Math.FusedMultiplyAdd(-shift, unit[i], x);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<double> Shifted(
        ref float l, ref float q, ref float u, int i, bool hasOffset, Vector512<double> a, Vector512<double> rest, Vector512<double> k)
    {
        var x = a * DoubleSum.Widen(ref l, i);
        if (hasOffset) x = Vector512.FusedMultiplyAdd(rest, DoubleSum.Widen(ref q, i), x);
        return Vector512.FusedMultiplyAdd(k, DoubleSum.Widen(ref u, i), x);
    }

    /// <summary>Adds e and e·d of sixteen differences.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Exponentials(
        Vector512<double> x, Vector512<double> y, ref Vector512<double> sums, ref Vector512<double> moments, ref Vector512<double> otherSums, ref Vector512<double> otherMoments)
    {
        x = Vector512.Max(x, Vector512.Create(Least));
        y = Vector512.Max(y, Vector512.Create(Least));
        var magic = Vector512.Create(6755399441055744.0); // 1.5·2⁵²: adding it leaves the nearest integer in the low bits
        Vector512<double> sx = Vector512.FusedMultiplyAdd(x, Vector512.Create(Log2E), magic), sy = Vector512.FusedMultiplyAdd(y, Vector512.Create(Log2E), magic);
        Vector512<double> r = Vector512.FusedMultiplyAdd(magic - sx, Vector512.Create(Ln2), x), s = Vector512.FusedMultiplyAdd(magic - sy, Vector512.Create(Ln2), y);
        Vector512<double> e = Vector512.Create(1.0 / 362880), f = e;
        Step(ref e, ref f, r, s, 1.0 / 40320);
        Step(ref e, ref f, r, s, 1.0 / 5040);
        Step(ref e, ref f, r, s, 1.0 / 720);
        Step(ref e, ref f, r, s, 1.0 / 120);
        Step(ref e, ref f, r, s, 1.0 / 24);
        Step(ref e, ref f, r, s, 1.0 / 6);
        Step(ref e, ref f, r, s, 0.5);
        Step(ref e, ref f, r, s, 1);
        Step(ref e, ref f, r, s, 1);
        e *= ((sx.AsInt64() - magic.AsInt64() + Vector512.Create(1023L)) << 52).AsDouble();
        f *= ((sy.AsInt64() - magic.AsInt64() + Vector512.Create(1023L)) << 52).AsDouble();
        sums += e;
        otherSums += f;
        moments = Vector512.FusedMultiplyAdd(e, x, moments);
        otherMoments = Vector512.FusedMultiplyAdd(f, y, otherMoments);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Step(ref Vector512<double> e, ref Vector512<double> f, Vector512<double> r, Vector512<double> s, double coefficient)
    {
        e = Vector512.FusedMultiplyAdd(e, r, Vector512.Create(coefficient));
        f = Vector512.FusedMultiplyAdd(f, s, Vector512.Create(coefficient));
    }

    const double Log2E = 1.4426950408889634, Ln2 = 0.6931471805599453;
}
