using System.Text.Json.Serialization;
using Castalia.Twins;

namespace Castalia.Hypotheses.OverTwins;

/// <summary>A verdict over twins, with what it rests on. p_holm is over all hypotheses: null where it is undefined.</summary>
sealed record TwinVerdictDocument(
    string Verdict, string Why, string? Strength, string? Limits, string? Scale, IReadOnlyList<string> Cautions, IReadOnlyList<string> Missing, IReadOnlyList<TwinStudyDocument> Studies,
    RuleDocument? Supported, RuleDocument? Falsified, IReadOnlyDictionary<string, double?> PHolm, int RulesAsked, int PValues, IReadOnlyList<TestDocument> Tests,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<EvidenceDocument>? Evidence)
{
    public static TwinVerdictDocument? Of(TwinVerdict? v, TwinMultiplicity multiplicity, bool withEvidence) => v is null ? null : new(
        v.Kind.ToString().ToLowerInvariant(), v.Why, v.Strength, v.Limits, v.Scale, v.Cautions, v.Missing, [.. v.Rules.Studies.Select(study => TwinStudyDocument.Of(study.Value, v))],
        RuleDocument.Of(v.Rules.Supported, v.SupportHolds), RuleDocument.Of(v.Rules.Falsified, v.FalsificationHolds),
        new OrderedDictionary<string, double?>(multiplicity.Adjusted(v).Select(p => KeyValuePair.Create(p.Key, p.Value.Value))), multiplicity.Rules, multiplicity.Tests,
        [.. v.Outcomes.Select(TestDocument.Of)], withEvidence ? [.. v.Evidence.Select(EvidenceDocument.Of)] : null);
}

/// <summary>A study that a verdict reads: how many networks of it; null where it is not there.</summary>
sealed record TwinStudyDocument(string Study, int? Networks, bool IsOwn)
{
    public static TwinStudyDocument Of(string name, TwinVerdict v) => new(name, v.Studies.FirstOrDefault(study => study.Plan == name)?.Networks.Count, v.Own.Contains(name));
}
