using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>The slope of a figure on one predictor, others held fixed by regression.</summary>
/// <param name="N">Readings.</param>
/// <param name="Slope">Change of the figure per unit of the predictor (a nat for entropy).</param>
/// <param name="Se">Standard error; by text where readings are clustered.</param>
/// <param name="P">Against 0, two-sided, Student's t; also the p of the partial correlation where readings are independent.</param>
/// <param name="Interval95">95 %.</param>
/// <param name="Standardized">Slope × sd of the predictor / sd of the figure.</param>
/// <param name="Partial">Correlation of the two once the controls are regressed out of both.</param>
/// <param name="Inflation">Variance inflation: 1/(1 − R²) of the predictor on the controls; 1 where nothing is held fixed.</param>
/// <param name="R2Added">Share of the figure's variance that the predictor adds to the controls.</param>
readonly record struct AdjustedSlope(
    int N, double Slope, double Se, double P, Interval Interval95, double Standardized, double Partial, double Inflation, double R2Added) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Slope, Se, P, Interval95.Low, Interval95.High, Standardized, Partial, Inflation, R2Added };

    /// <summary>The slope; undefined where the regression is.</summary>
    /// <param name="predictor">What the figure may depend on.</param>
    /// <param name="figure">As many.</param>
    /// <param name="controls">What is held fixed.</param>
    /// <param name="texts">Text of each reading, for errors clustered by text; null for independent readings.</param>
    public static Figure<AdjustedSlope> Of(
        IReadOnlyList<double> predictor, IReadOnlyList<double> figure, Controls controls, IReadOnlyList<string>? texts)
    {
        var fit = Fit.Of([predictor, .. controls.Columns], figure, texts, ["the predictor", .. controls.ColumnNames]);
        if (fit.Value is not { } f) return Figure<AdjustedSlope>.Undefined(fit.UndefinedBecause!);
        double inflation = 1, r2Of = 0;
        if (controls.Columns.Count > 0)
        {
            var ofPredictor = Fit.Of(controls.Columns, predictor, null, controls.ColumnNames);
            var without = Fit.Of(controls.Columns, figure, null, controls.ColumnNames);
            if (ofPredictor.Value is not { } p) return Figure<AdjustedSlope>.Undefined(ofPredictor.UndefinedBecause!);
            if (without.Value is not { } w) return Figure<AdjustedSlope>.Undefined(without.UndefinedBecause!);
            (inflation, r2Of) = (1 / (1 - p.R2), w.R2);
        }
        var slope = f.Coefficients[1];
        double added = Math.Max(0, f.R2 - r2Of); // never negative but for rounding
        double ratio = Describe.Sd(predictor).Value is { } of && Describe.Sd(figure).Value is { } by ? of / by : double.NaN;
        if (!double.IsFinite(slope.Value * ratio) || !double.IsFinite(inflation)) return Figure<AdjustedSlope>.Undefined(Pearson.OutOfRange);
        double partial = Math.Sign(slope.Value) * Math.Sqrt(Math.Clamp(added / (1 - r2Of), 0, 1));
        return Figure<AdjustedSlope>.Of(new(
            f.N, slope.Value, slope.Se, slope.P, slope.Interval95, slope.Value * ratio, partial, inflation, added));
    }
}
