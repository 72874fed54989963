using Castalia.Statistics;

namespace Castalia.Wording;

/// <summary>Statistics for programs: each with its n and method, or the reason why there is none.</summary>
static class StatisticDocuments
{
    /// <summary>A statistic with its method, or <see cref="UndefinedStatistic"/>.</summary>
    public static object Of<T>(Figure<T> figure, string method, Func<T, string, object> fields) where T : struct =>
        figure.Value is { } value ? fields(value, method) : new UndefinedStatistic(figure.UndefinedBecause!, method);

    /// <summary>A figure, or <see cref="UndefinedFigure"/>.</summary>
    public static object Of<T>(Figure<T> figure, Func<T, object> fields) where T : struct =>
        figure.Value is { } value ? fields(value) : new UndefinedFigure(figure.UndefinedBecause!);

    /// <summary>A number under its own name, or the reason.</summary>
    public static object Number(Figure<double> figure) => Of(figure, value => (object)value);

    /// <summary>[low, high]; null where undefined.</summary>
    public static IReadOnlyList<double>? Ends(Figure<Interval> interval) => interval.Value is { } i ? Ends(i) : null;

    /// <summary>[low, high].</summary>
    public static IReadOnlyList<double> Ends(Interval i) => [i.Low, i.High];

    /// <summary>A t test of a mean.</summary>
    public static object T(Figure<TTest> test, double centre, Figure<double> holm) => Of(
        test, FormattableString.Invariant($"Student's t of the mean against {centre}, two-sided"),
        (t, method) => new TDocument(t.N, t.T, t.Df, t.PTwoSided, holm.Value, IntervalDocument.Of(t.Interval95), method));

    /// <summary>A signed-rank test; its method says whether p is exact.</summary>
    public static object Wilcoxon(Figure<SignedRank> test, double centre, Figure<double> holm) => Of(
        test, FormattableString.Invariant($"Wilcoxon's signed ranks against {centre}, two-sided, {Words(test.Value?.Method)}"),
        (w, method) => new SignedRankDocument(w.N, w.Zeros, w.WPositive, w.WNegative, w.PTwoSided, holm.Value, method));

    static string Words(SignedRankMethod? method) => method switch
    {
        null => "undefined",
        SignedRankMethod.Exact => "exact",
        SignedRankMethod.Normal => "normal approximation with tie correction, zeros left out",
        SignedRankMethod other => other.ToString(),
    };

    /// <summary>A standardised mean.</summary>
    public static object Effect(Figure<StandardisedMean> effect, string method) => Of(
        effect, $"{method}; interval by the noncentral t; Hedges' g", (e, said) => new EffectDocument(e.N, e.CohenD, IntervalDocument.Of(e.Interval95), e.HedgesG.Value, said));

    /// <summary>A sign test.</summary>
    public static object Sign(Figure<Signs> test, Figure<double> holm) => Of(
        test, "exact binomial, two-sided, zeros left out", (s, method) => new SignDocument(s.N, s.Positive, s.NonZero, s.PTwoSided, holm.Value, method));

    /// <summary>A test of equivalence.</summary>
    public static object Equivalence(Figure<Tost> test) => Of(
        test, "two one-sided t tests of the mean within ± margin", (e, method) => new EquivalenceDocument(e.N, e.Bound, e.P, e.PLower, e.PUpper, IntervalDocument.Of(e.Interval90), method));
}

/// <summary>Why there is no statistic, and how it would have been computed.</summary>
sealed record UndefinedStatistic(string UndefinedBecause, string Method);

/// <summary>Why there is no figure.</summary>
sealed record UndefinedFigure(string UndefinedBecause);

/// <summary>Two ends.</summary>
sealed record IntervalDocument(double Low, double High)
{
    public static IntervalDocument Of(Interval i) => new(i.Low, i.High);
}

/// <summary>Two ends and how they were found.</summary>
sealed record IntervalStatistic(double Low, double High, string Method)
{
    public static IntervalStatistic Of(Interval i, string method) => new(i.Low, i.High, method);
}

/// <summary>Student's t.</summary>
sealed record TDocument(int N, double T, double Df, double P, double? PHolm, IntervalDocument Interval95, string Method);

/// <summary>Wilcoxon's signed ranks.</summary>
sealed record SignedRankDocument(int N, int Zeros, double WPositive, double WNegative, double P, double? PHolm, string Method);

/// <summary>A standardised mean.</summary>
sealed record EffectDocument(int N, double D, IntervalDocument Interval95, double? HedgesG, string Method);

/// <summary>A sign test.</summary>
sealed record SignDocument(int N, int Above, int NotEqual, double P, double? PHolm, string Method);

/// <summary>Two one-sided t tests.</summary>
sealed record EquivalenceDocument(int N, double Margin, double P, double PAboveLower, double PBelowUpper, IntervalDocument Interval90, string Method);

/// <summary>Mean, sd, median and interval of a sample.</summary>
sealed record SampleDocument(int N, double? Mean, double? Sd, double? Median, object Interval95)
{
    public static SampleDocument Of(Estimate e, long seed) => new(
        e.N, e.Mean.Value, e.Sd.Value, e.Median.Value,
        StatisticDocuments.Of(e.Interval95, FormattableString.Invariant($"BCa bootstrap of the mean, {Describe.Resamples} resamples, seed {seed}"), IntervalStatistic.Of));
}

/// <summary>An estimate of a mean.</summary>
sealed record EstimateDocument(int N, object Mean, object Sd, object Median, IReadOnlyList<double>? Interval95, string? Interval95UndefinedBecause, string Method)
{
    public static EstimateDocument Of(Estimate e) => new(
        e.N, StatisticDocuments.Number(e.Mean), StatisticDocuments.Number(e.Sd), StatisticDocuments.Number(e.Median), StatisticDocuments.Ends(e.Interval95), e.Interval95.UndefinedBecause,
        "BCa bootstrap of the mean over prompts");
}

/// <summary>n, coefficient, p, interval and its method.</summary>
sealed record AssociationDocument(int N, double Value, double P, IReadOnlyList<double>? Interval95, string? Interval95UndefinedBecause, string Method)
{
    public static object Of(Figure<Association> association) => StatisticDocuments.Of(association, a => new AssociationDocument(
        a.N, a.Coefficient, a.P, StatisticDocuments.Ends(a.Interval95), a.Interval95.UndefinedBecause, a.Method));
}
