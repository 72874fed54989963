namespace Castalia.Statistics;

/// <summary>A sum whose rounding grows with the logarithm of n, in the order that NumPy sums in.</summary>
/// <remarks>
/// Eight running sums up to 128 values, halves above. Being NumPy's order it gives NumPy's mean to the last bit, about which a third
/// moment of values 1 ± 1e-5 is taken: there that bit is the ninth digit of a small skewness.
/// </remarks>
static class PairwiseSum
{
    const int Lanes = 8, Block = 128;

    /// <summary>Σ x.</summary>
    public static double Of(ReadOnlySpan<double> x)
    {
        if (x.Length > Block)
        {
            int half = x.Length / 2 / Lanes * Lanes;
            return Of(x[..half]) + Of(x[half..]);
        }
        double sum = 0;
        int i = 0;
        if (x.Length >= Lanes)
        {
            Span<double> r = stackalloc double[Lanes];
            x[..Lanes].CopyTo(r);
            for (i = Lanes; i <= x.Length - Lanes; i += Lanes)
                for (int lane = 0; lane < Lanes; lane++) r[lane] += x[i + lane];
            sum = (r[0] + r[1] + (r[2] + r[3])) + (r[4] + r[5] + (r[6] + r[7]));
        }
        for (; i < x.Length; i++) sum += x[i];
        return sum;
    }
}
