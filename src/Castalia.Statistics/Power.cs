using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>How likely a two-sided one-sample t test is to find an effect, by the noncentral t distribution.</summary>
static class Power
{
    /// <summary>Smallest sample, as a real number, that sizes are searched from; fewer than two values cannot be tested anyway.</summary>
    const double Smallest = 1.05;

    const double Largest = 1e9;

    /// <summary>P(p &lt; α) for normal values whose mean lies d standard deviations from the centre.</summary>
    /// <param name="d">Effect in standard deviations.</param>
    /// <param name="n">Values, above 1; need not be whole.</param>
    /// <param name="alpha">Level of the test, above 0 and below 1.</param>
    public static Figure<double> OneSampleT(double d, double n, double alpha)
    {
        if (Objection(d, alpha) is { } why) return Figure<double>.Undefined(why);
        return n > 1 && n <= Largest
            ? Figure<double>.Of(At(d, n, alpha))
            : Figure<double>.Undefined(FormattableString.Invariant($"n = {n} has no t test"));
    }

    /// <summary>The n at which the power is reached, a real number: round up.</summary>
    /// <param name="d">Effect in standard deviations.</param>
    /// <param name="power">Wanted, above α and below 1.</param>
    /// <param name="alpha">Level of the test, above 0 and below 1.</param>
    public static Figure<double> OneSampleTSize(double d, double power, double alpha)
    {
        if (Objection(d, alpha) is { } why) return Figure<double>.Undefined(why);
        if (!(power > alpha && power < 1)) return Figure<double>.Undefined(FormattableString.Invariant($"a power of {power} is not between α = {alpha} and 1"));
        if (d == 0) return Figure<double>.Undefined("no sample finds an effect of 0");
        if (At(d, Smallest, alpha) >= power) return Figure<double>.Undefined("fewer than two values would do");
        double high = 2;
        while (At(d, high, alpha) < power)
            if ((high *= 2) > Largest) return Figure<double>.Undefined(FormattableString.Invariant($"it takes more than {Largest:0} values"));
        return Figure<double>.Of(Root.Between(n => At(d, n, alpha) - power, Math.Max(Smallest, high / 2), high));
    }

    static double At(double d, double n, double alpha)
    {
        double critical = StudentT.UpperQuantile(alpha / 2, n - 1), noncentrality = d * Math.Sqrt(n);
        return NoncentralT.Survival(critical, n - 1, noncentrality) + NoncentralT.Cdf(-critical, n - 1, noncentrality);
    }

    static string? Objection(double d, double alpha) =>
        !double.IsFinite(d) ? FormattableString.Invariant($"the effect is {d}")
        : alpha > 0 && alpha < 1 ? null
        : FormattableString.Invariant($"α = {alpha} is not between 0 and 1");
}
