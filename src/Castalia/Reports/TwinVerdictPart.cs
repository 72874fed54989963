using Castalia.Hypotheses;
using Castalia.Hypotheses.Conditions;
using Castalia.Hypotheses.OverTwins;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What twins say of a hypothesis, beside the verdict over models.</summary>
static class TwinVerdictPart
{
    /// <summary>"Over twins: falsified. …": the verdict, and of one that was reached how strong it is, of another why.</summary>
    public static string InShort(TwinVerdict v) => $"Over twins: {HypothesesReport.Word(v.Kind)}. {(v.Kind == VerdictKind.Undecided && v.Strength is { } ? $"{v.Strength} " : "")}{(v.Kind == VerdictKind.Undecided ? v.Why : v.Strength)}";

    /// <summary>Both rules, and the studies that they read.</summary>
    public static string Rules(TwinRules rules) => string.Join("; ",
    [
        .. rules.Supported is { } supported ? [$"supported if {ConditionText.Of(supported.Condition)}"] : Array.Empty<string>(),
        .. rules.Falsified is { } falsified ? [$"falsified if {ConditionText.Of(falsified.Condition)}"] : Array.Empty<string>(),
        $"reads {string.Join(", ", rules.Studies.Select(study => study.Value))}",
    ]);

    /// <summary>How many rules over twins were asked, what they gave, and how many tests.</summary>
    public static IEnumerable<string> Summary(IReadOnlyList<Verdict> verdicts, TwinMultiplicity multiplicity)
    {
        var given = verdicts.Select(v => v.Twins).OfType<TwinVerdict>().ToList();
        if (given.Count == 0) yield break;
        yield return $"Over twins: {string.Join("; ", given.GroupBy(v => v.Kind).OrderBy(kind => kind.Key).Select(kind => $"{kind.Count()} {HypothesesReport.Word(kind.Key)}{(kind.Key == VerdictKind.Undecided ? "" : $" ({string.Join(", ", kind.Select(v => v.Id))})")}"))}; {multiplicity.InWords}.";
    }

    /// <summary>The verdict with all it rests on.</summary>
    public static IEnumerable<PageBlock> Of(Hypothesis h, TwinVerdict v, TwinMultiplicity multiplicity)
    {
        yield return new Gap();
        yield return new Heading($"Over twins: {HypothesesReport.Word(v.Kind)}", 2);
        yield return HypothesesReport.Labelled(
        [
            ("why", v.Why), ("strength", v.Strength), ("networks", v.Scale), ("own", v.Own.Count == 0 ? null : $"In place of those that ship: {string.Join(", ", v.Own)}."),
            ("caution", v.Cautions.Count == 0 ? null : $"{string.Join(". ", v.Cautions)}."), ("limits", v.Limits), ("multiplicity", $"{char.ToUpperInvariant(multiplicity.InWords[0])}{multiplicity.InWords[1..]}. {multiplicity.Sentence(v)}".TrimEnd()),
            ("missing", v.Missing.Count == 0 ? null : string.Join("; ", v.Missing)),
        ]);
        foreach (var block in v.Outcomes.SelectMany(outcome => TestTables.Of(outcome, h)).Concat(v.Evidence.SelectMany(HypothesesReport.Evidence))) yield return block;
    }
}
