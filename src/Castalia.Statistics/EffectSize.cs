using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>A mean's distance from a centre in standard deviations.</summary>
/// <param name="N">Values.</param>
/// <param name="CohenD">(mean − centre)/s, s with n − 1.</param>
/// <param name="Interval95">Exact 95 % interval for normal values: δ/√n over the noncentralities δ whose t distribution has the observed t inside its middle 95 %.</param>
/// <param name="HedgesG">d without its small-sample bias, J·d; undefined for n = 2, where the expected value of d is infinite.</param>
readonly record struct StandardisedMean(int N, double CohenD, Interval Interval95, Figure<double> HedgesG) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { CohenD, Interval95.Low, Interval95.High };
}

/// <summary>Effect sizes: Cohen's d (1988) with the noncentral-t interval (Steiger and Fouladi 1997), Hedges' g (1981).</summary>
static class EffectSize
{
    /// <summary>The effect size; undefined for fewer than two values and where they do not vary.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="centre">What the mean is compared with.</param>
    public static Figure<StandardisedMean> OneSample(IReadOnlyList<double> values, double centre) => Deviations.From(values, centre).Then(d =>
    {
        double effect = d.Mean / d.Sd, root = Math.Sqrt(d.N), t = d.Mean / d.Se;
        Interval interval = new(NoncentralT.NoncentralityAt(t, d.Df, 0.975) / root, NoncentralT.NoncentralityAt(t, d.Df, 0.025) / root);
        return Figure<StandardisedMean>.Of(new(d.N, effect, interval, Unbiased(effect, d.Df)));
    });

    /// <summary>J·d with J = Γ(df/2)/(√(df/2) Γ((df − 1)/2)) (Hedges 1981, J. Educ. Stat. 6:107, equation 6e, exact).</summary>
    internal static Figure<double> Unbiased(double effect, double df) => df <= 1
        ? Figure<double>.Undefined($"Hedges' correction does not exist for {df} degree of freedom")
        : Figure<double>.Of(Stirling.HalfStepRatio(df / 2) * effect);
}
