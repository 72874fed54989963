namespace Castalia.Statistics.Distributions;

/// <summary>Regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 − P(a, x), each with its own digits.</summary>
/// <remarks>
/// Series below a + 1 and continued fraction above (DLMF 8.11.4 and 8.9.2), with Loader's prefactor, whose rounding does not
/// grow with ln Γ(a).
/// </remarks>
static class IncompleteGamma
{
    const double Precision = 2.2e-16;
    const int Most = 1_000_000;

    /// <summary>P(a, x) and Q(a, x).</summary>
    /// <param name="a">Above 0.</param>
    /// <param name="x">0 or more.</param>
    public static (double Lower, double Upper) Of(double a, double x)
    {
        if (x <= 0) return (0, 1);
        if (double.IsInfinity(x)) return (1, 0);
        // xᵃ e⁻ˣ / Γ(a + 1)
        double power = Math.Exp(-Stirling.Remainder(a) - Stirling.Deviance(a, x)) / Math.Sqrt(2 * Math.PI * a);
        if (x < a + 1)
        {
            double lower = power == 0 ? 0 : Math.Min(1, power * Series(a, x));
            return (lower, 1 - lower);
        }
        double upper = power == 0 ? 0 : Math.Min(1, power * a * Fraction(a, x));
        return (1 - upper, upper);
    }

    static double Series(double a, double x)
    {
        double sum = 1, term = 1;
        for (int k = 1; k <= Most; k++)
        {
            term *= x / (a + k);
            sum += term;
            if (term <= sum * Precision / 2) return sum;
        }
        throw new ArithmeticException($"The incomplete gamma function did not converge at a = {a:R}, x = {x:R}.");
    }

    static double Fraction(double a, double x)
    {
        double b = x + 1 - a, c = 1e300, d = 1 / b, value = d;
        for (int k = 1; k <= Most; k++)
        {
            double numerator = -k * (k - a);
            b += 2;
            d = numerator * d + b;
            d = 1 / (Math.Abs(d) < 1e-300 ? 1e-300 : d);
            c = b + numerator / c;
            if (Math.Abs(c) < 1e-300) c = 1e-300;
            value *= d * c;
            if (Math.Abs(d * c - 1) <= Precision) return value;
        }
        throw new ArithmeticException($"The incomplete gamma function did not converge at a = {a:R}, x = {x:R}.");
    }
}
