using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>Mean of a column, with its interval.</summary>
static class MeanStatistic
{
    /// <summary>Seed of the bootstrap, that which <c>castalia measure</c> takes unless told.</summary>
    const long Seed = 1;

    public static Statistic Value { get; } = new("mean",
        "Mean of `of`, its standard deviation (n − 1) and 95 % BCa bootstrap interval (10,000 resamples, seed 1); t and two-sided p against `against`.",
        ["of", "against"], [], ["n", "mean", "sd", "low", "high", "t", "p"], Of);

    static MeasureResult Of(Measure test, MeasureRows sample)
    {
        var (rows, notes) = sample.Complete([test.Of!]);
        double[] values = rows.Numbers(test.Of!);
        var estimate = Describe.Of(values, Seed);
        var t = OneSampleT.Of(values, test.Against);
        return new(new Dictionary<string, Figure<double>>
        {
            ["n"] = Figure<double>.Of(values.Length),
            ["mean"] = estimate.Mean,
            ["sd"] = estimate.Sd,
            ["low"] = Part.Of(estimate.Interval95, i => i.Low),
            ["high"] = Part.Of(estimate.Interval95, i => i.High),
            ["t"] = Part.Of(t, x => x.T),
            ["p"] = Part.Of(t, x => x.PTwoSided),
        }, notes);
    }
}

/// <summary>A number out of a figure.</summary>
static class Part
{
    /// <summary>The number, undefined where the figure is.</summary>
    public static Figure<double> Of<T>(Figure<T> figure, Func<T, double> number) where T : struct =>
        figure.Value is { } value ? Figure<double>.Of(number(value)) : Figure<double>.Undefined(figure.UndefinedBecause!);

    /// <summary>A number out of a figure that is itself part of one.</summary>
    public static Figure<double> Of<T, TInner>(Figure<T> figure, Func<T, Figure<TInner>> inner, Func<TInner, double> number)
        where T : struct where TInner : struct =>
        figure.Value is { } value ? Of(inner(value), number) : Figure<double>.Undefined(figure.UndefinedBecause!);
}
