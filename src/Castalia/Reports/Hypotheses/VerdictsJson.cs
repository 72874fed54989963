using System.Text.Json.Nodes;
using Castalia.Hypotheses;
using Castalia.Hypotheses.Conditions;
using Castalia.Hypotheses.Measures;

namespace Castalia.Reports.Hypotheses;

/// <summary>Verdicts for a program.</summary>
static class VerdictsJson
{
    /// <summary>One object.</summary>
    /// <param name="verdicts">The verdicts.</param>
    /// <param name="source">What they were given over.</param>
    /// <param name="withEvidence">Whether the rows of the queries are in it.</param>
    public static JsonObject Of(IReadOnlyList<Verdict> verdicts, string source, bool withEvidence) => new()
    {
        ["source"] = source,
        ["hypotheses"] = new JsonArray([.. verdicts.Select(v => Of(v, withEvidence))]),
    };

    static JsonObject Of(Verdict v, bool withEvidence)
    {
        var h = v.Hypothesis;
        var result = new JsonObject
        {
            ["id"] = h.Id,
            ["title"] = h.Title,
            ["verdict"] = VerdictsText.Word(v.Kind),
            ["why"] = v.Why,
            ["strength"] = v.Strength,
            ["cautions"] = Texts(v.Cautions),
            ["limits"] = v.Limits,
            ["missing"] = Texts(v.Missing),
            ["claim"] = h.Claim,
            ["mechanism"] = h.Mechanism,
            ["prediction"] = h.Prediction,
            ["sources"] = Texts(h.Sources),
            ["needs"] = new JsonArray([.. h.Needs.Select(n => new JsonObject { ["measurement"] = n.Measurement, ["for"] = n.For.ToString().ToLowerInvariant() })]),
            ["requires"] = h.Requires is { } r ? new JsonObject { ["models"] = r.Models, ["prompts"] = r.Prompts } : null,
            ["supported"] = Rule(h.Supported, v.SupportHolds),
            ["falsified"] = Rule(h.Falsified, v.FalsificationHolds),
            ["models"] = v.Models is { } m ? new JsonArray([.. m.Used.Select(Choice)]) : null,
            ["left_out"] = v.Models is { } all ? new JsonArray([.. all.LeftOut.Select(Choice)]) : null,
            ["not_compared"] = v.Models is { } known ? new JsonArray([.. known.NotCompared.Select(m =>
                new JsonObject { ["model"] = m.Model, ["run"] = m.Run, ["because"] = m.Because })]) : null,
            ["prompt_set"] = v.Models?.PromptSet,
            ["tests"] = new JsonArray([.. v.Outcomes.Select(Outcome)]),
        };
        if (withEvidence) result["evidence"] = new JsonArray([.. v.Evidence.Select(Table)]);
        return result;
    }

    static JsonObject? Rule(Rule? rule, bool? holds) =>
        rule is null ? null : new() { ["condition"] = ConditionText.Of(rule.Condition), ["holds"] = holds };

    static JsonObject Choice(ModelChoice m) =>
        new() { ["model"] = m.Model, ["run"] = m.Run, ["name"] = m.Name, ["prompts"] = m.Prompts, ["other_runs"] = Texts(m.OtherRuns) };

    static JsonObject Outcome(TestOutcome outcome) => new()
    {
        ["test"] = outcome.Test.Name,
        ["statistic"] = outcome.Test.Statistic.Name,
        ["heading"] = OutcomeText.Heading(outcome.Test),
        ["method"] = outcome.Test.Statistic.Description,
        ["results"] = new JsonArray([.. outcome.Results.Select(r => Result(r.Model, r.Result))]),
    };

    /// <summary>Each field's number, null where it is undefined; the reasons by field.</summary>
    static JsonObject Result(string? model, MeasureResult result)
    {
        var json = new JsonObject { ["model"] = model };
        foreach (var (field, figure) in result.Fields) json[field] = figure.Value;
        json["undefined"] = new JsonObject(result.Fields.Where(f => f.Value.UndefinedBecause is not null)
            .Select(f => KeyValuePair.Create(f.Key, (JsonNode?)JsonValue.Create(f.Value.UndefinedBecause))));
        json["notes"] = Texts(result.Dependence is { } dependence ? [.. result.Notes, dependence] : result.Notes);
        return json;
    }

    static JsonObject Table(EvidenceTable table) => new()
    {
        ["name"] = table.Name,
        ["columns"] = new JsonArray([.. table.Columns.Select(c => new JsonObject { ["name"] = c.Name, ["type"] = c.Type })]),
        ["rows"] = new JsonArray([.. table.Rows.Select(row => new JsonArray([.. row.Select(Value)]))]),
    };

    static JsonNode? Value(object? value) => value switch
    {
        null => null,
        double number when double.IsFinite(number) => JsonValue.Create(number),
        bool truth => JsonValue.Create(truth),
        _ => JsonValue.Create(FormattableString.Invariant($"{value}")),
    };

    static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => JsonValue.Create(text))]);
}
