using MathNet.Numerics;

namespace Castalia.Statistics.Distributions;

/// <summary>The range of k normal values over an independent estimate of their standard deviation.</summary>
/// <remarks>
/// P(Q > q) = ∫ f(s) P(range > qs) ds, with S² a chi-squared variable over its ν degrees of freedom and P(range ≤ w) = k ∫ φ(z) (Φ(z) − Φ(z − w))^(k−1) dz. Both integrals by the trapezoidal rule
/// over the whole line, of positive terms only, as in <see cref="NoncentralT"/>; of two values it is Student's t. MathNet.Numerics has no such distribution.
/// </remarks>
static class StudentizedRange
{
    /// <summary>Beyond this |z| the normal density is below 1e-22.</summary>
    const double Reach = 10;

    /// <summary>P(Q > q).</summary>
    /// <param name="q">0 or more.</param>
    /// <param name="values">k, 2 or more.</param>
    /// <param name="df">Degrees of freedom of the standard deviation, above 0.</param>
    public static double Survival(double q, int values, double df)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values, 2);
        if (q <= 0) return 1;
        if (values == 2) return StudentT.TwoSided(q / Constants.Sqrt2, df);
        if (double.IsInfinity(q)) return 0;
        var range = new NormalRange(values);
        double step = Math.Min(0.1, 0.5 / Math.Sqrt(2 * df + Reach * Reach)), top = Math.Sqrt(df / Math.PI) * Math.Exp(-Stirling.Remainder(df / 2)) * step, tail = 0;
        for (int k = 0; Add(k * step); k++) { }
        for (int k = -1; Add(k * step); k--) { }
        return Math.Min(1, tail);

        // The density of ln S, largest at 0, as in NoncentralT.OverScale.
        bool Add(double w)
        {
            double exponent = df * (w - (Math.Abs(w) < 1 ? Math.Sinh(w) * Math.Exp(w) : (Math.Exp(2 * w) - 1) / 2));
            if (!(exponent >= -45)) return false; // what is left out is below 1e-19
            tail += top * Math.Exp(exponent) * range.Survival(q * Math.Exp(w));
            return true;
        }
    }

    /// <summary>q with P(Q > q) = p.</summary>
    /// <param name="p">Above 0, below 1.</param>
    /// <param name="values">k, 2 or more.</param>
    /// <param name="df">Degrees of freedom, above 0.</param>
    public static double UpperQuantile(double p, int values, double df)
    {
        if (values == 2) return Constants.Sqrt2 * StudentT.UpperQuantile(p / 2, df);
        // Between the range of two and Bonferroni's bound for all pairs.
        double low = Math.Log(Constants.Sqrt2 * StudentT.UpperQuantile(p / 2, df)), high = Math.Log(Constants.Sqrt2 * StudentT.UpperQuantile(p / (values * (values - 1.0)), df));
        return Math.Exp(Root.Between(logQ => Survival(Math.Exp(logQ), values, df) / p - 1, low - 1e-9, high + 1e-9, absolute: 1e-11));
    }

    /// <summary>The range of k values of variance 1.</summary>
    sealed class NormalRange
    {
        readonly int _values;
        readonly double _step;
        readonly double[] _z, _density, _below; // at the points of the rule

        public NormalRange(int values)
        {
            _values = values;
            _step = 0.6 / Math.Sqrt(values); // of k factors with error functions: an error below e⁻⁵⁰
            int reach = (int)(Reach / _step);
            _z = [.. Enumerable.Range(-reach, 2 * reach + 1).Select(i => i * _step)];
            _density = [.. _z.Select(z => _step * Math.Exp(-z * z / 2) * Constants.InvSqrt2Pi)];
            _below = [.. _z.Select(StandardNormal.Cdf)];
        }

        /// <summary>1 − k ∫ φ (a − c)^(k−1), c = Φ(z − w): k ∫ φ (a^(k−1) − (a − c)^(k−1)), the difference as c·Σ a^i (a − c)^(k−2−i), which keeps its digits.</summary>
        public double Survival(double w)
        {
            double sum = 0;
            for (int i = 0; i < _z.Length; i++)
            {
                double a = _below[i], c = StandardNormal.Cdf(_z[i] - w), inside = Math.Max(0, a - c), powers = 1, ofA = 1;
                for (int j = 1; j < _values - 1; j++) powers = powers * inside + (ofA *= a);
                sum += _density[i] * c * powers;
            }
            return Math.Min(1, _values * sum);
        }
    }
}
