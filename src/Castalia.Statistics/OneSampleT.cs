using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>Student's t test of a mean against a centre.</summary>
/// <param name="N">Values.</param>
/// <param name="T">(mean − centre)/(s/√n).</param>
/// <param name="Df">Degrees of freedom, n − 1.</param>
/// <param name="PTwoSided">P(|T| ≥ |t|) if the mean is the centre.</param>
/// <param name="PLess">P(T ≤ t): small where the mean lies below.</param>
/// <param name="PGreater">P(T ≥ t): small where the mean lies above.</param>
/// <param name="Interval95">95 % interval of the mean, in the unit of the values.</param>
readonly record struct TTest(
    int N, double T, double Df, double PTwoSided, double PLess, double PGreater, Interval Interval95) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { T, PTwoSided, PLess, PGreater, Interval95.Low, Interval95.High };
}

/// <summary>One-sample t test (Student 1908, Biometrika 6:1); of paired samples, the test of their differences.</summary>
static class OneSampleT
{
    /// <summary>The test; undefined for fewer than two values and where they do not vary.</summary>
    /// <param name="values">The sample; independent and, where n is small, roughly normal.</param>
    /// <param name="centre">The mean that is tested.</param>
    public static Figure<TTest> Of(IReadOnlyList<double> values, double centre) => Deviations.From(values, centre).Then(d =>
    {
        double t = d.Mean / d.Se;
        return Figure<TTest>.Of(new(
            d.N, t, d.Df, StudentT.TwoSided(t, d.Df), StudentT.Cdf(t, d.Df), StudentT.Survival(t, d.Df), IntervalOfMean(d, centre, 0.95)));
    });

    /// <summary>The test of values that depend on one another within a cluster: error CR1, t with clusters − 1. Of clusters of one value it is <see cref="Of"/>.</summary>
    /// <remarks>
    /// The clustered regression on nothing but an intercept: G/(G − 1)·Σ_g(Σ_i(x_i − mean))²/n². Undefined for fewer than two clusters, values that
    /// do not vary, and where the deviations cancel within every cluster.
    /// </remarks>
    /// <param name="values">The sample.</param>
    /// <param name="clusters">Cluster of each value.</param>
    /// <param name="centre">The mean that is tested.</param>
    public static Figure<TTest> Clustered(IReadOnlyList<double> values, IReadOnlyList<string> clusters, double centre)
    {
        int n = values.Count, g = clusters.Distinct(StringComparer.Ordinal).Count();
        if (g < 2) return Figure<TTest>.Undefined($"{g} cluster{(g == 1 ? "" : "s")} give no error");
        if (Sample.Objection(values, 2, "has no spread") is { } why) return Figure<TTest>.Undefined(why);
        if (Sample.IsConstant(values)) return Figure<TTest>.Undefined("the values do not vary");
        double mean = Describe.Mean(values);
        double pulls = Enumerable.Range(0, n).GroupBy(i => clusters[i], i => values[i] - mean).Sum(cluster => cluster.Sum() * cluster.Sum());
        if (!(pulls > Cancelled * Describe.Squares(values, mean))) return Figure<TTest>.Undefined("the deviations cancel within every cluster, so clusters say nothing about the error");
        double se = Math.Sqrt(g / (g - 1.0) * pulls) / n, t = (mean - centre) / se, half = StudentT.UpperQuantile(0.025, g - 1) * se;
        return Figure<TTest>.Of(new(n, t, g - 1, StudentT.TwoSided(t, g - 1), StudentT.Cdf(t, g - 1), StudentT.Survival(t, g - 1), new(mean - half, mean + half)));
    }

    /// <summary>Squares this small against those of the values are rounding.</summary>
    const double Cancelled = 1e-18;

    /// <summary>mean ± t·s/√n.</summary>
    /// <param name="d">The sample's deviations.</param>
    /// <param name="centre">What they are from.</param>
    /// <param name="level">Share of samples whose interval covers, 0 to 1.</param>
    internal static Interval IntervalOfMean(Deviations d, double centre, double level)
    {
        double half = StudentT.UpperQuantile((1 - level) / 2, d.Df) * d.Se;
        return new(centre + (d.Mean - half), centre + (d.Mean + half));
    }
}
