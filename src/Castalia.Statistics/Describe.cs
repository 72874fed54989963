namespace Castalia.Statistics;

/// <summary>What a sample of prompts says about its mean.</summary>
/// <param name="N">Values it was taken from.</param>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="Sd">Standard deviation, n − 1 in the variance.</param>
/// <param name="Median">Median: the mean of the two middle values for even n (quantile type 7).</param>
/// <param name="Interval95">95 % BCa bootstrap interval of the mean.</param>
sealed record Estimate(int N, Figure<double> Mean, Figure<double> Sd, Figure<double> Median, Figure<Interval> Interval95);

/// <summary>Descriptive statistics of a sample.</summary>
static class Describe
{
    /// <summary>Resamples behind every bootstrap interval Castalia prints.</summary>
    public const int Resamples = 10_000;

    /// <summary>Mean, standard deviation, median and interval of a sample.</summary>
    /// <param name="values">The sample; finite.</param>
    /// <param name="seed">Seed of the bootstrap; the same seed and sample give the same bits.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static Estimate Of(IReadOnlyList<double> values, long seed, CancellationToken cancellation = default)
    {
        const string NoValues = "there are no values";
        int n = values.Count;
        return n == 0
            ? new(0, Figure<double>.Undefined(NoValues), Figure<double>.Undefined(NoValues),
                Figure<double>.Undefined(NoValues), Figure<Interval>.Undefined(NoValues))
            : new(n, Figure<double>.Of(Mean(values)), Sd(values), Figure<double>.Of(Quantile(Sorted(values), 0.5)),
                BcaBootstrap.OfMean(values, Resamples, seed, cancellation));
    }

    /// <summary>Everything about a sample that needs no resampling; undefined where there are no values or one is not finite.</summary>
    /// <param name="values">The sample.</param>
    public static Figure<Description> All(IReadOnlyList<double> values) => Description.Of(values);

    /// <summary>Standard deviation with n − 1; undefined for fewer than two values.</summary>
    public static Figure<double> Sd(IReadOnlyList<double> values)
    {
        if (Sample.Objection(values, 2, "has no spread") is { } why) return Figure<double>.Undefined(why);
        double mean = Mean(values), squares = Squares(values, mean);
        if (double.IsNormal(squares) || Sample.IsConstant(values)) return Figure<double>.Of(Math.Sqrt(squares / (values.Count - 1)));
        // Of deviations whose squares overflow or vanish, in units of the largest.
        double largest = values.Max(x => Math.Abs(x - mean));
        if (!double.IsNormal(largest)) return Figure<double>.Undefined(Pearson.OutOfRange);
        double[] scaled = [.. values.Select(x => (x - mean) / largest)];
        return Figure<double>.Of(largest * Math.Sqrt(Squares(scaled, 0) / (values.Count - 1)));
    }

    /// <summary>Arithmetic mean; of equal values that value, which their sum over n may miss by its rounding. At least one value.</summary>
    internal static double Mean(IReadOnlyList<double> values)
    {
        if (Sample.IsConstant(values)) return values[0];
        double mean = PairwiseSum.Of(values as double[] ?? [.. values]) / values.Count;
        // A sum that overflows: of the values divided first.
        return double.IsFinite(mean) ? mean : PairwiseSum.Of([.. values.Select(x => x / values.Count)]);
    }

    /// <summary>Σ (x − mean)².</summary>
    internal static double Squares(IReadOnlyList<double> values, double mean)
    {
        double[] squares = new double[values.Count];
        for (int i = 0; i < squares.Length; i++) squares[i] = (values[i] - mean) * (values[i] - mean);
        return PairwiseSum.Of(squares);
    }

    /// <summary>Quantile of type 7 (Hyndman and Fan 1996): linear between order statistics at (n − 1)p.</summary>
    /// <param name="sorted">Ascending; at least one value.</param>
    /// <param name="p">0 to 1.</param>
    internal static double Quantile(double[] sorted, double p)
    {
        double at = (sorted.Length - 1) * p;
        int below = (int)at;
        double low = sorted[below], high = sorted[Math.Min(below + 1, sorted.Length - 1)];
        double share = at - below, step = high - low;
        return double.IsFinite(step) ? low + share * step : (1 - share) * low + share * high;
    }

    static double[] Sorted(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted;
    }
}
