using Castalia.Hypotheses.Conditions;
using Castalia.Wording;

namespace Castalia.Hypotheses;

/// <summary>The tables of docs/hypotheses.md: those that ship, and their rules for one model.</summary>
static class HypothesisTables
{
    /// <summary>Both tables.</summary>
    public static string Documentation()
    {
        var all = HypothesisFiles.BuiltIn();
        return Table("id | title | requires | waits for", all.Select(h => $"`{h.Id}` | {h.Title} | {Requires(h)} | {Waits(h)}")) +
            "\nBy themselves models decide so:\n\n" +
            Table("id | supported if | falsified if | reads", all.Where(h => h.Each is not null).Select(h => $"`{h.Id}` | {Rule(h.Each!.Supported)} | {Rule(h.Each.Falsified)} | {string.Join("; ", h.Each.Runs.Select(run => $"`{Briefly(run.Command)}`"))}"));
    }

    static string Table(string header, IEnumerable<string> rows) =>
        $"| {header} |\n|{string.Concat(Enumerable.Repeat(" --- |", header.Count(c => c == '|') + 1))}\n{string.Concat(rows.Select(row => $"| {row} |\n"))}";

    static string Requires(Hypothesis h) => h.Requires is not { } r ? "–" : Figures.Of(r.Models, "model") + (r.Prompts is { } prompts ? $" × {Figures.Of(prompts, "prompt")}" : "");

    static string Waits(Hypothesis h) => h.Needs.Count == 0 ? "–" : string.Join("; ", h.Needs.Select(need => need.Measurement + (need.For == NeededFor.Both ? "" : $" (for `{need.For.ToString().ToLowerInvariant()}`)")));

    static string Rule(Rule? rule) => rule is null ? "–" : $"`{ConditionText.Of(rule.Condition)}`";

    static string Briefly(string command) => command.Replace("castalia ", "", StringComparison.Ordinal).Replace("CHECKPOINT ", "", StringComparison.Ordinal);
}
