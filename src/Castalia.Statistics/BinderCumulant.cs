namespace Castalia.Statistics;

/// <summary>Binder's fourth-order cumulant of a sample, beside what a Gaussian of its mean and variance has.</summary>
/// <param name="N">Values.</param>
/// <param name="Cumulant">U₄ = 1 − ⟨c⁴⟩/(3⟨c²⟩²); 2/3 where all |c| are equal, 0 for a Gaussian about 0.</param>
/// <param name="Gaussian">1 − (μ⁴ + 6μ²σ² + 3σ⁴)/(3(μ² + σ²)²), σ² with n.</param>
/// <param name="Difference">Their difference: what is left of U₄ once the mean is allowed for.</param>
readonly record struct Binder(int N, double Cumulant, double Gaussian, double Difference) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Cumulant, Gaussian, Difference };
}

/// <summary>Binder's cumulant (1981, Zeitschrift für Physik B 43:119), with bootstrap intervals.</summary>
/// <remarks>Where |mean| ≫ sd it is near 2/3 whatever the distribution: so beside it stands the Gaussian's, whose moments of order 2 and 4 are μ² + σ² and μ⁴ + 6μ²σ² + 3σ⁴.</remarks>
static class BinderCumulant
{
    /// <summary>The cumulant; undefined for fewer than two values, values that are all 0, or not finite.</summary>
    /// <param name="values">The sample.</param>
    public static Figure<Binder> Of(IReadOnlyList<double> values)
    {
        if (Sample.Objection(values, 2, "has no fourth moment beside its mean") is { } why) return Figure<Binder>.Undefined(why);
        double largest = values.Max(Math.Abs);
        if (largest == 0) return Figure<Binder>.Undefined("all values are 0");
        double[] scaled = [.. values.Select(value => value / largest)]; // a ratio of moments: no power overflows
        double cumulant = Cumulant(scaled), gaussian = Gaussian(scaled);
        return Figure<Binder>.Of(new(values.Count, cumulant, gaussian, cumulant - gaussian));
    }

    /// <summary>U₄ with its bootstrap intervals.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="seed">Seed of the resamples.</param>
    /// <param name="resamples">How many.</param>
    public static Figure<BootstrapEstimate> Interval(IReadOnlyList<double> values, long seed, int resamples = Describe.Resamples) =>
        Bootstrap.Of(values, Cumulant, resamples, seed);

    /// <summary>U₄ less the Gaussian's, with its bootstrap intervals.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="seed">Seed of the resamples.</param>
    /// <param name="resamples">How many.</param>
    public static Figure<BootstrapEstimate> DifferenceInterval(IReadOnlyList<double> values, long seed, int resamples = Describe.Resamples) =>
        Bootstrap.Of(values, sample => Cumulant(sample) - Gaussian(sample), resamples, seed);

    static double Cumulant(double[] values)
    {
        double squares = 0, fourths = 0;
        foreach (double c in values)
        {
            squares += c * c;
            fourths += c * c * c * c;
        }
        return 1 - fourths * values.Length / (3 * squares * squares);
    }

    static double Gaussian(double[] values)
    {
        double mean = 0, variance = 0;
        foreach (double c in values) mean += c;
        mean /= values.Length;
        foreach (double c in values) variance += (c - mean) * (c - mean);
        variance /= values.Length;
        double second = mean * mean + variance;
        return 1 - (mean * mean * mean * mean + 6 * mean * mean * variance + 3 * variance * variance) / (3 * second * second);
    }
}
