using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>Difference of two groups' means.</summary>
static class DifferenceStatistic
{
    public static Statistic Value { get; } = new("difference",
        "Mean of `of` where `on` is true minus its mean where `on` is false, variances unequal (Welch): 95 % interval and two-sided p. Rows count as independent.",
        ["of", "on"], [], ["n", "n_with", "n_without", "mean_with", "mean_without", "difference", "low", "high", "t", "p"], Of);

    static MeasureResult Of(Measure test, MeasureRows sample)
    {
        var (rows, notes) = sample.Complete([test.Of!, test.On!]);
        double[] values = rows.Numbers(test.Of!), groups = rows.Numbers(test.On!);
        double[] with = [.. values.Where((_, i) => groups[i] == 1)], without = [.. values.Where((_, i) => groups[i] == 0)];
        var welch = TwoSample.Welch(with, without);
        return new(new Dictionary<string, Figure<double>>
        {
            ["n"] = Figure<double>.Of(values.Length),
            ["n_with"] = Figure<double>.Of(with.Length),
            ["n_without"] = Figure<double>.Of(without.Length),
            ["mean_with"] = Mean(with),
            ["mean_without"] = Mean(without),
            ["difference"] = Part.Of(welch, w => w.Difference),
            ["low"] = Part.Of(welch, w => w.Interval95.Low),
            ["high"] = Part.Of(welch, w => w.Interval95.High),
            ["t"] = Part.Of(welch, w => w.T),
            ["p"] = Part.Of(welch, w => w.PTwoSided),
        }, notes);
    }

    static Figure<double> Mean(double[] values) =>
        values.Length == 0 ? Figure<double>.Undefined("the group is empty") : Figure<double>.Of(Describe.Mean(values));
}
