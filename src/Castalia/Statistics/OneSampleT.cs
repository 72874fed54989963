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
public readonly record struct TTest(
    int N, double T, double Df, double PTwoSided, double PLess, double PGreater, Interval Interval95) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { T, PTwoSided, PLess, PGreater, Interval95.Low, Interval95.High };
}

/// <summary>One-sample t test (Student 1908, Biometrika 6:1); of paired samples, the test of their differences.</summary>
public static class OneSampleT
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
