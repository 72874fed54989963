namespace Castalia.Statistics.Distributions;

/// <summary>Fisher's F distribution.</summary>
static class FisherF
{
    /// <summary>P(F > x) = I_z(d₂/2, d₁/2) with z = d₂/(d₂ + d₁x); small tails keep their digits.</summary>
    /// <param name="x">0 or more.</param>
    /// <param name="df1">Degrees of freedom of the numerator, above 0.</param>
    /// <param name="df2">Degrees of freedom of the denominator, above 0; need not be whole.</param>
    public static double Survival(double x, double df1, double df2)
    {
        if (x <= 0) return 1;
        double ratio = df1 / df2 * x;
        return IncompleteBeta.Of(df2 / 2, df1 / 2, 1 / (1 + ratio), double.IsInfinity(ratio) ? 1 : ratio / (1 + ratio)).Lower;
    }
}
