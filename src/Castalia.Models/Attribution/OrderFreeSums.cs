namespace Castalia.Attribution;

/// <summary>Sums of float64 values that are cut to multiples of 2⁻⁶⁰ first and added as whole numbers: no order of adding changes a bit.</summary>
sealed class OrderFreeSums(int count)
{
    /// <summary>Largest value that is added.</summary>
    public const double Most = 1L << 40;

    const int FineBits = 50;
    const double Coarse = 1 << 10, Fine = 1L << FineBits; // 2¹⁰ steps to 1, and 2⁵⁰ to each of these

    readonly long[] _coarse = new long[count], _fine = new long[count];

    /// <summary>Adds a value to each.</summary>
    /// <exception cref="OverflowException">A value above <see cref="Most"/>, or no number.</exception>
    public void Add(ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++) Add(i, values[i]);
    }

    /// <summary>Adds value i to sum 2i where it is below 0, else to sum 2i + 1.</summary>
    /// <exception cref="OverflowException">The same.</exception>
    public void AddBySign(ReadOnlySpan<double> values)
    {
        for (int i = 0; i < values.Length; i++) Add(2 * i + (values[i] < 0 ? 0 : 1), values[i]);
    }

    void Add(int i, double value)
    {
        if (!(Math.Abs(value) <= Most)) throw new OverflowException(FormattableString.Invariant($"{value} is too large to be added."));
        double scaled = value * Coarse, whole = Math.Floor(scaled);
        long fine = _fine[i] + (long)((scaled - whole) * Fine);
        _coarse[i] += (long)whole + (fine >> FineBits);
        _fine[i] = fine & ((1L << FineBits) - 1);
    }

    /// <summary>Sums added up over several and divided by a number.</summary>
    /// <param name="number">The number.</param>
    /// <param name="of">Of equal length.</param>
    public static double[] Means(int number, params ReadOnlySpan<OrderFreeSums> of) => Means(number, step: 1, upTo: 1, of);

    /// <summary>The same of sums by sign, of both signs together.</summary>
    public static double[] MeansOfBoth(int number, params ReadOnlySpan<OrderFreeSums> of) => Means(number, step: 2, upTo: 2, of);

    /// <summary>The same of what is below 0.</summary>
    public static double[] MeansBelow(int number, params ReadOnlySpan<OrderFreeSums> of) => Means(number, step: 2, upTo: 1, of);

    static double[] Means(int number, int step, int upTo, ReadOnlySpan<OrderFreeSums> of)
    {
        double[] means = new double[of[0]._coarse.Length / step];
        for (int i = 0; i < means.Length; i++)
        {
            long coarse = 0, fine = 0;
            foreach (var sums in of)
            {
                for (int k = step * i; k < step * i + upTo; k++)
                {
                    coarse += sums._coarse[k];
                    fine += sums._fine[k];
                }
            }
            means[i] = (coarse + fine / Fine) / Coarse / number;
        }
        return means;
    }
}
