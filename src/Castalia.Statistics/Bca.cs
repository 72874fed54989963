using MathNet.Numerics.Distributions;

namespace Castalia.Statistics;

/// <summary>A BCa interval and what it was made from.</summary>
/// <param name="Bias">z₀: normal quantile of the share of resampled values below the estimate, ties counted half.</param>
/// <param name="Acceleration">a: skewness of the jackknife values over 6.</param>
/// <param name="LowLevel">Level of the lower end among the resampled values.</param>
/// <param name="HighLevel">Level of the upper end.</param>
/// <param name="Interval">Quantiles of type 7 at those levels.</param>
readonly record struct BcaParts(double Bias, double Acceleration, double LowLevel, double HighLevel, Interval Interval) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Bias, Acceleration, LowLevel, HighLevel, Interval.Low, Interval.High };
}

/// <summary>Bias-corrected and accelerated interval of any statistic, 95 %, from resampled values that are there (Efron 1987, JASA 82:171).</summary>
static class Bca
{
    /// <summary>The interval.</summary>
    /// <param name="estimate">The statistic of the sample.</param>
    /// <param name="sorted">Of the resamples, ascending.</param>
    /// <param name="without">Of the sample without each unit.</param>
    /// <param name="tie">How far from the estimate a resampled value still ties with it.</param>
    /// <param name="oneSided">Reason where every resampled value lies on one side of the estimate.</param>
    public static Figure<BcaParts> Of(double estimate, double[] sorted, double[] without, double tie, string oneSided)
    {
        double below = 0;
        foreach (double m in sorted) below += m < estimate - tie ? 1 : m <= estimate + tie ? 0.5 : 0;
        if (below == 0 || below == sorted.Length) return Figure<BcaParts>.Undefined(oneSided);
        if (without.Max() - without.Min() <= tie / without.Length)
            return Figure<BcaParts>.Undefined("the value does not move when one unit is left out, which gives no acceleration");
        double bias = Normal.InvCDF(0, 1, below / sorted.Length);
        double acceleration = Acceleration(without);
        double low = Level(bias, acceleration, 0.025), high = Level(bias, acceleration, 0.975);
        if (!(low is >= 0 and <= 1 && high is >= 0 and <= 1))
            return Figure<BcaParts>.Undefined("bias and acceleration are so large that the corrected levels have no value");
        return Figure<BcaParts>.Of(
            new(bias, acceleration, low, high, new(Describe.Quantile(sorted, low), Describe.Quantile(sorted, high))));
    }

    /// <summary>Σ(m̄ − mᵢ)³ / 6(Σ(m̄ − mᵢ)²)^1.5 over the values mᵢ that leave one unit out; at most about 1/6 from 0.</summary>
    static double Acceleration(double[] without)
    {
        double mean = BcaBootstrap.RunningMean(without), squares = 0, cubes = 0, largest = without.Max(m => Math.Abs(mean - m));
        // The ratio does not depend on the unit; where cubes would overflow or vanish, the largest deviation is it.
        double unit = largest is > 1e90 or < 1e-90 ? largest : 1;
        foreach (double m in without)
        {
            double d = (mean - m) / unit;
            squares += d * d;
            cubes += d * d * d;
        }
        return cubes / (6 * Math.Pow(squares, 1.5));
    }

    /// <summary>Φ(z₀ + (z₀ + z)/(1 − a(z₀ + z))), z the normal quantile of p; NaN where the denominator is not above 0, as no normal variable is meant there.</summary>
    static double Level(double bias, double acceleration, double p)
    {
        double shifted = bias + Normal.InvCDF(0, 1, p), left = 1 - acceleration * shifted;
        return left > 0 ? Normal.CDF(0, 1, bias + shifted / left) : double.NaN;
    }
}
