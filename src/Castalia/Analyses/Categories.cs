using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>Gain by category, as it is and with length and entropy regressed out.</summary>
/// <param name="Sample">The readings: last tokens, one per prompt.</param>
/// <param name="Groups">Each category, in order of first appearance; none where prompts have no categories.</param>
/// <param name="OfGain">Gain compared over categories.</param>
/// <param name="OfEntropy">Entropy compared.</param>
/// <param name="OfTokens">Token counts compared.</param>
/// <param name="OfAdjusted">Residual gains compared.</param>
/// <param name="RegressedOut">What the residuals are free of: log tokens, entropy; less those that do not vary.</param>
/// <param name="NotRegressedOut">What could not be regressed out, with the reasons.</param>
/// <param name="Covariance">Whether categories add to length and entropy in one model.</param>
sealed record Categories(
    GainSample Sample, IReadOnlyList<CategoryGroup> Groups, CategoryComparison OfGain, CategoryComparison OfEntropy, CategoryComparison OfTokens,
    CategoryComparison OfAdjusted, IReadOnlyList<string> RegressedOut, IReadOnlyList<string> NotRegressedOut, Figure<CovarianceTest> Covariance)
{
    /// <summary>Every figure; with no groups where prompts have no categories.</summary>
    /// <param name="sample">One reading per prompt.</param>
    /// <param name="seed">Of the bootstrap intervals.</param>
    /// <param name="cancellation">Stops between resamples.</param>
    public static Categories Of(GainSample sample, long seed, CancellationToken cancellation = default)
    {
        var names = sample.Categories;
        var controls = Controls.None.WithLength(sample).WithEntropy(sample);
        var residuals = Residuals(sample, controls);
        List<List<int>> rows = [.. names.Select(name => Enumerable.Range(0, sample.Points.Count).Where(i => sample.Points[i].Category == name).ToList())];
        double[] tokens = [.. sample.Points.Select(p => (double)p.Length)];
        return new(
            sample,
            [.. names.Select((name, i) => new CategoryGroup(
                name, Estimate(sample.Gains, i), Estimate(sample.Entropies, i), Estimate(tokens, i),
                rows[i].Count(row => sample.Points[row].Gain < 1),
                residuals.Length == 0 ? Describe.Of([], seed) : Estimate(residuals, i)))],
            Compare(sample.Gains), Compare(sample.Entropies), Compare(tokens),
            residuals.Length == 0 ? new(Figure<KruskalWallisTest>.Undefined("there is no regression to take residuals of"), []) : Compare(residuals),
            controls.Names, controls.LeftOut,
            CovarianceTest.Of(sample, controls));

        Estimate Estimate(double[] values, int group) => Describe.Of([.. rows[group].Select(row => values[row])], seed, cancellation);

        CategoryComparison Compare(double[] values) =>
            CategoryComparison.Of(names, [.. rows.Select(IReadOnlyList<double> (group) => [.. group.Select(row => values[row])])]);
    }

    /// <summary>Gain less its regression on the controls; empty where there is none.</summary>
    static double[] Residuals(GainSample sample, Controls controls)
    {
        if (controls.Columns.Count == 0) return [];
        var fit = Fit.Of(controls.Columns, sample.Gains, null, controls.ColumnNames);
        if (fit.Value is not { } f) return [];
        return [.. sample.Points.Select((p, i) =>
            p.Gain - f.Coefficients[0].Value - controls.Columns.Select((column, c) => f.Coefficients[c + 1].Value * column[i]).Sum())];
    }
}
