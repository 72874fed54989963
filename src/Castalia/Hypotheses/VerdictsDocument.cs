using System.Text.Json.Serialization;
using Castalia.Hypotheses.Conditions;
using Castalia.Hypotheses.Each;
using Castalia.Hypotheses.Measures;
using Castalia.Hypotheses.OverTwins;

namespace Castalia.Hypotheses;

/// <summary>What <c>castalia hypotheses --json</c> prints.</summary>
sealed record VerdictsDocument(string Source, IReadOnlyList<VerdictDocument> Hypotheses)
{
    /// <summary>The document.</summary>
    /// <param name="verdicts">The verdicts.</param>
    /// <param name="source">What they were given over.</param>
    /// <param name="withEvidence">Whether the rows of the queries are in it.</param>
    /// <param name="multiplicity">How many rules over twins were asked.</param>
    public static VerdictsDocument Of(IReadOnlyList<Verdict> verdicts, string source, bool withEvidence, TwinMultiplicity multiplicity) =>
        new(source, [.. verdicts.Select(v => VerdictDocument.Of(v, withEvidence, multiplicity))]);
}

/// <summary>A verdict with what it rests on.</summary>
sealed record VerdictDocument(
    string Id, string Title, string Verdict, string Why, string? Strength, IReadOnlyList<string> Cautions, string? Limits, IReadOnlyList<string> Missing,
    string Claim, string Mechanism, string Prediction, string? Refutation, IReadOnlyList<string> Sources, IReadOnlyList<NeedDocument> Needs, RequirementDocument? Requires,
    RuleDocument? Supported, RuleDocument? Falsified, EachDocument? Each, TwinVerdictDocument? Twins, IReadOnlyList<ModelDocument>? Models, IReadOnlyList<ModelChoice>? LeftOut, IReadOnlyList<NotCompared>? NotCompared,
    string? PromptSet, IReadOnlyList<TestDocument> Tests,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<EvidenceDocument>? Evidence)
{
    public static VerdictDocument Of(Verdict v, bool withEvidence, TwinMultiplicity multiplicity)
    {
        var h = v.Hypothesis;
        return new(
            h.Id, h.Title, v.Kind.ToString().ToLowerInvariant(), v.Why, v.Strength, v.Cautions, v.Limits, v.Missing, h.Claim, h.Mechanism, h.Prediction, h.Refutation, h.Sources,
            [.. h.Needs.Select(n => new NeedDocument(n.Measurement, n.For.ToString().ToLowerInvariant(), n.Met is { } met ? ConditionText.Of(met.Condition) : null))], h.Requires is { } r ? new(r.Models, r.Prompts) : null,
            RuleDocument.Of(h.Supported, v.SupportHolds), RuleDocument.Of(h.Falsified, v.FalsificationHolds),
            EachDocument.Of(h.Each), TwinVerdictDocument.Of(v.Twins, multiplicity, withEvidence), ModelDocument.All(v), v.Models?.LeftOut, v.Models?.NotCompared, v.Models?.PromptSet,
            [.. v.Outcomes.Select(TestDocument.Of)], withEvidence ? [.. v.Evidence.Select(EvidenceDocument.Of)] : null);
    }
}

/// <summary>A measurement that is waited for, and until when.</summary>
sealed record NeedDocument(string Measurement, string For, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Met);

/// <summary>The fewest data.</summary>
sealed record RequirementDocument(int Models, int? Prompts);

/// <summary>A rule and whether it holds.</summary>
sealed record RuleDocument(string Condition, bool? Holds)
{
    public static RuleDocument? Of(Rule? rule, bool? holds) => rule is null ? null : new(ConditionText.Of(rule.Condition), holds);
}

/// <summary>A test and what it gave: under each field's name its number, null where it is undefined; the reasons by field.</summary>
sealed record TestDocument(string Test, string Statistic, string Heading, string Method, IReadOnlyList<IReadOnlyDictionary<string, object?>> Results)
{
    public static TestDocument Of(TestOutcome outcome) => new(
        outcome.Test.Name, outcome.Test.Statistic.Name, outcome.Test.InWords, outcome.Test.Statistic.Description, [.. outcome.Results.Select(r => Result(r.Model, r.Result))]);

    static OrderedDictionary<string, object?> Result(string? model, MeasureResult result)
    {
        IReadOnlyList<string> notes = result.Dependence is { } dependence ? [.. result.Notes, dependence] : result.Notes;
        var undefined = result.Fields.Where(f => f.Value.UndefinedBecause is not null).Select(f => KeyValuePair.Create(f.Key, f.Value.UndefinedBecause!));
        return new(
        [
            new("model", model), .. result.Fields.Select(f => KeyValuePair.Create(f.Key, (object?)f.Value.Value)),
            new("undefined", new OrderedDictionary<string, string>(undefined)), new("notes", notes),
        ]);
    }
}

/// <summary>Rows of a query.</summary>
sealed record EvidenceDocument(string Name, IReadOnlyList<EvidenceColumnDocument> Columns, IReadOnlyList<IReadOnlyList<object?>> Rows)
{
    public static EvidenceDocument Of(EvidenceTable table) => new(
        table.Name, [.. table.Columns.Select(c => new EvidenceColumnDocument(c.Name, c.Type))],
        [.. table.Rows.Select(row => (IReadOnlyList<object?>)[.. row.Select(value => value is null or bool || value is double number && double.IsFinite(number) ? value : FormattableString.Invariant($"{value}"))])]);
}

/// <summary>A column of a query.</summary>
sealed record EvidenceColumnDocument(string Name, string Type);
