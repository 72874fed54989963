using Castalia.Statistics;
using Castalia.Statistics.Distributions;

namespace Castalia.Analyses;

/// <summary>Analysis of covariance: whether categories add to length and entropy, in one least-squares model.</summary>
/// <param name="N">Prompts.</param>
/// <param name="F">Of the category columns together.</param>
/// <param name="Df1">Category columns.</param>
/// <param name="Df2">Degrees of freedom left.</param>
/// <param name="P">Upper tail of F.</param>
/// <param name="PartialR2">Share of the variance left by length and entropy that the categories take up.</param>
/// <remarks>Residuals that are compared afterwards understate categories that go with length or entropy; here neither comes first.</remarks>
readonly record struct CovarianceTest(int N, double F, int Df1, int Df2, double P, double PartialR2) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { F, P, PartialR2 };

    /// <summary>The test; undefined without categories, without controls and with too few prompts.</summary>
    public static Figure<CovarianceTest> Of(GainSample sample, Controls controls)
    {
        var all = controls.WithCategory(sample);
        int df1 = all.Columns.Count - controls.Columns.Count, df2 = sample.Points.Count - all.Columns.Count - 1;
        if (df1 == 0) return Figure<CovarianceTest>.Undefined(all.LeftOut[^1]);
        if (controls.Columns.Count == 0) return Figure<CovarianceTest>.Undefined(string.Join("; ", controls.LeftOut));
        var full = Fit.Of(all.Columns, sample.Gains, null, all.ColumnNames);
        var without = Fit.Of(controls.Columns, sample.Gains, null, controls.ColumnNames);
        if (full.Value is not { } f) return Figure<CovarianceTest>.Undefined(full.UndefinedBecause!);
        if (without.Value is not { } w) return Figure<CovarianceTest>.Undefined(without.UndefinedBecause!);
        if (f.R2 >= 1) return Figure<CovarianceTest>.Undefined("the model fits every prompt exactly");
        double statistic = Math.Max(0, f.R2 - w.R2) / df1 / ((1 - f.R2) / df2);
        return Figure<CovarianceTest>.Of(new(
            sample.Points.Count, statistic, df1, df2, FisherF.Survival(statistic, df1, df2), Math.Max(0, f.R2 - w.R2) / (1 - w.R2)));
    }
}
