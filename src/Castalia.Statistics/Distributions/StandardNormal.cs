using MathNet.Numerics;
using MathNet.Numerics.Distributions;

namespace Castalia.Statistics.Distributions;

/// <summary>The normal distribution with mean 0 and variance 1.</summary>
static class StandardNormal
{
    /// <summary>P(Z ≤ x); both tails keep their digits.</summary>
    public static double Cdf(double x) => 0.5 * SpecialFunctions.Erfc(-x / Constants.Sqrt2);

    /// <summary>P(Z > x), not 1 − P(Z ≤ x), which is 0 from 8.3 on.</summary>
    public static double Survival(double x) => Cdf(-x);

    /// <summary>x with P(Z ≤ x) = p.</summary>
    /// <param name="p">Above 0, below 1.</param>
    public static double Quantile(double p) => Normal.InvCDF(0, 1, p);

    /// <summary>P(|Z| ≥ |z|).</summary>
    public static double TwoSided(double z) => Math.Min(1, SpecialFunctions.Erfc(Math.Abs(z) / Constants.Sqrt2));
}
