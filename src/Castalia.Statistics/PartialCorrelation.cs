namespace Castalia.Statistics;

/// <summary>Correlation of what controls leave of two variables: residuals by least squares, controls and intercept taken out.</summary>
/// <remarks>
/// t with n − 2 − k degrees of freedom; interval by Fisher's z with n − 3 − k, which needs n ≥ 4 + k. Undefined where
/// <see cref="Correlation"/> is, for n below 3 + k, for controls that are linear functions of one another and where the
/// controls explain one side wholly.
/// </remarks>
static class PartialCorrelation
{
    /// <summary>A residual this small, relative to the side it is left of, is rounding.</summary>
    const double Rounding = 1e-12;

    /// <summary>Partial Pearson correlation.</summary>
    /// <param name="x">First of each pair.</param>
    /// <param name="y">Second of each pair; as many.</param>
    /// <param name="controls">Columns to hold fixed, each as long; none gives the plain correlation.</param>
    public static Figure<Association> Of(
        IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<IReadOnlyList<double>> controls) =>
        Flaw(x, y, controls) is { } flaw
            ? Figure<Association>.Undefined(flaw)
            : OfResiduals(x, y, controls, _ => 1, "t; Fisher's z");

    /// <summary>Partial Spearman correlation: every variable replaced by its average ranks first; interval as Spearman's.</summary>
    /// <param name="x">First of each pair.</param>
    /// <param name="y">Second of each pair; as many.</param>
    /// <param name="controls">Columns to hold fixed, each as long.</param>
    public static Figure<Association> OfRanks(
        IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<IReadOnlyList<double>> controls) =>
        Flaw(x, y, controls) is { } flaw
            ? Figure<Association>.Undefined(flaw)
            : OfResiduals(Ranks.Of(x), Ranks.Of(y), [.. controls.Select(Ranks.Of)], Correlation.RankVariance, "t approximation; Bonett and Wright");

    static string? Flaw(IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<IReadOnlyList<double>> controls)
    {
        for (int c = 0; c < controls.Count; c++)
            if (controls[c].Count != x.Count)
                throw new ArgumentException($"Control {c + 1} has {controls[c].Count} values for {x.Count} pairs.", nameof(controls));
        return Correlation.Flaw(x, y, 3 + controls.Count)
            ?? controls.Select((c, i) => SampleFlaw.Of(c, $"control {i + 1}")).FirstOrDefault(f => f is not null);
    }

    static Figure<Association> OfResiduals(
        IReadOnlyList<double> x, IReadOnlyList<double> y, IReadOnlyList<IReadOnlyList<double>> controls, Func<double, double> variance, string method)
    {
        if (controls.Count == 0) return Correlation.AlongLine(x, y, 0, variance, method);
        var solved = LeastSquares.Of(controls, null, [.. Enumerable.Range(1, controls.Count).Select(c => $"control {c}")]);
        if (solved.Value is not { } design) return Figure<Association>.Undefined(solved.UndefinedBecause!);
        double[] left = design.Solved.Residuals(x), right = design.Solved.Residuals(y);
        return
            IsRounding(left, x) ? Figure<Association>.Undefined("the controls explain x wholly")
            : IsRounding(right, y) ? Figure<Association>.Undefined("the controls explain y wholly")
            : Correlation.AlongLine(left, right, controls.Count, variance, method);
    }

    static bool IsRounding(double[] residuals, IReadOnlyList<double> values) =>
        residuals.Max(Math.Abs) <= Rounding * Math.Max(values.Max() - values.Min(), 1e-3 * values.Max(Math.Abs));
}
