using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>A least-squares line of one figure on entropy.</summary>
/// <param name="N">Readings.</param>
/// <param name="Slope">Per nat.</param>
/// <param name="SlopeSe">Its standard error; by text where readings are clustered.</param>
/// <param name="SlopeInterval95">95 %, Student's t.</param>
/// <param name="P">Of the slope against 0, two-sided.</param>
/// <param name="Intercept">At an entropy of 0.</param>
/// <param name="InterceptInterval95">95 %.</param>
/// <param name="R2">Share of the variance.</param>
readonly record struct FittedLine(
    int N, double Slope, double SlopeSe, Interval SlopeInterval95, double P, double Intercept, Interval InterceptInterval95, double R2) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Slope, SlopeSe, P, Intercept, R2, SlopeInterval95.Low, SlopeInterval95.High, InterceptInterval95.Low, InterceptInterval95.High };

    /// <summary>The quantile of Student's t behind the intervals.</summary>
    public double CriticalT => (SlopeInterval95.High - Slope) / SlopeSe;

    /// <summary>The line; undefined for too few readings and where one side does not vary.</summary>
    /// <param name="x">Entropies, nats.</param>
    /// <param name="y">As many.</param>
    /// <param name="texts">Text of each reading, for errors clustered by text; null for independent readings.</param>
    public static Figure<FittedLine> Of(IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<string>? texts = null)
    {
        var fit = Fit.Of([x], y, texts, ["entropy"]);
        if (fit.Value is not { } f) return Figure<FittedLine>.Undefined(fit.UndefinedBecause!);
        var (intercept, slope) = (f.Coefficients[0], f.Coefficients[1]);
        return Figure<FittedLine>.Of(new(
            f.N, slope.Value, slope.Se, slope.Interval95, slope.P, intercept.Value, intercept.Interval95, f.R2));
    }
}
