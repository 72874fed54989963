using Castalia.Statistics.Distributions;

namespace Castalia.Statistics;

/// <summary>Welch's t test of the difference of two means.</summary>
/// <param name="N1">Values of the first sample.</param>
/// <param name="N2">Values of the second.</param>
/// <param name="Difference">Mean of the first minus mean of the second.</param>
/// <param name="T">Difference over its standard error.</param>
/// <param name="Df">Degrees of freedom by Welch and Satterthwaite.</param>
/// <param name="PTwoSided">P(|T| ≥ |t|) if the means are equal.</param>
/// <param name="PLess">Small where the first mean is the smaller.</param>
/// <param name="PGreater">Small where the first mean is the larger.</param>
/// <param name="Interval95">95 % interval of the difference.</param>
readonly record struct WelchTest(
    int N1, int N2, double Difference, double T, double Df, double PTwoSided, double PLess, double PGreater, Interval Interval95) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { Difference, T, Df, PTwoSided, PLess, PGreater, Interval95.Low, Interval95.High };
}

/// <summary>The difference of two means in pooled standard deviations.</summary>
/// <param name="N1">Values of the first sample.</param>
/// <param name="N2">Values of the second.</param>
/// <param name="CohenD">(mean₁ − mean₂)/s, s² the squares of both samples over n₁ + n₂ − 2.</param>
/// <param name="HedgesG">d without its small-sample bias; undefined for n₁ + n₂ = 3.</param>
readonly record struct StandardisedDifference(int N1, int N2, double CohenD, Figure<double> HedgesG) : IRealFigures
{
    ReadOnlySpan<double> IRealFigures.Reals => new[] { CohenD };
}

/// <summary>Two independent samples. Paired ones are one sample, of their differences.</summary>
static class TwoSample
{
    /// <summary>Welch (1947, Biometrika 34:28): no equal variances assumed; undefined where a sample has one value or neither varies.</summary>
    /// <param name="first">One sample.</param>
    /// <param name="second">The other.</param>
    public static Figure<WelchTest> Welch(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (Objection(first, second, 2) is { } why) return Figure<WelchTest>.Undefined(why);
        if (Sample.IsConstant(first) && Sample.IsConstant(second)) return Figure<WelchTest>.Undefined("neither sample varies");
        double mean1 = Describe.Mean(first), mean2 = Describe.Mean(second);
        double n1 = first.Count, n2 = second.Count, v1 = Describe.Squares(first, mean1) / (n1 - 1) / n1, v2 = Describe.Squares(second, mean2) / (n2 - 1) / n2;
        double se = Math.Sqrt(v1 + v2), difference = mean1 - mean2, t = difference / se;
        // Each variance as a share of their sum: no squares of squares, which could leave the range of float64.
        double w1 = v1 / (v1 + v2), w2 = v2 / (v1 + v2), df = 1 / (w1 * w1 / (n1 - 1) + w2 * w2 / (n2 - 1));
        if (!double.IsFinite(t) || !double.IsFinite(df) || !double.IsNormal(v1 + v2)) return Figure<WelchTest>.Undefined("the squares of the values leave the range of float64");
        double half = StudentT.UpperQuantile(0.025, df) * se;
        return Figure<WelchTest>.Of(new(first.Count, second.Count, difference, t, df,
            StudentT.TwoSided(t, df), StudentT.Cdf(t, df), StudentT.Survival(t, df), new(difference - half, difference + half)));
    }

    /// <summary>Cohen's d and Hedges' g; undefined where neither sample varies and for n₁ + n₂ below 3.</summary>
    /// <param name="first">One sample.</param>
    /// <param name="second">The other.</param>
    public static Figure<StandardisedDifference> Effect(IReadOnlyList<double> first, IReadOnlyList<double> second)
    {
        if (Objection(first, second, 1) is { } why) return Figure<StandardisedDifference>.Undefined(why);
        if (Sample.IsConstant(first) && Sample.IsConstant(second)) return Figure<StandardisedDifference>.Undefined("neither sample varies");
        double mean1 = Describe.Mean(first), mean2 = Describe.Mean(second), squares = Describe.Squares(first, mean1) + Describe.Squares(second, mean2);
        int df = first.Count + second.Count - 2;
        double d = (mean1 - mean2) / Math.Sqrt(squares / df);
        return double.IsFinite(d) && double.IsNormal(squares)
            ? Figure<StandardisedDifference>.Of(new(first.Count, second.Count, d, EffectSize.Unbiased(d, df)))
            : Figure<StandardisedDifference>.Undefined("the squares of the values leave the range of float64");
    }

    /// <summary>Cliff's delta (1993): the share of pairs in which the first is larger, minus the share in which it is smaller; −1 to 1.</summary>
    /// <param name="first">One sample.</param>
    /// <param name="second">The other.</param>
    public static Figure<double> CliffsDelta(IReadOnlyList<double> first, IReadOnlyList<double> second) =>
        MannWhitney.Statistic(first, second).Then(u => Figure<double>.Of(2 * u / ((double)first.Count * second.Count) - 1));

    internal static string? Objection(IReadOnlyList<double> first, IReadOnlyList<double> second, int least) =>
        Sample.Objection(first, least, "has no spread") is { } a ? $"in the first sample, {a}"
        : Sample.Objection(second, least, "has no spread") is { } b ? $"in the second sample, {b}"
        : null;
}
