using Castalia.Residual;

namespace Castalia.Published;

/// <summary>Finds the two norms behind a recorded ratio: a quotient of two short significands in float64 gives its fraction away.</summary>
/// <remarks>
/// Two different fractions with denominators below 2²⁴ are at least 2⁻⁴⁸ apart, more than float64 rounds from 1 to 2 (whither a power of two
/// takes every ratio), so the first convergent of the continued fraction that divides to the recorded number is the fraction. Its odd parts a/b tell the significands but for a common odd factor;
/// a second ratio over the same norm narrows that.
/// </remarks>
static class NormGrid
{
    /// <summary>The coarsest type in which every ratio is a quotient of two norms; null where even float32's are too coarse.</summary>
    /// <param name="ratios">Recorded ratios; above 0.</param>
    /// <remarks>A number without structure passes for float32 about once in 32 times, for float16 once in 10⁹: many ratios decide.</remarks>
    public static NormPrecision? Of(IReadOnlyCollection<double> ratios)
    {
        foreach (var precision in new[] { NormPrecision.BFloat16, NormPrecision.Float16, NormPrecision.Float32 })
            if (ratios.All(ratio => OddParts(ratio, Bits(precision)) is not null)) return precision;
        return null;
    }

    /// <summary>Bits of a significand, the hidden one included.</summary>
    public static int Bits(NormPrecision precision) => precision switch
    {
        NormPrecision.BFloat16 => 8,
        NormPrecision.Float16 => 11,
        NormPrecision.Float32 => 24,
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, null),
    };

    /// <summary>Every pair of half-precision norms that divides to a ratio; none where it is not on the type's grid.</summary>
    /// <param name="ratio">The ratio.</param>
    /// <param name="precision">bfloat16 or float16.</param>
    public static IReadOnlyList<NormPair> Pairs(double ratio, NormPrecision precision)
    {
        if (precision == NormPrecision.Float32) throw new ArgumentOutOfRangeException(nameof(precision), precision, "Only the half-precision types are listed.");
        int bits = Bits(precision);
        if (OddParts(ratio, bits) is not var (above, below)) return [];
        var pairs = new List<NormPair>();
        for (long factor = 1; Math.Max(above, below) * factor < 1L << bits; factor += 2)
        {
            int a = Normalised(above * factor, bits), b = Normalised(below * factor, bits);
            pairs.Add(new(a, b, (int)Math.Round(Math.Log2(ratio * b / a)), bits));
        }
        return pairs;
    }

    /// <summary>Those pairs whose norm above the line is also that of a second ratio.</summary>
    /// <param name="ratio">‖h_L‖/‖h_{L−1}‖.</param>
    /// <param name="sameAbove">A ratio over the same norm: ‖h_L‖/‖h_1‖.</param>
    /// <param name="precision">bfloat16 or float16.</param>
    public static IReadOnlyList<NormPair> Pairs(double ratio, double sameAbove, NormPrecision precision)
    {
        var above = Pairs(sameAbove, precision).Select(pair => pair.Above).ToHashSet();
        return [.. Pairs(ratio, precision).Where(pair => above.Contains(pair.Above))];
    }

    static int Normalised(long value, int bits)
    {
        while (value < 1L << (bits - 1)) value <<= 1;
        return (int)value;
    }

    /// <summary>Numerator and denominator of the ratio without their factors 2; null where one has more than so many bits.</summary>
    static (long Above, long Below)? OddParts(double ratio, int bits)
    {
        if (!double.IsNormal(ratio) || ratio < 0) return null;
        // Scaled to 1 up to 2, where float64 is finest beside the fraction's terms; then Euclid's algorithm, whose quotients build the convergents.
        double scaled = ratio * Math.ScaleB(1, -Math.ILogB(ratio));
        Int128 numerator = (Int128)Math.ScaleB(scaled, 52), denominator = Int128.One << 52;
        Int128 before = 0, above = 1, beforeBelow = 1, below = 0, limit = Int128.One << (bits + 20);
        while (denominator != 0)
        {
            var quotient = numerator / denominator;
            (numerator, denominator) = (denominator, numerator - quotient * denominator);
            (before, above) = (above, quotient * above + before);
            (beforeBelow, below) = (below, quotient * below + beforeBelow);
            if (above >= limit || below >= limit) return null;
            if ((double)above / (double)below != scaled) continue;
            while (above % 2 == 0) above >>= 1;
            while (below % 2 == 0) below >>= 1;
            return above < Int128.One << bits && below < Int128.One << bits ? ((long)above, (long)below) : null;
        }
        return null;
    }
}
