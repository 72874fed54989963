using Castalia.Hypotheses.Conditions;
using Castalia.Wording;

namespace Castalia.Hypotheses;

/// <summary>The tables of docs/hypotheses.md: those that ship, their rules for one model, and those over twins.</summary>
static class HypothesisTables
{
    /// <summary>The tables.</summary>
    public static string Documentation()
    {
        var all = HypothesisFiles.BuiltIn();
        return Table("id | title | requires | waits for", all.Select(h => $"`{h.Id}` | {h.Title} | {Requires(h)} | {Waits(h)}")) +
            "\nBy themselves models decide so:\n\n" +
            Table("id | supported if | falsified if | reads", all.Where(h => h.Each is not null).Select(h => $"`{h.Id}` | {Rule(h.Each!.Supported)} | {Rule(h.Each.Falsified)} | {string.Join("; ", h.Each.Runs.Select(run => $"`{Briefly(run.Command)}`"))}")) +
            "\nOver twins they are decided so:\n\n" +
            Table("id | supported if | falsified if | studies", all.Where(h => h.Twins is not null).Select(h => $"`{h.Id}` | {Rule(h.Twins!.Supported)} | {Rule(h.Twins.Falsified)} | {string.Join(", ", h.Twins.Studies.Select(study => $"`{study.Value}`"))}"));
    }

    static string Table(string header, IEnumerable<string> rows) =>
        $"| {header} |\n|{string.Concat(Enumerable.Repeat(" --- |", header.Count(c => c == '|') + 1))}\n{string.Concat(rows.Select(row => $"| {row} |\n"))}";

    static string Requires(Hypothesis h) => h.Requires is not { } r ? "–" : Figures.Of(r.Models, "model") + (r.Prompts is { } prompts ? $" × {Figures.Of(prompts, "prompt")}" : "");

    static string Waits(Hypothesis h) => h.Needs.Count == 0 ? "–" : string.Join("; ", h.Needs.Select(need => need.Measurement + (need.For == NeededFor.Both ? "" : $" (for `{need.For.ToString().ToLowerInvariant()}`)")));

    static string Rule(Rule? rule) => rule is null ? "–" : $"`{ConditionText.Of(rule.Condition)}`";

    static string Briefly(string command) => command.Replace("castalia ", "", StringComparison.Ordinal).Replace("CHECKPOINT ", "", StringComparison.Ordinal);
}
