using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>95 % intervals of a proportion, k of n.</summary>
static class Proportion
{
    /// <summary>Wilson's score interval (1927, JASA 22:209), no continuity correction: covers 95 % on average over proportions.</summary>
    /// <param name="k">How many have the property, 0 to n.</param>
    /// <param name="n">Of how many.</param>
    public static Figure<Interval> Wilson(int k, int n) => Of(k, n, static (k, n) => WilsonLow(k, n));

    /// <summary>Clopper and Pearson's exact interval (1934, Biometrika 26:404): covers at least 95 % at every proportion.</summary>
    /// <param name="k">How many have the property, 0 to n.</param>
    /// <param name="n">Of how many.</param>
    public static Figure<Interval> ClopperPearson(int k, int n) =>
        Of(k, n, static (k, n) => k == 0 ? 0 : Binomial.ProbabilityWhereAtLeast(k, n, 0.025));

    /// <summary>Both methods treat k and n − k alike: the upper end is 1 minus the lower end of the others.</summary>
    static Figure<Interval> Of(int k, int n, Func<int, int, double> low)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, n);
        return n == 0 ? Figure<Interval>.Undefined("n = 0: there is nothing to take a share of") : Figure<Interval>.Of(new(low(k, n), 1 - low(n - k, n)));
    }

    /// <summary>The smaller root of (p̂ − p)² = z² p(1 − p)/n, from the larger by their product, which cancels no digits.</summary>
    static double WilsonLow(int k, int n)
    {
        double z = StandardNormal.Quantile(0.975), share = (double)k / n, zz = z * z / n;
        double larger = share + zz / 2 + z * Math.Sqrt((share * (1 - share) + zz / 4) / n);
        return share * share / larger;
    }
}
