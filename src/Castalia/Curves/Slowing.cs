using Castalia.Statistics;

namespace Castalia.Curves;

/// <summary>Lag-1 autocorrelation of a reading's mean over evenly spaced steps, in windows: it rises where a system recovers ever more slowly before a bifurcation (Scheffer et al. 2009, Nature 461:53).</summary>
/// <param name="From">First step of the longest evenly spaced stretch.</param>
/// <param name="To">Last step of it.</param>
/// <param name="Spacing">Steps between neighbours.</param>
/// <param name="Points">Measured steps in it.</param>
/// <param name="Window">Points of a window: half of them.</param>
/// <param name="First">Autocorrelation in the first window, after its least-squares line was taken out.</param>
/// <param name="Last">In the last.</param>
/// <param name="Trend">Kendall's τ of autocorrelation and window; no p, because windows overlap.</param>
readonly record struct Slowing(long From, long To, long Spacing, int Points, int Window, double First, double Last, double Trend)
{
    const int Fewest = 8;

    /// <summary>Of a curve; undefined below eight evenly spaced steps, and where the means lie on a line in a window.</summary>
    /// <param name="steps">Steps, ascending.</param>
    /// <param name="means">Means at them.</param>
    public static Figure<Slowing> Of(IReadOnlyList<long> steps, IReadOnlyList<double> means)
    {
        var (start, count) = Longest(steps);
        if (count < Fewest) return Figure<Slowing>.Undefined($"{count} steps in a row are evenly spaced, {Fewest} are needed");
        int window = (count + 1) / 2;
        double[] found = [.. Enumerable.Range(start, count - window + 1).Select(from => Autocorrelation([.. means.Skip(from).Take(window)]))];
        if (found.Any(double.IsNaN)) return Figure<Slowing>.Undefined("the means of a window lie on a line");
        var trend = KendallTau.Of([.. Enumerable.Range(0, found.Length).Select(i => (double)i)], found);
        return trend.Value is { } tau
            ? Figure<Slowing>.Of(new(steps[start], steps[start + count - 1], steps[start + 1] - steps[start], count, window, found[0], found[^1], tau.Tau))
            : Figure<Slowing>.Undefined(trend.UndefinedBecause!);
    }

    /// <summary>Σ eᵢ·eᵢ₊₁ / Σ eᵢ² of the residuals of the least-squares line; NaN where there are none.</summary>
    internal static double Autocorrelation(double[] values)
    {
        int n = values.Length;
        double middle = (n - 1) / 2.0, mean = values.Average(), xx = 0, xy = 0, largest = values.Max(Math.Abs);
        for (int i = 0; i < n; i++)
        {
            xx += (i - middle) * (i - middle);
            xy += (i - middle) * (values[i] - mean);
        }
        double[] left = [.. values.Select((value, i) => value - mean - xy / xx * (i - middle))];
        double squares = left.Sum(e => e * e), products = 0;
        for (int i = 1; i < n; i++) products += left[i - 1] * left[i];
        const double Rounding = 1e-12;
        return Math.Sqrt(squares / n) <= Rounding * largest ? double.NaN : products / squares;
    }

    /// <summary>The longest stretch of equal distances, of equally long ones the last.</summary>
    static (int Start, int Count) Longest(IReadOnlyList<long> steps)
    {
        (int Start, int Count) longest = (0, Math.Min(steps.Count, 1));
        for (int start = 0; start + 1 < steps.Count; start++)
        {
            int end = start + 1;
            while (end + 1 < steps.Count && steps[end + 1] - steps[end] == steps[start + 1] - steps[start]) end++;
            if (end - start + 1 >= longest.Count) longest = (start, end - start + 1);
        }
        return longest;
    }
}
