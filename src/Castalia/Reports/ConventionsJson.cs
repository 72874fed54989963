using System.Text.Json.Nodes;
using Castalia.Analyses;
using Castalia.Machine;
using Castalia.Residual;
using Castalia.Runs;

namespace Castalia.Reports;

/// <summary>What <c>castalia conventions --json</c> prints.</summary>
public static class ConventionsJson
{
    const string Method = "arithmetic mean over prompts of each prompt's gain";

    /// <summary>The document.</summary>
    public static JsonObject Of(IReadOnlyList<ModelConventions> models, string store) => new()
    {
        ["format"] = "castalia conventions 1",
        ["software"] = Software.NameAndVersion,
        ["store"] = store,
        ["published"] = models[0].Match?.Figure is { } figure ? Figure(figure) : null,
        ["runs"] = StatisticJson.Array(models.Select(m => m.Model.Settings).Distinct(), StatisticJson.Settings),
        ["distinct_models"] = ModelConventions.DistinctModels(models),
        ["models"] = StatisticJson.Array(models, Model),
    };

    static JsonObject Figure(PublishedFigure f) => new()
    {
        ["figure"] = f.Text,
        ["value"] = f.Value,
        ["decimals"] = f.Decimals,
        ["low"] = f.Low,
        ["high"] = f.High,
    };

    static JsonObject Model(ModelConventions m)
    {
        var json = StatisticJson.Model(m.Model);
        if (m.Match is { } match)
        {
            json["matching"] = match.Matching;
            json["defined"] = match.Nearest.Count;
            json["rules"] = match.Rules;
            json["matching_rules"] = match.MatchingRules;
            json["matching_rules_expected_by_width"] = match.Expected;
            json["share_of_span_covered"] = match.Covered;
            json["width_method"] = FormattableString.Invariant($"figures of as many decimals, uniform within ±{FigureMatch.Span} of the published one, relative");
        }
        json["cells"] = StatisticJson.Array(m.Grid, cell => Cell(cell, m.Match));
        json["resolution"] = StatisticJson.Array(m.Resolution, Resolution);
        return json;
    }

    static JsonObject Cell(ConventionCell c, FigureMatch? match)
    {
        JsonObject json = new()
        {
            ["reference_point"] = ConventionsText.PointName(c.Point),
            ["position_rule"] = GoldenNames.Of(c.Rule),
            ["precision"] = ConventionsText.PrecisionName(c.Precision),
            ["prompts"] = c.Prompts,
            ["n"] = c.N,
            ["mean"] = c.Mean.Value,
            ["undefined_because"] = c.Mean.UndefinedBecause,
            ["method"] = Method,
        };
        if (match is not null)
        {
            json["off_by"] = c.Mean.Value - match.Figure.Value;
            json["rounds_to_it"] = c.Mean.Value is { } mean && match.Figure.MayBe(mean);
        }
        return json;
    }

    static JsonObject Resolution(NormResolution r) => new()
    {
        ["reference_point"] = ConventionsText.PointName(r.Point),
        ["precision"] = ConventionsText.PrecisionName(r.Precision),
        ["n"] = r.N,
        ["median_numerator"] = r.Numerator,
        ["median_denominator"] = r.Denominator,
        ["numerator_spacing"] = r.NumeratorSpacing,
        ["denominator_spacing"] = r.DenominatorSpacing,
        ["step_median"] = r.Step,
        ["step_least"] = r.LeastStep,
        ["step_largest"] = r.LargestStep,
        ["recorded_as_1_but_not_1"] = r.NotTellable,
        ["method"] = "spacing at a prompt's rounded numerator / its rounded denominator, last token",
    };
}
