namespace Castalia.Statistics;

/// <summary>A sample in eleven figures; all but n and skewness in the unit of the values.</summary>
/// <param name="N">Values.</param>
/// <param name="Mean">Arithmetic mean.</param>
/// <param name="Median">The mean of the two middle values for even n.</param>
/// <param name="Sd">Standard deviation, n − 1 in the variance; undefined for n = 1.</param>
/// <param name="Se">Standard error of the mean, Sd/√n; undefined for n = 1.</param>
/// <param name="Min">Smallest value.</param>
/// <param name="Max">Largest value.</param>
/// <param name="Q25">Lower quartile, type 7 of Hyndman and Fan (1996).</param>
/// <param name="Q75">Upper quartile, type 7.</param>
/// <param name="Skewness">Adjusted Fisher–Pearson skewness G₁; undefined below three values and where they do not vary.</param>
/// <param name="Mad">Median absolute deviation from the median, unscaled.</param>
readonly record struct Description(
    int N, double Mean, double Median, Figure<double> Sd, Figure<double> Se, double Min, double Max, double Q25, double Q75,
    Figure<double> Skewness, double Mad) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Mean, Median, Min, Max, Q25, Q75, Mad };

    internal static Figure<Description> Of(IReadOnlyList<double> values)
    {
        if (Sample.Objection(values, 1, "") is { } why) return Figure<Description>.Undefined(why);
        double[] sorted = [.. values];
        Array.Sort(sorted);
        int n = sorted.Length;
        double median = Describe.Quantile(sorted, 0.5), mean = Describe.Mean(values);
        double[] distances = [.. sorted.Select(x => Math.Abs(x - median))];
        Array.Sort(distances);
        if (!double.IsFinite(mean)) return Figure<Description>.Undefined("the sum of the values leaves the range of float64");
        var sd = Describe.Sd(values);
        return Figure<Description>.Of(new(
            n, mean, median, sd, sd.Then(s => Figure<double>.Of(s / Math.Sqrt(n))), sorted[0], sorted[^1],
            Describe.Quantile(sorted, 0.25), Describe.Quantile(sorted, 0.75), SkewnessOf(values, mean), Describe.Quantile(distances, 0.5)));
    }

    /// <summary>G₁ = √(n(n − 1))/(n − 2) · m₃/m₂^1.5 (Joanes and Gill 1998), m₂ and m₃ the central moments.</summary>
    static Figure<double> SkewnessOf(IReadOnlyList<double> values, double mean)
    {
        double n = values.Count, squares = Describe.Squares(values, mean) / n, cubes = 0;
        if (n < 3) return Figure<double>.Undefined($"n = {n} has no skewness");
        double largest = values.Max(x => Math.Abs(x - mean));
        // The ratio does not depend on the unit; where cubes would overflow or vanish, the largest deviation is it.
        double unit = largest is > 1e100 or < 1e-100 and > 0 ? largest : 1;
        if (!double.IsFinite(largest)) return Figure<double>.Undefined("the cubes of the values leave the range of float64");
        foreach (double x in values) cubes += (x - mean) / unit * ((x - mean) / unit) * ((x - mean) / unit) / n;
        // Deviations below the rounding of the mean are of the rounding, not of the sample.
        if (Sample.IsConstant(values) || largest <= Math.Abs(mean) * 2.3e-16 || !double.IsNormal(largest)) return Figure<double>.Undefined("all values are equal");
        if (unit != 1) squares = values.Sum(x => (x - mean) / unit * ((x - mean) / unit)) / n;
        return Figure<double>.Of(Math.Sqrt(n * (n - 1)) / (n - 2) * cubes / Math.Pow(squares, 1.5));
    }
}
