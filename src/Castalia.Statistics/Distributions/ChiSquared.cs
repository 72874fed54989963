namespace Castalia.Statistics.Distributions;

/// <summary>The chi-squared distribution.</summary>
static class ChiSquared
{
    /// <summary>P(X > x); small tails keep their digits.</summary>
    /// <param name="x">0 or more.</param>
    /// <param name="df">Degrees of freedom, above 0.</param>
    public static double Survival(double x, double df) => IncompleteGamma.Of(df / 2, x / 2).Upper;

    /// <summary>x with P(X > x) = p.</summary>
    /// <param name="p">Above 0, below 1.</param>
    /// <param name="df">Degrees of freedom, above 0.</param>
    public static double UpperQuantile(double p, double df)
    {
        double low = Math.Log(df), high = low;
        for (double step = 0.5; Excess(low) < 0; step *= 2) low -= step;
        for (double step = 0.5; Excess(high) > 0; step *= 2) high += step;
        return Math.Exp(Root.Between(Excess, low, high));

        // The smaller tail against its target, in ln x.
        double Excess(double logX)
        {
            var (lower, upper) = IncompleteGamma.Of(df / 2, Math.Exp(logX) / 2);
            return p <= 0.5 ? upper / p - 1 : 1 - lower / (1 - p);
        }
    }
}
