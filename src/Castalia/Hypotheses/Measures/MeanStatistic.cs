using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>Mean of a column, with its interval.</summary>
static class MeanStatistic
{
    /// <summary>Seed of the bootstrap, that which <c>castalia measure</c> takes unless told.</summary>
    const long Seed = 1;

    static readonly RememberedEstimates s_estimates = new(Seed);

    public static Statistic Value { get; } = new("mean",
        "Mean of `of`, its standard deviation (n − 1) and 95 % BCa bootstrap interval (10,000 resamples, seed 1); t and two-sided p against `against`. " +
        "With `clusters`, interval, t and p by errors robust to them (CR1, t with clusters − 1 degrees of freedom).",
        ["of", "against"], ["clusters"], ["n", "mean", "sd", "low", "high", "t", "p"], Of);

    static MeasureResult Of(Measure test, MeasureRows sample)
    {
        var (rows, notes) = sample.Complete(ColumnCheck.Columns(test));
        double[] values = rows.Numbers(test.Of!);
        var estimate = s_estimates.Of(values);
        var t = test.Clusters is { } by ? OneSampleT.Clustered(values, rows.Labels(by), test.Against) : OneSampleT.Of(values, test.Against);
        var interval = test.Clusters is null ? estimate.Interval95 : t.Then(x => Figure<Interval>.Of(x.Interval95));
        return new(new Dictionary<string, Figure<double>>(Part.Clusters(test, rows))
        {
            ["n"] = Figure<double>.Of(values.Length),
            ["mean"] = estimate.Mean,
            ["sd"] = estimate.Sd,
            ["low"] = Part.Of(interval, i => i.Low),
            ["high"] = Part.Of(interval, i => i.High),
            ["t"] = Part.Of(t, x => x.T),
            ["p"] = Part.Of(t, x => x.PTwoSided),
        }, notes);
    }
}

/// <summary>A number out of a figure.</summary>
static class Part
{
    /// <summary>How many clusters the rows have, by the field's name; nothing where the test names none.</summary>
    public static Dictionary<string, Figure<double>> Clusters(Measure test, MeasureRows rows) =>
        test.Clusters is { } by ? new() { ["clusters"] = Figure<double>.Of(rows.Clusters(by).Count) } : [];

    /// <summary>95 %, percentiles over clusters drawn again (10,000 resamples, seed 1).</summary>
    public static Figure<Interval> OverClusters(IReadOnlyList<IReadOnlyList<int>> clusters, Func<ReadOnlySpan<int>, double> statistic) =>
        ClusterBootstrap.Of(clusters, statistic, Describe.Resamples, seed: 1).Then(e => Figure<Interval>.Of(e.Percentile));

    /// <summary>The number, undefined where the figure is.</summary>
    public static Figure<double> Of<T>(Figure<T> figure, Func<T, double> number) where T : struct =>
        figure.Value is { } value ? Figure<double>.Of(number(value)) : Figure<double>.Undefined(figure.UndefinedBecause!);

    /// <summary>A number out of a figure that is itself part of one.</summary>
    public static Figure<double> Of<T, TInner>(Figure<T> figure, Func<T, Figure<TInner>> inner, Func<TInner, double> number)
        where T : struct where TInner : struct =>
        figure.Value is { } value ? Of(inner(value), number) : Figure<double>.Undefined(figure.UndefinedBecause!);
}
