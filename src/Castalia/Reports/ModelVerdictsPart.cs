using Castalia.Hypotheses;
using Castalia.Hypotheses.Conditions;
using Castalia.Hypotheses.Each;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What single models say of a hypothesis, beside the verdict over all.</summary>
static class ModelVerdictsPart
{
    const int MostNamed = 8;

    /// <summary>"One model by itself: falsified in a, b; undecided in c.": verdicts before those that are none.</summary>
    public static string InShort(IReadOnlyList<ModelVerdict> each) => $"Models by themselves: {string.Join("; ", each.GroupBy(v => v.Kind).OrderBy(kind => kind.Key).Select(kind =>
        $"{HypothesesReport.Word(kind.Key)} in {string.Join(", ", kind.Take(MostNamed).Select(v => v.Model))}{(kind.Count() > MostNamed ? $" and {kind.Count() - MostNamed} more" : "")}"))}.";

    /// <summary>Both rules for one model, and what they read.</summary>
    public static string Rules(EachModel each) => string.Join("; ",
    [
        .. each.Applies is { } applies ? [$"where {ConditionText.Of(applies.Condition)}"] : Array.Empty<string>(),
        .. each.Supported is { } supported ? [$"supported if {ConditionText.Of(supported.Condition)}"] : Array.Empty<string>(),
        .. each.Falsified is { } falsified ? [$"falsified if {ConditionText.Of(falsified.Condition)}"] : Array.Empty<string>(),
        $"reads {string.Join("; ", each.Runs.Select(run => run.Command))}",
    ]);

    /// <summary>A table of the models with their verdicts, then each with what it rests on.</summary>
    public static IEnumerable<PageBlock> Of(Verdict verdict)
    {
        if (verdict.Each.Count == 0) yield break;
        yield return new Gap();
        yield return new Heading("Models by themselves", 2);
        yield return new Table(["model", Pages.Column.Words("verdict"), Pages.Column.Prose("interventions"), Pages.Column.Prose("strength")], [.. verdict.Each.Select(IReadOnlyList<Cell> (v) =>
        [
            v.Model, HypothesesReport.Word(v.Kind), v.Interventions.Count == 0 ? "none" : string.Join(", ", v.Interventions), v.Strength ?? v.Why,
        ])])
        {
            Caption = "Verdicts of models by themselves",
        };
        foreach (var model in verdict.Each)
            foreach (var block in AtLength(verdict.Hypothesis, model)) yield return block;
    }

    /// <summary>One model: verdict, why, strength, what it rests on, and its tests.</summary>
    /// <param name="h">The hypothesis.</param>
    /// <param name="v">The verdict.</param>
    /// <param name="made">Names of the runs that were made for it; null where that is not known.</param>
    public static IEnumerable<PageBlock> AtLength(Hypothesis h, ModelVerdict v, IReadOnlyList<string>? made = null)
    {
        yield return new Gap();
        yield return new Heading($"{v.Model} by itself: {HypothesesReport.Word(v.Kind)}", 2);
        yield return HypothesesReport.Labelled(
        [
            ("why", v.Why), ("strength", v.Strength), ("caution", v.Cautions.Count == 0 ? null : $"{string.Join(". ", v.Cautions)}."), ("limits", v.Limits),
            ("missing", v.Missing.Count == 0 ? null : string.Join("; ", v.Missing)),
            .. v.Runs.Select(run => ("run", (string?)$"{run.Need.Name}: {run.Run}{(made is null ? "" : made.Contains(run.Run) ? ", made now" : ", stored before")}{(run.Need.Do.Count == 0 ? "" : $", interventions {string.Join(", ", run.Need.Do)}")}")),
        ]);
        foreach (var block in v.Outcomes.SelectMany(outcome => TestTables.Of(outcome, h))) yield return block;
    }
}
