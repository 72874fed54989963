namespace Castalia.Statistics.Distributions;

/// <summary>Regularised incomplete beta function I_x(a, b) and its complement, each with its own digits.</summary>
/// <remarks>
/// MathNet.Numerics' BetaRegularized takes x alone and returns one side: where the complement is small, 1 − I has none of its digits, and
/// an x that rounds to 1 has lost y. Here x and 1 − x are both given, the prefactor is Loader's, and whichever side lies in the
/// tail is the one that the continued fraction (DLMF 8.17.22, evaluated by Lentz's method) computes. At a = 5·10⁵ and beyond, where its
/// first term cancels, ten digits are left.
/// </remarks>
static class IncompleteBeta
{
    /// <summary>I_x(a, b) and I_{1−x}(b, a).</summary>
    /// <param name="a">Above 0.</param>
    /// <param name="b">Above 0.</param>
    /// <param name="x">0 to 1.</param>
    /// <param name="y">1 − x, computed without that subtraction.</param>
    public static (double Lower, double Upper) Of(double a, double b, double x, double y)
    {
        if (x <= 0) return (0, 1);
        if (y <= 0) return (1, 0);
        if (x * (a + b + 2) < a + 1)
        {
            double lower = Fraction(a, b, x, y);
            return (lower, 1 - lower);
        }
        double upper = Fraction(b, a, y, x);
        return (1 - upper, upper);
    }

    /// <summary>x^a y^b / B(a, b): the density of the beta distribution times xy.</summary>
    internal static double Power(double a, double b, double x, double y)
    {
        double n = a + b, remainders = Stirling.Remainder(n) - Stirling.Remainder(a) - Stirling.Remainder(b);
        return Math.Sqrt(a * (b / n) / (2 * Math.PI)) * Math.Exp(remainders - Stirling.Deviance(a, n * x) - Stirling.Deviance(b, n * y));
    }

    static double Fraction(double a, double b, double x, double y)
    {
        const double tiny = 1e-300, precision = 1e-16;
        double power = Power(a, b, x, y);
        if (power == 0) return 0;
        double c = 1, d = NotZero(1 - (a + b) * x / (a + 1));
        d = 1 / d;
        double value = d;
        for (int m = 1; m <= 1_000_000; m++)
        {
            double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
            d = 1 / NotZero(1 + even * d);
            c = NotZero(1 + even / c);
            value *= d * c;
            double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
            d = 1 / NotZero(1 + odd * d);
            c = NotZero(1 + odd / c);
            double step = d * c;
            value *= step;
            if (Math.Abs(step - 1) <= 2 * precision) return Math.Min(power * value / a, 1);
        }
        throw new ArithmeticException($"The incomplete beta function did not converge at a = {a:R}, b = {b:R}, x = {x:R}.");

        static double NotZero(double v) => Math.Abs(v) < tiny ? tiny : v;
    }
}
