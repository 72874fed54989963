using Castalia.Statistics;

namespace Castalia.Analyses;

/// <summary>log10(y) = α·log10(parameters) + β by least squares (MEASUREMENT.md §7).</summary>
/// <param name="N">Sizes.</param>
/// <param name="Alpha">Exponent.</param>
/// <param name="AlphaSe">Its standard error.</param>
/// <param name="AlphaInterval95">95 %, Student's t with n − 2 degrees of freedom.</param>
/// <param name="Beta">Intercept.</param>
/// <param name="BetaSe">Its standard error.</param>
/// <param name="P">Of α against 0, two-sided.</param>
/// <param name="R2">Share of the variance of log10(y).</param>
/// <param name="LeaveOneOut">Smallest and largest α with one size left out.</param>
readonly record struct PowerLaw(
    int N, double Alpha, double AlphaSe, Interval AlphaInterval95, double Beta, double BetaSe, double P, double R2, Figure<Interval> LeaveOneOut) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Alpha, AlphaSe, AlphaInterval95.Low, AlphaInterval95.High, Beta, BetaSe, P, R2 };

    /// <summary>Sizes a fit needs: a line through two leaves nothing to judge it by.</summary>
    public const int FewestSizes = 3;

    /// <summary>The fit, or why there is none.</summary>
    /// <param name="models">Name, parameters and y of each model.</param>
    public static Figure<PowerLaw> Of(IReadOnlyList<(string Model, long Parameters, Figure<double> Y)> models)
    {
        if (models.FirstOrDefault(m => m.Y.Value is null) is { Model: { } missing } none)
            return Figure<PowerLaw>.Undefined($"{missing} has no value: {none.Y.UndefinedBecause}");
        if (models.GroupBy(m => (m.Model, m.Parameters)).FirstOrDefault(g => g.Count() > 1) is { } twice)
            return Figure<PowerLaw>.Undefined($"{twice.Key.Model} stands in {twice.Count()} runs and would count {twice.Count()} times; name the runs to fit");
        int sizes = models.Select(m => m.Parameters).Distinct().Count();
        if (sizes < FewestSizes) return Figure<PowerLaw>.Undefined($"{sizes} {(sizes == 1 ? "size is" : "sizes are")} too few, a fit needs {FewestSizes}");
        if (models.FirstOrDefault(m => m.Y.Value <= 0) is { Model: { } zero } notPositive)
            return Figure<PowerLaw>.Undefined(FormattableString.Invariant($"{zero} has {notPositive.Y.Value:0.###}, which has no logarithm"));
        double[] x = [.. models.Select(m => Math.Log10(m.Parameters))], y = [.. models.Select(m => Math.Log10(m.Y.Value!.Value))];
        if (y.All(v => v == y[0])) return Figure<PowerLaw>.Undefined("every size has the same value");
        var fit = Regression.Simple(x, y);
        return fit.Value is { } f
            ? Figure<PowerLaw>.Of(new(
                f.N, f.Slope, f.SlopeSe, f.SlopeInterval95, f.Intercept, f.InterceptSe, f.P, f.R2, f.LeaveOneOutRange))
            : Figure<PowerLaw>.Undefined(fit.UndefinedBecause!);
    }
}
