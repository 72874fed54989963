namespace Castalia.Statistics.Distributions;

/// <summary>The chi-squared distribution.</summary>
public static class ChiSquared
{
    /// <summary>P(X > x); small tails keep their digits.</summary>
    /// <param name="x">0 or more.</param>
    /// <param name="df">Degrees of freedom, above 0.</param>
    public static double Survival(double x, double df) => IncompleteGamma.Of(df / 2, x / 2).Upper;
}
