namespace Castalia.Statistics.Distributions;

/// <summary>Tails of the binomial distribution, and the probability at which a tail has a given size.</summary>
static class Binomial
{
    /// <summary>P(X ≥ k) of n trials with probability p each: I_p(k, n − k + 1).</summary>
    public static double AtLeast(int k, int n, double p) => k <= 0 ? 1 : k > n ? 0 : IncompleteBeta.Of(k, n - k + 1.0, p, 1 - p).Lower;

    /// <summary>p at which P(X ≥ k) = tail, and 1 − p.</summary>
    /// <param name="k">1 to n.</param>
    /// <param name="n">Trials.</param>
    /// <param name="tail">Above 0, at most ½.</param>
    public static double ProbabilityWhereAtLeast(int k, int n, double tail)
    {
        // In the log-odds u, so that digits are relative ones near 0 and near 1.
        double centre = Math.Log((k + 0.5) / (n - k + 0.5)), low = centre - 1, high = centre + 1;
        for (double step = 1; Excess(low) > 0; step *= 2) low -= step;
        for (double step = 1; Excess(high) < 0; step *= 2) high += step;
        double u = Root.Between(Excess, low, high);
        return 1 / (1 + Math.Exp(-u));

        double Excess(double logOdds)
        {
            double odds = Math.Exp(logOdds);
            return IncompleteBeta.Of(k, n - k + 1.0, odds / (1 + odds), 1 / (1 + odds)).Lower / tail - 1;
        }
    }
}
