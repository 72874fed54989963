using Castalia.Statistics;

namespace Castalia.Curves;

/// <summary>A step of a curve.</summary>
/// <param name="At">The step, as it was measured.</param>
/// <param name="Estimate">Mean over the prompts that have the reading, sd, and 95 % BCa interval of the mean.</param>
/// <param name="Below">Prompts below the reading's reference; null where it has none.</param>
sealed record CurvePoint(MeasuredStep At, Estimate Estimate, int? Below)
{
    /// <summary>The step.</summary>
    public long Step => At.Step;
}

/// <summary>A reading of one training over its steps.</summary>
sealed record Curve
{
    /// <summary>Resamples behind the intervals of crossings and slopes.</summary>
    public const int Resamples = Describe.Resamples;

    /// <summary>Which steps, on which prompts.</summary>
    public required StepSeries Series { get; init; }

    /// <summary>The steps, ascending.</summary>
    public required IReadOnlyList<CurvePoint> Points { get; init; }

    /// <summary>Where the mean crosses the reading's reference; empty where it does not, and without one.</summary>
    public required IReadOnlyList<StepCrossing> Crossings { get; init; }

    /// <summary>The first step whose mean lies outside the interval of the first step's.</summary>
    public required Figure<long> Onset { get; init; }

    /// <summary>The first step from which on every mean lies within the interval of the last step's.</summary>
    public required Figure<long> Freeze { get; init; }

    /// <summary>The slope near the end.</summary>
    public required Figure<LateSlope> End { get; init; }

    /// <summary>Lag-1 autocorrelation over steps.</summary>
    public required Figure<Slowing> Slowing { get; init; }

    /// <summary>Of a series.</summary>
    /// <param name="series">At least two steps.</param>
    /// <param name="reading">What is followed.</param>
    /// <param name="seed">Seed of the bootstraps.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static Curve Of(StepSeries series, CurveReading reading, long seed, CancellationToken cancellation)
    {
        List<CurvePoint> points = [.. series.Steps.Select(step =>
        {
            double[] values = [.. step.Values.Where(value => !double.IsNaN(value))];
            return new CurvePoint(step, Describe.Of(values, seed, cancellation), reading.Reference is { } reference ? values.Count(value => value < reference) : null);
        })];
        long[] steps = [.. points.Select(point => point.Step)];
        var means = ResampledMeans.Of([.. series.Steps.Select(step => step.Values)], Resamples, seed, cancellation);
        return new()
        {
            Series = series,
            Points = points,
            Crossings = reading.Reference is { } value ? StepCrossing.All(steps, means, value) : [],
            Onset = OnsetOf(points),
            Freeze = FreezeOf(points),
            End = LateSlope.Of(steps, means, reading.Settled),
            Slowing = means.Means.Any(double.IsNaN) ? Figure<Slowing>.Undefined("a step has no mean") : Curves.Slowing.Of(steps, means.Means),
        };
    }

    static Figure<long> OnsetOf(List<CurvePoint> points) => points[0].Estimate.Interval95.Then(first =>
        points.Find(point => point.Estimate.Mean.Value is { } mean && !first.Contains(mean)) is { } left
            ? Figure<long>.Of(left.Step) : Figure<long>.Undefined("no later mean leaves the interval of the first step's"));

    static Figure<long> FreezeOf(List<CurvePoint> points) => points[^1].Estimate.Interval95.Then(last =>
    {
        int outside = points.FindLastIndex(point => point.Estimate.Mean.Value is not { } mean || !last.Contains(mean));
        return outside >= points.Count - 2 ? Figure<long>.Undefined("the mean before the last lies outside the interval of the last") : Figure<long>.Of(points[outside + 1].Step);
    });
}
