using System.Text.Json.Nodes;
using Castalia.Analyses;
using Castalia.Statistics;

namespace Castalia.Reports;

/// <summary>Statistics for programs: each with its n and method, or the reason why there is none.</summary>
static class StatisticJson
{
    const string UndefinedBecause = "undefined_because";

    /// <summary>A statistic's fields, or <c>undefined_because</c>; always with its method.</summary>
    public static JsonObject Of<T>(Figure<T> figure, string method, Func<T, JsonObject> fields) where T : struct
    {
        var json = figure.Value is { } value ? fields(value) : new JsonObject { [UndefinedBecause] = figure.UndefinedBecause };
        json["method"] = method;
        return json;
    }

    /// <summary>Mean, sd, median and interval of a sample.</summary>
    public static JsonObject Sample(Estimate e, long seed) => new()
    {
        ["n"] = e.N,
        ["mean"] = e.Mean.Value,
        ["sd"] = e.Sd.Value,
        ["median"] = e.Median.Value,
        ["interval95"] = Of(e.Interval95, FormattableString.Invariant($"BCa bootstrap of the mean, {Describe.Resamples} resamples, seed {seed}"), Ends),
    };

    /// <summary>A t test of a mean.</summary>
    public static JsonObject T(Figure<TTest> test, double centre, Figure<double> holm) => Of(
        test, FormattableString.Invariant($"Student's t of the mean against {centre}, two-sided"), t => new()
        {
            ["n"] = t.N,
            ["t"] = t.T,
            ["df"] = t.Df,
            ["p"] = t.PTwoSided,
            ["p_holm"] = holm.Value,
            ["interval95"] = Ends(t.Interval95),
        });

    /// <summary>A signed-rank test; its method says whether p is exact.</summary>
    public static JsonObject Wilcoxon(Figure<SignedRank> test, double centre, Figure<double> holm) => Of(
        test, FormattableString.Invariant($"Wilcoxon's signed ranks against {centre}, two-sided, {Words(test.Value?.Method)}"), w => new()
        {
            ["n"] = w.N,
            ["zeros"] = w.Zeros,
            ["w_positive"] = w.WPositive,
            ["w_negative"] = w.WNegative,
            ["p"] = w.PTwoSided,
            ["p_holm"] = holm.Value,
        });

    /// <summary>A sign test.</summary>
    public static JsonObject Sign(Figure<Signs> test, Figure<double> holm) => Of(test, "exact binomial, two-sided, zeros left out", s => new()
    {
        ["n"] = s.N,
        ["above"] = s.Positive,
        ["not_equal"] = s.NonZero,
        ["p"] = s.PTwoSided,
        ["p_holm"] = holm.Value,
    });

    static string Words(SignedRankMethod? method) => method switch
    {
        null => "undefined",
        SignedRankMethod.Exact => "exact",
        SignedRankMethod.Normal => "normal approximation with tie correction, zeros left out",
        SignedRankMethod other => other.ToString(),
    };

    /// <summary>A standardised mean.</summary>
    public static JsonObject Effect(Figure<StandardisedMean> effect, string method) => Of(
        effect, $"{method}; interval by the noncentral t; Hedges' g", e => new()
        {
            ["n"] = e.N,
            ["d"] = e.CohenD,
            ["interval95"] = Ends(e.Interval95),
            ["hedges_g"] = e.HedgesG.Value,
        });

    /// <summary>A test of equivalence.</summary>
    public static JsonObject Equivalence(Figure<Tost> test) => Of(test, "two one-sided t tests of the mean within ± margin", e => new()
    {
        ["n"] = e.N,
        ["margin"] = e.Bound,
        ["p"] = e.P,
        ["p_above_lower"] = e.PLower,
        ["p_below_upper"] = e.PUpper,
        ["interval90"] = Ends(e.Interval90),
    });

    /// <summary>The two ends.</summary>
    public static JsonObject Ends(Interval i) => new() { ["low"] = i.Low, ["high"] = i.High };

    /// <summary>What a run was made with.</summary>
    public static JsonObject Settings(RunSettings s) => new()
    {
        ["run"] = s.Run,
        ["prompt_set"] = s.PromptSet,
        ["bos"] = s.Bos,
        ["activation"] = s.Activation,
        ["seed"] = s.Seed,
        ["software"] = s.Software,
    };

    /// <summary>Which model of which run, and its size.</summary>
    public static JsonObject Model(MeasuredModel m) => new()
    {
        ["run"] = m.Settings.Run,
        ["model"] = m.Name,
        ["blocks"] = m.Blocks,
        ["parameters"] = m.Parameters,
        ["activation"] = m.Activation,
        ["prompts"] = m.Prompts.Count,
        ["prompts_sha256"] = m.PromptsSha256,
        ["weights_sha256"] = m.Identity.WeightsSha256,
        ["identity"] = m.Identity.Weights,
        ["identity_basis"] = m.Identity.Basis.ToString().ToLowerInvariant(),
        ["arithmetic_sha256"] = m.Identity.Arithmetic,
    };

    /// <summary>An array of objects or texts.</summary>
    public static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonNode?> node) => [.. items.Select(node)];

    /// <summary>An array of texts.</summary>
    public static JsonArray Texts(IEnumerable<string> texts) => Array(texts, text => JsonValue.Create(text));
}
