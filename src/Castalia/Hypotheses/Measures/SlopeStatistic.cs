using Castalia.Statistics;

namespace Castalia.Hypotheses.Measures;

/// <summary>Slope of one column on another, others held fixed, rows of one cluster related in any way.</summary>
static class SlopeStatistic
{
    public static Statistic Value { get; } = new("slope",
        "Slope of `of` on `on` by least squares, beside the numbers in `given` and an indicator for each category of `within`; standard errors " +
        "robust to `clusters` (CR1), t with clusters − 1 degrees of freedom. `standardised`: both divided by their standard deviations first.",
        ["of", "on", "clusters"], ["given", "within", "standardised"],
        ["n", "clusters", "slope", "se", "low", "high", "t", "p", "intercept", "intercept_low", "intercept_high"], Of);

    static MeasureResult Of(Measure test, MeasureRows sample)
    {
        var (rows, notes) = sample.Complete([test.Of!, test.On!, test.Clusters!, .. test.Given, .. test.Within]);
        double[] y = rows.Numbers(test.Of!), x = rows.Numbers(test.On!);
        if (test.Standardised)
        {
            if (Standardised(y) is not { } unitY || Standardised(x) is not { } unitX)
                return MeasureResult.Undefined(test, rows.Count, "one side does not vary, so it has no standard deviation to divide by", notes);
            (y, x) = (unitY, unitX);
        }
        List<IReadOnlyList<double>> columns = [x, .. test.Given.Select(rows.Numbers)];
        List<string> names = [test.On!.Name, .. test.Given.Select(column => column.Name)];
        foreach (var within in test.Within)
        {
            string[] labels = rows.Labels(within);
            foreach (string label in labels.Distinct().Order(StringComparer.Ordinal).Skip(1)) // the first is what the intercept stands for
            {
                columns.Add([.. labels.Select(l => l == label ? 1.0 : 0)]);
                names.Add($"{within.Name} {label}");
            }
        }
        var fit = Regression.Clustered(columns, y, rows.Labels(test.Clusters!), names);
        Figure<double> Slope(Func<RegressionCoefficient, double> number) => Part.Of(fit, f => number(f.Coefficients[1]));
        Figure<double> Intercept(Func<RegressionCoefficient, double> number) => Part.Of(fit, f => number(f.Coefficients[0]));
        return new(new Dictionary<string, Figure<double>>
        {
            ["n"] = Figure<double>.Of(rows.Count),
            ["clusters"] = Figure<double>.Of(rows.Labels(test.Clusters!).Distinct().Count()),
            ["slope"] = Slope(c => c.Value),
            ["se"] = Slope(c => c.Se),
            ["low"] = Slope(c => c.Interval95.Low),
            ["high"] = Slope(c => c.Interval95.High),
            ["t"] = Slope(c => c.T),
            ["p"] = Slope(c => c.P),
            ["intercept"] = Intercept(c => c.Value),
            ["intercept_low"] = Intercept(c => c.Interval95.Low),
            ["intercept_high"] = Intercept(c => c.Interval95.High),
        }, notes);
    }

    /// <summary>Deviations from the mean in standard deviations (n − 1); null where there is no spread.</summary>
    static double[]? Standardised(double[] values)
    {
        if (values.Length < 2 || Array.TrueForAll(values, v => v == values[0])) return null;
        if (Describe.Sd(values).Value is not { } sd || sd == 0) return null;
        double mean = Describe.Mean(values);
        return [.. values.Select(v => (v - mean) / sd)];
    }
}
