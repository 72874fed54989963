namespace Castalia.Statistics.Distributions;

/// <summary>Student's t distribution, for any degrees of freedom above 0, whole or not.</summary>
/// <remarks>By <see cref="IncompleteBeta"/>: MathNet.Numerics gives the upper tail as 1 − P, which is 0 where p is below 1e-16.</remarks>
static class StudentT
{
    /// <summary>P(T ≤ t).</summary>
    /// <param name="t">Finite or infinite.</param>
    /// <param name="df">Degrees of freedom, above 0.</param>
    public static double Cdf(double t, double df) => Survival(-t, df);

    /// <summary>P(T > t); small tails keep their digits.</summary>
    /// <param name="t">Finite or infinite.</param>
    /// <param name="df">Degrees of freedom, above 0.</param>
    public static double Survival(double t, double df)
    {
        double beyond = TwoSided(t, df) / 2;
        return t >= 0 ? beyond : 1 - beyond;
    }

    /// <summary>P(|T| ≥ |t|) = I_x(df/2, ½) with x = df/(df + t²).</summary>
    /// <param name="t">Finite or infinite.</param>
    /// <param name="df">Degrees of freedom, above 0.</param>
    public static double TwoSided(double t, double df)
    {
        if (double.IsInfinity(t)) return 0;
        double ratio = t / Math.Sqrt(df), square = ratio * ratio; // t²/df
        return IncompleteBeta.Of(df / 2, 0.5, 1 / (1 + square), double.IsInfinity(square) ? 1 : square / (1 + square)).Lower;
    }

    /// <summary>t with P(T ≤ t) = p.</summary>
    /// <param name="p">Above 0, below 1.</param>
    /// <param name="df">Degrees of freedom, above 0.</param>
    public static double Quantile(double p, double df) => p < 0.5 ? -UpperQuantile(p, df) : UpperQuantile(1 - p, df);

    /// <summary>t with P(T > t) = p.</summary>
    /// <param name="p">Above 0, below 1.</param>
    /// <param name="df">Degrees of freedom, above 0.</param>
    public static double UpperQuantile(double p, double df)
    {
        if (p == 0.5) return 0;
        if (p > 0.5) return -UpperQuantile(1 - p, df);
        // In ln t, so that the last digits are relative ones; the tail is heavier than the normal one.
        double low = Math.Log(-StandardNormal.Quantile(p)) - 1e-6, high = low + 2e-6;
        for (double step = 0.5; Excess(high) > 0; step *= 2) high += step;
        return Math.Exp(Root.Between(Excess, low, high));

        double Excess(double logT) => Survival(Math.Exp(logT), df) / p - 1;
    }
}
