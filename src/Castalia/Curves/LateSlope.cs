using Castalia.Statistics;

namespace Castalia.Curves;

/// <summary>Whether a reading still moves when training ends.</summary>
enum Drift
{
    /// <summary>No bound is stated for the reading, or the interval is undefined.</summary>
    Unjudged,
    /// <summary>The slope's interval lies beyond the bound.</summary>
    Drifting,
    /// <summary>It lies within.</summary>
    Settled,
    /// <summary>It reaches over the bound.</summary>
    Undecided,
}

/// <summary>The slope of a reading's mean near the end of what was measured.</summary>
/// <param name="From">First step of it.</param>
/// <param name="Steps">Measured steps of it.</param>
/// <param name="Slope">Change per unit of ln step, least squares over those steps.</param>
/// <param name="Interval95">Percentiles over prompts drawn again; no spread between trainings is in it.</param>
/// <param name="Verdict">Against the reading's bound.</param>
readonly record struct LateSlope(long From, int Steps, double Slope, Figure<Interval> Interval95, Drift Verdict)
{
    /// <summary>The steps from this share of the last on: 100,000 of 143,000, as hypothesis h9 has it.</summary>
    public const double Share = 0.7;

    const int Fewest = 3;

    /// <summary>Of a curve; undefined below three steps.</summary>
    /// <param name="steps">Steps, ascending.</param>
    /// <param name="means">Resampled means at them.</param>
    /// <param name="settled">Slope up to which it counts as settled; null for none.</param>
    public static Figure<LateSlope> Of(IReadOnlyList<long> steps, ResampledMeans means, double? settled)
    {
        int first = Enumerable.Range(0, steps.Count).First(at => steps[at] >= Share * steps[^1] && steps[at] > 0 || at == steps.Count - 1), count = steps.Count - first;
        if (count < Fewest) return Figure<LateSlope>.Undefined(FormattableString.Invariant($"from {Share:0 %} of the last step on there are {count}, a slope needs {Fewest}"));
        double[] x = [.. steps.Skip(first).Select(step => Math.Log(step))];
        double mean = x.Average(), squares = x.Sum(one => (one - mean) * (one - mean));
        double Slope(ReadOnlySpan<double> of)
        {
            double sum = 0;
            for (int i = 0; i < x.Length; i++) sum += (x[i] - mean) * of[first + i];
            return sum / squares;
        }
        var interval = means.Interval95(Slope);
        return Figure<LateSlope>.Of(new(steps[first], count, Slope([.. means.Means]), interval, Judged(interval.Value, settled)));
    }

    static Drift Judged(Interval? interval, double? settled) => (interval, settled) switch
    {
        (not { }, _) or (_, null) => Drift.Unjudged,
        ({ } i, { } bound) => i.Low > bound || i.High < -bound ? Drift.Drifting : i.Low >= -bound && i.High <= bound ? Drift.Settled : Drift.Undecided,
    };
}
