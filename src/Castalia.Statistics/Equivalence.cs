using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>Whether a mean is the centre for practical purposes: two one-sided t tests.</summary>
/// <param name="N">Values.</param>
/// <param name="Bound">Distance from the centre that still counts as absent, in the unit of the values.</param>
/// <param name="PLower">p against a mean at or below centre − bound.</param>
/// <param name="PUpper">p against a mean at or above centre + bound.</param>
/// <param name="P">The larger of both: below α, the mean lies within the bounds.</param>
/// <param name="Interval90">90 % interval of the mean; it lies within the bounds exactly where P is below 0.05.</param>
readonly record struct Tost(int N, double Bound, double PLower, double PUpper, double P, Interval Interval90) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { PLower, PUpper, P, Interval90.Low, Interval90.High };
}

/// <summary>Equivalence tests, for claims that something is absent (Schuirmann 1987, J. Pharmacokinet. Biopharm. 15:657).</summary>
static class Equivalence
{
    /// <summary>Whether the mean lies within centre ± bound; undefined for fewer than two values and where they do not vary.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="centre">The mean of no effect.</param>
    /// <param name="bound">Above 0, chosen before the data are seen; there is no default.</param>
    public static Figure<Tost> Mean(IReadOnlyList<double> values, double centre, double bound)
    {
        if (!(bound > 0) || double.IsInfinity(bound))
            return Figure<Tost>.Undefined(FormattableString.Invariant($"the bound is {bound}, not above 0"));
        return Deviations.From(values, centre).Then(d =>
        {
            double lower = StudentT.Survival((d.Mean + bound) / d.Se, d.Df), upper = StudentT.Cdf((d.Mean - bound) / d.Se, d.Df);
            return Figure<Tost>.Of(new(d.N, bound, lower, upper, Math.Max(lower, upper), OneSampleT.IntervalOfMean(d, centre, 0.9)));
        });
    }
}
