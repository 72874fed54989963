using Castalia.Statistics;

namespace Castalia.Published;

/// <summary>Two norms of a half-precision run, known up to a common power of two, whose ratio is a recorded gain.</summary>
/// <param name="Above">Significand of the norm above the line, normalised: 2^(bits−1) to 2^bits − 1.</param>
/// <param name="Below">Significand of the norm below it, normalised.</param>
/// <param name="Exponent">The ratio is Above·2^Exponent / Below.</param>
/// <param name="Bits">Bits of a significand: 8 in bfloat16, 11 in float16.</param>
readonly record struct NormPair(int Above, int Below, int Exponent, int Bits)
{
    /// <summary>One unit in the last place of the norm above, relative to it.</summary>
    public double StepAbove => 1.0 / Above;

    /// <summary>One unit in the last place of the norm below, relative to it.</summary>
    public double StepBelow => 1.0 / Below;

    /// <summary>Ratios of norms that round to these two, both ends included: round to nearest reaches half a step, a quarter below a power of two.</summary>
    /// <remarks>In quarters of a unit all four are whole numbers, so an end that is 1 is exactly 1.</remarks>
    public Interval Ratios => new(
        Math.ScaleB(Low(Above), Exponent) / High(Below),
        Math.ScaleB(High(Above), Exponent) / Low(Below));

    double Low(int significand) => 4.0 * significand - (significand == 1 << (Bits - 1) ? 1 : 2);

    static double High(int significand) => 4.0 * significand + 2;
}
