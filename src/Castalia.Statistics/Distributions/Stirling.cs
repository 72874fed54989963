using MathNet.Numerics;

namespace Castalia.Statistics.Distributions;

/// <summary>What Stirling's formula and the logarithm leave over, without the cancellation of computing both sides.</summary>
/// <remarks>
/// Loader, "Fast and accurate computation of binomial probabilities" (2000): densities written as the square root
/// that a normal density has, times exp of two small remainders, keep 15 digits where differences of ln Γ
/// lose as many as ln Γ is long (7 at 10⁶ degrees of freedom).
/// </remarks>
static class Stirling
{
    const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>ln Γ(x + 1) − (x + ½) ln x + x − ½ ln 2π; x above 0.</summary>
    public static double Remainder(double x)
    {
        if (x < 16) return SpecialFunctions.GammaLn(x + 1) - (x + 0.5) * Math.Log(x) + x - HalfLogTwoPi;
        double q = 1 / (x * x); // what is left out is below 1/(1188 x⁹), 1e-14 of the first term
        return (1.0 / 12 - q * (1.0 / 360 - q * (1.0 / 1260 - q * (1.0 / 1680 - q * (1.0 / 1188 - q * 691.0 / 360360))))) / x;
    }

    /// <summary>x ln(x / m) + m − x, never negative; by its series in (x − m)/(x + m) where the terms would cancel.</summary>
    /// <param name="x">Above 0.</param>
    /// <param name="m">Above 0.</param>
    public static double Deviance(double x, double m)
    {
        double v = (x - m) / (x + m);
        if (Math.Abs(v) >= 0.1) return x * Math.Log(x / m) + m - x;
        double sum = (x - m) * v, term = 2 * x * v;
        for (int j = 3; ; j += 2)
        {
            term *= v * v;
            double next = sum + term / j;
            if (next == sum) return sum;
            sum = next;
        }
    }

    /// <summary>Γ(x)/(√x Γ(x − ½)), x above ½.</summary>
    public static double HalfStepRatio(double x)
    {
        if (x < 20) return Math.Exp(SpecialFunctions.GammaLn(x) - SpecialFunctions.GammaLn(x - 0.5)) / Math.Sqrt(x);
        double a = x - 1, half = -0.5 / a;
        return Math.Exp(Remainder(a) - Remainder(a - 0.5) + 0.5 * Math.Log(a / x) - a * SpecialFunctions.Log1p(half) - 0.5);
    }
}
