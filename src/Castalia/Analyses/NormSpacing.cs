using Castalia.Residual;

namespace Castalia.Analyses;

/// <summary>How far apart the numbers of a half-precision type lie: what norms recorded in it can tell apart.</summary>
/// <remarks>bfloat16 keeps 8 significant bits, binary16 keeps 11. Norms of 256 to 512 are even numbers in bfloat16: 334 and 336, so that
/// gains near 334/370 = 0.9027 lie 0.0054 apart.</remarks>
static class NormSpacing
{
    /// <summary>From a norm, rounded to the type, to the next larger one; 0 for float32 streams, whose norms are not rounded.</summary>
    /// <param name="precision">The type.</param>
    /// <param name="norm">A norm, not negative.</param>
    /// <returns>The spacing; infinite where the type cannot hold the norm.</returns>
    public static double At(NormPrecision precision, double norm)
    {
        if (precision == NormPrecision.Float32) return 0;
        double rounded = precision.Round(norm);
        if (!double.IsFinite(rounded)) return double.PositiveInfinity;
        var (fraction, least) = precision == NormPrecision.BFloat16 ? (7, -126) : (10, -14);
        return Math.ScaleB(1, Math.Max(rounded == 0 ? least : Math.ILogB(rounded), least) - fraction);
    }
}
