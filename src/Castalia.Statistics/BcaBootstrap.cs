namespace Castalia.Statistics;

/// <summary>Bias-corrected and accelerated bootstrap interval of a mean, 95 % (Efron 1987, JASA 82:171).</summary>
static class BcaBootstrap
{
    /// <summary>Resampled means this close to the mean, relative to the largest value, are ties: summation order differs between them.</summary>
    const double TieWidth = 1e-12;

    /// <summary>Between these, sums, and differences as small as ties, keep their digits.</summary>
    const double Smallest = 1e-280, Largest = 1e300;

    /// <summary>The interval; undefined for fewer than two values, for values that are all equal and for ones that are not finite.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="resamples">How many resamples.</param>
    /// <param name="seed">Seed of the indices.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static Figure<Interval> OfMean(IReadOnlyList<double> values, int resamples, long seed, CancellationToken cancellation = default)
    {
        if (values.Count < 2) return Figure<Interval>.Undefined($"n = {values.Count} cannot be resampled");
        if (SampleFlaw.Of(values, "the sample") is { } flaw) return Figure<Interval>.Undefined(flaw);
        double largest = values.Max(Math.Abs);
        if (largest > Largest / values.Count) return Figure<Interval>.Undefined("the sum of the values leaves the range of float64");
        if (largest is > 0 and < Smallest) return Figure<Interval>.Undefined("the values are so small that float64 has no digits for their differences");
        var stream = new IndexStream(seed);
        double[] sample = [.. values];
        double[] means = new double[resamples];
        for (int b = 0; b < resamples; b++)
        {
            cancellation.ThrowIfCancellationRequested();
            double sum = 0;
            for (int i = 0; i < sample.Length; i++) sum += sample[stream.Below(sample.Length)];
            means[b] = sum / sample.Length;
        }
        var parts = FromMeans(values, means);
        return parts.Value is { } p ? Figure<Interval>.Of(p.Interval) : Figure<Interval>.Undefined(parts.UndefinedBecause!);
    }

    /// <summary>The mean, summed in the order given: intervals and correlations of stored runs have their last bits from it.</summary>
    internal static double RunningMean(IReadOnlyList<double> values)
    {
        double sum = 0;
        foreach (double x in values) sum += x;
        return sum / values.Count;
    }

    /// <summary>The interval from resampled means that are already there; sorts them.</summary>
    internal static Figure<BcaParts> FromMeans(IReadOnlyList<double> values, double[] means)
    {
        double mean = RunningMean(values), tie = TieWidth * values.Max(Math.Abs);
        if (values.Max() - values.Min() <= tie) return Figure<BcaParts>.Undefined("all values are equal");
        int n = values.Count;
        double sum = mean * n;
        double[] without = [.. values.Select(x => (sum - x) / (n - 1))];
        Array.Sort(means);
        return Bca.Of(mean, means, without, tie, "every resampled mean lies on one side of the mean");
    }
}
