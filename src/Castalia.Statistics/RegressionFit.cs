namespace Castalia.Statistics;

/// <summary>A coefficient and how well it is known.</summary>
/// <param name="Name">"intercept", or the column's name.</param>
/// <param name="Value">Change of y per unit of the column, the other columns held.</param>
/// <param name="Se">Standard error.</param>
/// <param name="T">Value over its standard error.</param>
/// <param name="P">Two-sided, by Student's t.</param>
/// <param name="Interval95">95 % interval by Student's t.</param>
readonly record struct RegressionCoefficient(string Name, double Value, double Se, double T, double P, Interval Interval95);

/// <summary>A linear model of y, fitted by least squares.</summary>
/// <param name="N">Rows.</param>
/// <param name="Coefficients">The intercept, then the columns in their order.</param>
/// <param name="Df">Degrees of freedom behind t, p and intervals: n minus coefficients, or clusters − 1.</param>
/// <param name="Clusters">Clusters that errors are robust to; null where rows count as independent.</param>
/// <param name="R2">Share of y's variance explained.</param>
/// <param name="AdjustedR2">The same, corrected for the number of columns.</param>
/// <param name="ResidualSd">Standard deviation of the residuals, n minus coefficients in the variance; y's unit.</param>
/// <param name="F">Test that no column matters; null with clusters, where residual squares do not give it.</param>
/// <param name="FP">Its p; null with clusters.</param>
/// <param name="Aic">Akaike's criterion of the normal model, all coefficients counted and the variance not.</param>
readonly record struct RegressionFit(
    int N, IReadOnlyList<RegressionCoefficient> Coefficients, int Df, int? Clusters,
    double R2, double AdjustedR2, double ResidualSd, double? F, double? FP, double Aic) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => (double[])[R2, AdjustedR2, ResidualSd, F ?? 0, FP ?? 0, Aic, .. Coefficients.SelectMany(c => new[] { c.Value, c.Se, c.T, c.P, c.Interval95.Low, c.Interval95.High })];
}
