using Castalia.Curves;
using Castalia.Statistics;
using Castalia.Store;

namespace Castalia.Tests.Curves;

/// <summary>Series whose readings and weights are given.</summary>
static class Planted
{
    /// <summary>Weights w of each step, a reading for each of some prompts.</summary>
    public static StepSeries Series(params (long Step, string Weights, double[] Values)[] steps) => new("/twins/cell", "set", null, steps[0].Values.Length,
        [.. steps.Select(step => new MeasuredStep(step.Step, "run", $"step{step.Step}", new(step.Weights, "a", IdentityBasis.Tensors), step.Values))]);

    /// <summary>The same with weights of its own at every step.</summary>
    public static StepSeries Series(params (long Step, double[] Values)[] steps) => Series([.. steps.Select(step => (step.Step, $"w{step.Step}", step.Values))]);

    /// <summary>Prompts around a mean, ± a spread by turns.</summary>
    public static double[] Around(double mean, double spread = 0.1, int prompts = 20) => [.. Enumerable.Range(0, prompts).Select(i => mean + spread * (2.0 * i / (prompts - 1) - 1))];

    /// <summary>The curve of a reading.</summary>
    public static Curve Curve(StepSeries series, string reading = "gain") => Castalia.Curves.Curve.Of(series, CurveReading.Of(reading), 1, CancellationToken.None);

    /// <summary>Means over prompts and resamples of them.</summary>
    public static ResampledMeans Means(StepSeries series) => ResampledMeans.Of([.. series.Steps.Select(step => step.Values)], 2000, 1, CancellationToken.None);
}
