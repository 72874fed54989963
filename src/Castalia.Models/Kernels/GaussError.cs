namespace Castalia.Kernels;

/// <summary>The error function in float64 from additions, multiplications and <see cref="Elementary.Exp"/>: the same bits on every machine.</summary>
/// <remarks>
/// |z| &lt; 3: erf z = 2/√π·e^(−z²)·Σ 2ⁿz^(2n+1)/(2n+1)!!, all terms of one sign (Abramowitz and Stegun 7.1.6). Beyond: erfc z = e^(−z²)/√π over the
/// continued fraction z + ½/(z + 1/(z + 1½/(z + …))) (7.1.14), 60 terms. Relative error of the smaller of erf and erfc below 1e-13.
/// </remarks>
static class GaussError
{
    const double Near = 3, InverseSqrtPi = 0.5641895835477563;
    const int Terms = 60;

    /// <summary>2·Φ(√2·z) = 1 + erf z, by erfc where z is below 0: nothing cancels far out.</summary>
    public static double OnePlus(double z)
    {
        if (double.IsNaN(z)) return z;
        double size = Math.Abs(z);
        if (size < Near)
        {
            double erf = Series(size);
            return z < 0 ? 1 - erf : 1 + erf;
        }
        double rest = Fraction(size);
        return z < 0 ? rest : 2 - rest;
    }

    static double Series(double z)
    {
        double term = z, sum = z, twice = 2 * z * z;
        for (int n = 1; term > 1e-18 * sum; n++)
        {
            term *= twice / (2 * n + 1);
            sum += term;
        }
        return 2 * InverseSqrtPi * Elementary.Exp(-z * z) * sum;
    }

    static double Fraction(double z)
    {
        double below = z;
        for (int n = Terms; n > 0; n--) below = z + n * 0.5 / below;
        return InverseSqrtPi * Elementary.Exp(-z * z) / below;
    }
}
