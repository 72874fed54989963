namespace Castalia.Residual;

/// <summary>Rounding of a norm to the type a half-precision run would have recorded it in.</summary>
static class NormPrecisions
{
    const double BFloat16SmallestNormal = 1.1754943508222875e-38;   // 2⁻¹²⁶
    const double BFloat16Quantum = 9.183549615799121e-41;           // 2⁻¹³³, the spacing below it
    const double BFloat16Overflow = 3.3961775292304957e38;          // halfway from the largest value to 2¹²⁸

    /// <summary>The value rounded to nearest, ties to even; infinity where the type overflows; NaN stays NaN.</summary>
    /// <param name="precision">The type.</param>
    /// <param name="norm">A norm, not negative.</param>
    public static double Round(this NormPrecision precision, double norm) => precision switch
    {
        NormPrecision.Float32 => norm,
        NormPrecision.Float16 => (double)(Half)norm,
        NormPrecision.BFloat16 => ToBFloat16(norm),
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, null),
    };

    static double ToBFloat16(double x)
    {
        if (!double.IsFinite(x)) return x;
        if (x >= BFloat16Overflow) return double.PositiveInfinity;
        if (x < BFloat16SmallestNormal) return Math.Round(x / BFloat16Quantum, MidpointRounding.ToEven) * BFloat16Quantum;
        const int dropped = 52 - 7;
        long bits = BitConverter.DoubleToInt64Bits(x);
        bits += (1L << (dropped - 1)) - 1 + ((bits >> dropped) & 1);
        return BitConverter.Int64BitsToDouble(bits & ~((1L << dropped) - 1));
    }
}
