using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>Difference of two groups' means.</summary>
static class DifferenceStatistic
{
    public static Statistic Value { get; } = new("difference",
        "Mean of `of` where `on` is true minus its mean where `on` is false, variances unequal (Welch): 95 % interval and two-sided p. Rows count as independent, " +
        "unless `clusters` names what those that are not share: then errors robust to it (CR1, t with clusters − 1 degrees of freedom).",
        ["of", "on"], ["clusters"], ["n", "n_with", "n_without", "mean_with", "mean_without", "difference", "low", "high", "t", "p"], Of);

    static MeasureResult Of(Measure test, MeasureRows sample)
    {
        var (rows, notes) = sample.Complete(ColumnCheck.Columns(test));
        double[] values = rows.Numbers(test.Of!), groups = rows.Numbers(test.On!);
        double[] with = [.. values.Where((_, i) => groups[i] == 1)], without = [.. values.Where((_, i) => groups[i] == 0)];
        if (test.Clusters is { } by)
        {
            var slope = Regression.Clustered([groups], values, rows.Labels(by), [test.On!.Name]).Then(f => Figure<RegressionCoefficient>.Of(f.Coefficients[1]));
            var difference = with.Length == 0 || without.Length == 0 ? Figure<double>.Undefined("a group is empty") : Figure<double>.Of(Describe.Mean(with) - Describe.Mean(without));
            return Result(difference, Part.Of(slope, s => s.Interval95.Low), Part.Of(slope, s => s.Interval95.High), Part.Of(slope, s => s.T), Part.Of(slope, s => s.P));
        }
        var welch = TwoSample.Welch(with, without);
        return Result(Part.Of(welch, w => w.Difference), Part.Of(welch, w => w.Interval95.Low), Part.Of(welch, w => w.Interval95.High), Part.Of(welch, w => w.T), Part.Of(welch, w => w.PTwoSided));

        MeasureResult Result(Figure<double> difference, Figure<double> low, Figure<double> high, Figure<double> t, Figure<double> p) => new(new Dictionary<string, Figure<double>>(Part.Clusters(test, rows))
        {
            ["n"] = Figure<double>.Of(values.Length),
            ["n_with"] = Figure<double>.Of(with.Length),
            ["n_without"] = Figure<double>.Of(without.Length),
            ["mean_with"] = Mean(with),
            ["mean_without"] = Mean(without),
            ["difference"] = difference,
            ["low"] = low,
            ["high"] = high,
            ["t"] = t,
            ["p"] = p,
        }, notes);
    }

    static Figure<double> Mean(double[] values) =>
        values.Length == 0 ? Figure<double>.Undefined("the group is empty") : Figure<double>.Of(Describe.Mean(values));
}
