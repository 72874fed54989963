using MathNet.Numerics;

namespace Castalia.Statistics.Distributions;

/// <summary>The noncentral t distribution: of (Z + δ)/S with Z normal and S² a chi-squared variable over its ν degrees of freedom.</summary>
/// <remarks>
/// By the trapezoidal rule on the whole line, where it converges faster than any power of the step for analytic integrands
/// (Trefethen and Weideman 2014, SIAM Review 56:385), instead of the usual series (Lenth 1989, AS 243), whose terms underflow from
/// δ ≈ 38 on. All terms are positive, so both tails keep their digits. For small |δ| the integral over s = eʷ,
/// ∫ Φ(ts − δ) f(s) s dw; for large ones, where Φ would be a step, the one over z, ∫ φ(z) P(S ≥ (z + δ)/t) dz.
/// Steps are half a standard deviation of the sharper factor: an error below e⁻⁵⁰. MathNet.Numerics has no such distribution.
/// </remarks>
static class NoncentralT
{
    /// <summary>From this |δ| on, z + δ &lt; 0 has a probability below 1e-500 and the integral over z is smooth.</summary>
    internal const double Far = 50;

    /// <summary>P(T ≤ t).</summary>
    /// <param name="t">Finite.</param>
    /// <param name="df">Degrees of freedom, above 0.</param>
    /// <param name="noncentrality">δ; finite.</param>
    public static double Cdf(double t, double df, double noncentrality) => Tails(t, df, noncentrality).Cdf;

    /// <summary>P(T > t).</summary>
    /// <param name="t">Finite.</param>
    /// <param name="df">Degrees of freedom, above 0.</param>
    /// <param name="noncentrality">δ; finite.</param>
    public static double Survival(double t, double df, double noncentrality) => Tails(t, df, noncentrality).Survival;

    /// <summary>δ at which P(T ≤ t) = p.</summary>
    /// <param name="t">Finite.</param>
    /// <param name="df">Degrees of freedom, above 0.</param>
    /// <param name="p">Above 0, below 1.</param>
    public static double NoncentralityAt(double t, double df, double p)
    {
        // Johnson and Welch 1940: (t − δ)/√(1 + t²/2ν) is nearly normal.
        double spread = double.Hypot(1, t / Math.Sqrt(2 * df)), guess = t - StandardNormal.Quantile(p) * spread, low = guess - spread, high = guess + spread;
        for (double step = spread; Excess(low) < 0; step *= 2) low -= step;
        for (double step = spread; Excess(high) > 0; step *= 2) high += step;
        return Root.Between(Excess, low, high, 1e-14 * Math.Min(1, Math.Abs(t) + 0.01));

        // The smaller tail against its target: near 1 the other has no digits left to steer by.
        double Excess(double delta)
        {
            var tails = Tails(t, df, delta);
            return p <= 0.5 ? tails.Cdf / p - 1 : 1 - tails.Survival / (1 - p);
        }
    }

    static (double Cdf, double Survival) Tails(double t, double df, double delta)
    {
        if (delta < 0)
        {
            var (cdf, survival) = Tails(-t, df, -delta);
            return (survival, cdf);
        }
        if (delta <= Far) return OverScale(t, df, delta);
        return t <= 0 ? (0, 1) : OverNormal(t, df, delta);
    }

    /// <summary>∫ Φ(teʷ − δ) f(w) dw, f the density of w = ln S: proportional to exp(νw − νe²ʷ/2), largest at w = 0.</summary>
    internal static (double Cdf, double Survival) OverScale(double t, double df, double delta)
    {
        double step = Math.Min(0.1, 0.5 / Math.Sqrt(2 * df + (delta + 8) * (delta + 8)));
        // f(0) = 2 (ν/2)^(ν/2) e^(−ν/2) / Γ(ν/2), by Stirling's formula for Γ.
        double half = df / 2, top = Math.Sqrt(df / Math.PI) * Math.Exp(-Stirling.Remainder(half)) * step;
        double cdf = 0, survival = 0;
        for (int k = 0; Add(k * step); k++) { }
        for (int k = -1; Add(k * step); k--) { }
        return (Math.Min(1, cdf), Math.Min(1, survival));

        bool Add(double w)
        {
            // (e²ʷ − 1)/2 = sinh(w) eʷ, the latter where the difference cancels: MathNet.Numerics' Expm1 has seven digits there.
            double exponent = df * (w - (Math.Abs(w) < 1 ? Math.Sinh(w) * Math.Exp(w) : (Math.Exp(2 * w) - 1) / 2));
            if (!(exponent >= -100)) return false; // what is left out is below 1e-43
            double weight = top * Math.Exp(exponent), z = t * Math.Exp(w) - delta;
            cdf += weight * StandardNormal.Cdf(z);
            survival += weight * StandardNormal.Survival(z);
            return true;
        }
    }

    /// <summary>∫ φ(z) P(S ≥ (z + δ)/t) dz for t above 0 and δ beyond <see cref="Far"/>.</summary>
    internal static (double Cdf, double Survival) OverNormal(double t, double df, double delta)
    {
        double step = 0.4 / Math.Sqrt(1 + 2 * df / (delta * delta)), cdf = 0, survival = 0;
        for (int k = (int)(-38 / step); k * step <= 38; k++)
        {
            double z = k * step, s = (z + delta) / t, weight = step * Math.Exp(-z * z / 2) * Constants.InvSqrt2Pi;
            var (lower, upper) = IncompleteGamma.Of(df / 2, df * s * s / 2);
            cdf += weight * upper;
            survival += weight * lower;
        }
        return (Math.Min(1, cdf), Math.Min(1, survival));
    }
}
