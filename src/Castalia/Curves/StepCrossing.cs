using Castalia.Statistics;

namespace Castalia.Curves;

/// <summary>Where the mean of a reading passes a value between two measured steps.</summary>
/// <param name="Step">Where the line through the two means meets the value.</param>
/// <param name="IsFall">From at least the value to below it; else the other way.</param>
/// <param name="After">The measured step before it.</param>
/// <param name="Until">The measured step at or behind it.</param>
/// <param name="Interval95">Percentiles over prompts drawn again of the nearest crossing in the same direction, nearest by ln(1 + step).</param>
readonly record struct StepCrossing(double Step, bool IsFall, long After, long Until, Figure<Interval> Interval95)
{
    /// <summary>Every crossing of a curve, ascending.</summary>
    /// <param name="steps">Steps, ascending.</param>
    /// <param name="means">Resampled means at them.</param>
    /// <param name="value">The value.</param>
    public static IReadOnlyList<StepCrossing> All(IReadOnlyList<long> steps, ResampledMeans means, double value)
    {
        double[] sample = [.. means.Means];
        return
        [
            .. from at in Enumerable.Range(1, steps.Count - 1)
               where IsBetween(sample, at, value)
               let step = Place(steps, sample, at, value)
               let isFall = sample[at] < value
               select new StepCrossing(step, isFall, steps[at - 1], steps[at], means.Interval95(drawn => Nearest(steps, drawn, value, step, isFall))),
        ];
    }

    /// <summary>The crossing nearest to another, of the same direction; NaN for none.</summary>
    static double Nearest(IReadOnlyList<long> steps, ReadOnlySpan<double> means, double value, double to, bool isFall)
    {
        double nearest = double.NaN, least = double.PositiveInfinity;
        for (int at = 1; at < steps.Count; at++)
        {
            if (!IsBetween(means, at, value) || means[at] < value != isFall) continue;
            double step = Place(steps, means, at, value), distance = Math.Abs(Math.Log((1 + step) / (1 + to)));
            if (distance < least) (nearest, least) = (step, distance);
        }
        return nearest;
    }

    static bool IsBetween(ReadOnlySpan<double> means, int at, double value) =>
        !double.IsNaN(means[at - 1]) && !double.IsNaN(means[at]) && means[at - 1] < value != means[at] < value;

    static double Place(IReadOnlyList<long> steps, ReadOnlySpan<double> means, int at, double value) =>
        steps[at - 1] + (steps[at] - steps[at - 1]) * ((value - means[at - 1]) / (means[at] - means[at - 1]));
}
