using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>How two variables go together.</summary>
/// <param name="N">Pairs.</param>
/// <param name="Coefficient">−1 to 1.</param>
/// <param name="P">Two-sided p that there is no association; what <paramref name="Method"/> says. 0 where the pairs lie on a line.</param>
/// <param name="Interval95">95 % interval of the coefficient; undefined where there are too few pairs for it or |coefficient| is 1.</param>
/// <param name="Method">How p and interval were computed, for the reader of a table.</param>
readonly record struct Association(int N, double Coefficient, double P, Figure<Interval> Interval95, string Method) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Coefficient, P };

    /// <summary>Student's t behind P; null where P has another origin or the pairs lie on a line.</summary>
    public double? T { get; init; }

    /// <summary>Degrees of freedom of <see cref="T"/>.</summary>
    public int? Df { get; init; }
}

/// <summary>Correlation of pairs: along a line, of ranks, and of orders.</summary>
/// <remarks>Undefined below three pairs (two for Kendall), where one side does not vary, and for values that are not finite.</remarks>
static class Correlation
{
    /// <summary>Pearson's r; p by t with n − 2 degrees of freedom, interval by Fisher's z (1921), which needs four pairs.</summary>
    /// <param name="x">First of each pair.</param>
    /// <param name="y">Second of each pair; as many.</param>
    public static Figure<Association> Pearson(IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        Flaw(x, y) is { } flaw ? Figure<Association>.Undefined(flaw) : AlongLine(x, y, 0, _ => 1, "t; Fisher's z");

    /// <summary>Spearman's ρ, Pearson's r of average ranks; p by the t approximation, interval by Bonett and Wright (2000, Psychometrika 65:23).</summary>
    /// <param name="x">First of each pair.</param>
    /// <param name="y">Second of each pair; as many.</param>
    public static Figure<Association> Spearman(IReadOnlyList<double> x, IReadOnlyList<double> y) =>
        Flaw(x, y) is { } flaw
            ? Figure<Association>.Undefined(flaw)
            : AlongLine(Ranks.Of(x), Ranks.Of(y), 0, RankVariance, "t approximation; Bonett and Wright");

    /// <summary>Kendall's τ_b; p exact or normal as <see cref="KendallTau"/> says, interval by Fieller, Hartley and Pearson's variance
    /// 0.437/(n − 4) of its Fisher z (1957, Biometrika 44:470), which needs five pairs.</summary>
    /// <param name="x">First of each pair.</param>
    /// <param name="y">Second of each pair; as many.</param>
    public static Figure<Association> Kendall(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var counted = KendallTau.Of(x, y);
        if (counted.Value is not { } k) return Figure<Association>.Undefined(counted.UndefinedBecause!);
        bool exact = k.ExactIsPreferred;
        double p = exact ? k.PExact.Value!.Value : k.PAsymptotic;
        var interval =
            k.N < 5 ? Figure<Interval>.Undefined($"n = {k.N} is below 5")
            : Math.Abs(k.Tau) > 1 - 1e-12 ? Figure<Interval>.Undefined("every pair agrees in its order")
            : FisherInterval(k.Tau, 0.437, k.N - 4);
        return Figure<Association>.Of(new(k.N, k.Tau, p, interval, (exact ? "exact" : "normal with tie correction") + "; Fieller, Hartley and Pearson"));
    }

    /// <summary>Variance of the Fisher z of a rank correlation, times n − 3.</summary>
    internal static double RankVariance(double rho) => 1 + rho * rho / 2;

    /// <summary>Why two samples cannot be correlated; null where they can.</summary>
    /// <param name="x">First of each pair.</param>
    /// <param name="y">Second of each pair; as many.</param>
    /// <param name="fewest">Fewest pairs.</param>
    internal static string? Flaw(IReadOnlyList<double> x, IReadOnlyList<double> y, int fewest = 3)
    {
        if (x.Count != y.Count) throw new ArgumentException($"{x.Count} values cannot be paired with {y.Count}.", nameof(y));
        if (x.Count < fewest) return $"n = {x.Count} is below {fewest}";
        return SampleFlaw.Of(x, "x") ?? SampleFlaw.Of(y, "y")
            ?? (Sample.IsConstant(x) || Sample.IsConstant(y) ? "one side does not vary" : null);
    }

    /// <summary>The linear association of samples that have no flaw.</summary>
    /// <param name="x">First of each pair.</param>
    /// <param name="y">Second of each pair.</param>
    /// <param name="controls">How many controls were taken out of both.</param>
    /// <param name="variance">Variance of Fisher's z times n − 3 − controls, from the coefficient.</param>
    /// <param name="method">What to call it.</param>
    internal static Figure<Association> AlongLine(
        IReadOnlyList<double> x, IReadOnlyList<double> y, int controls, Func<double, double> variance, string method)
    {
        var pearson = Statistics.Pearson.Of(x, y);
        if (pearson.Value is not { } r) return Figure<Association>.Undefined(pearson.UndefinedBecause!);
        double unexplained = Unexplained(x, y);
        if (double.IsNaN(unexplained)) return Figure<Association>.Undefined(Statistics.Pearson.OutOfRange);
        int df = x.Count - 2 - controls;
        // From 1 − r² as the residuals give it: where |r| is near 1, the rounding of r would take the digits of p.
        double t = r * Math.Sqrt(df / unexplained);
        bool line = unexplained <= 1e-15;
        var interval =
            df < 2 ? Figure<Interval>.Undefined($"n = {x.Count} is below {4 + controls}")
            : line ? Figure<Interval>.Undefined("the pairs lie on a line")
            : FisherInterval(r, variance(r), df - 1);
        return Figure<Association>.Of(new(x.Count, r, StudentT.TwoSided(t, df), interval, method)
        {
            T = line ? null : t,
            Df = line ? null : df,
        });
    }

    /// <summary>1 − r²: the share of y's squares that the line through the pairs leaves.</summary>
    static double Unexplained(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        double meanX = Describe.Mean(x), meanY = Describe.Mean(y), xx = 0, xy = 0, yy = 0, left = 0;
        for (int i = 0; i < x.Count; i++)
        {
            double dx = x[i] - meanX, dy = y[i] - meanY;
            xx += dx * dx;
            xy += dx * dy;
            yy += dy * dy;
        }
        double slope = xy / xx;
        if (!double.IsFinite(slope)) return double.NaN;
        for (int i = 0; i < x.Count; i++)
        {
            double residual = y[i] - meanY - slope * (x[i] - meanX);
            left += residual * residual;
        }
        return Math.Min(1, left / yy); // NaN stays NaN
    }

    static Figure<Interval> FisherInterval(double r, double variance, int n)
    {
        double z = Math.Atanh(r), half = StandardNormal.Quantile(0.975) * Math.Sqrt(variance / n);
        return Figure<Interval>.Of(new(Math.Tanh(z - half), Math.Tanh(z + half)));
    }
}
