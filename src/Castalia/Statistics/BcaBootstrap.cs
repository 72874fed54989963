using MathNet.Numerics.Distributions;

namespace Castalia.Statistics;

/// <summary>What a BCa interval was made from.</summary>
/// <param name="Bias">z₀: normal quantile of the share of resampled means below the mean, ties counted half.</param>
/// <param name="Acceleration">a: skewness of the jackknife means over 6.</param>
/// <param name="LowLevel">Level of the lower end among the resampled means.</param>
/// <param name="HighLevel">Level of the upper end.</param>
/// <param name="Interval">Quantiles of type 7 at those levels.</param>
readonly record struct BcaParts(double Bias, double Acceleration, double LowLevel, double HighLevel, Interval Interval);

/// <summary>Bias-corrected and accelerated bootstrap interval of a mean, 95 % (Efron 1987, JASA 82:171).</summary>
public static class BcaBootstrap
{
    /// <summary>Resampled means this close to the mean, relative to the largest value, are ties: summation order differs between them.</summary>
    const double TieWidth = 1e-12;

    /// <summary>The interval; undefined for fewer than two values and for values that are all equal.</summary>
    /// <param name="values">The sample; finite.</param>
    /// <param name="resamples">How many resamples.</param>
    /// <param name="seed">Seed of the indices.</param>
    public static Figure<Interval> OfMean(IReadOnlyList<double> values, int resamples, long seed)
    {
        if (values.Count < 2) return Figure<Interval>.Undefined($"n = {values.Count} cannot be resampled");
        var stream = new IndexStream(seed);
        double[] sample = [.. values];
        double[] means = new double[resamples];
        for (int b = 0; b < resamples; b++)
        {
            double sum = 0;
            for (int i = 0; i < sample.Length; i++) sum += sample[stream.Below(sample.Length)];
            means[b] = sum / sample.Length;
        }
        var parts = FromMeans(values, means);
        return parts.Value is { } p ? Figure<Interval>.Of(p.Interval) : Figure<Interval>.Undefined(parts.UndefinedBecause!);
    }

    /// <summary>The interval from resampled means that are already there; sorts them.</summary>
    internal static Figure<BcaParts> FromMeans(IReadOnlyList<double> values, double[] means)
    {
        double mean = Describe.Mean(values), tie = TieWidth * values.Max(Math.Abs);
        if (values.Max() - values.Min() <= tie) return Figure<BcaParts>.Undefined("all values are equal");
        double below = 0;
        foreach (double m in means) below += m < mean - tie ? 1 : m <= mean + tie ? 0.5 : 0;
        if (below == 0 || below == means.Length)
            return Figure<BcaParts>.Undefined("every resampled mean lies on one side of the mean");
        double bias = Normal.InvCDF(0, 1, below / means.Length);
        double acceleration = Acceleration(values);
        double low = Level(bias, acceleration, 0.025), high = Level(bias, acceleration, 0.975);
        Array.Sort(means);
        return Figure<BcaParts>.Of(
            new(bias, acceleration, low, high, new(Describe.Quantile(means, low), Describe.Quantile(means, high))));
    }

    /// <summary>Σ(m̄ − mᵢ)³ / 6(Σ(m̄ − mᵢ)²)^1.5 over the means mᵢ that leave one value out.</summary>
    static double Acceleration(IReadOnlyList<double> values)
    {
        int n = values.Count;
        double sum = Describe.Mean(values) * n, squares = 0, cubes = 0;
        double[] without = [.. values.Select(x => (sum - x) / (n - 1))];
        double mean = Describe.Mean(without);
        foreach (double m in without)
        {
            double d = mean - m;
            squares += d * d;
            cubes += d * d * d;
        }
        return cubes / (6 * Math.Pow(squares, 1.5));
    }

    /// <summary>Φ(z₀ + (z₀ + z)/(1 − a(z₀ + z))), z the normal quantile of p.</summary>
    static double Level(double bias, double acceleration, double p)
    {
        double shifted = bias + Normal.InvCDF(0, 1, p);
        return Normal.CDF(0, 1, bias + shifted / (1 - acceleration * shifted));
    }
}
