using Castalia.Hypotheses.Conditions;

namespace Castalia.Hypotheses;

/// <summary>From the two rules, what is missing and what is waited for to one verdict.</summary>
static class VerdictRule
{
    /// <summary>The verdict, why, and what is missing. Never supported or falsified on too few data.</summary>
    /// <param name="h">The hypothesis.</param>
    /// <param name="tooFew">What data are missing; null where there are enough.</param>
    /// <param name="supports">Whether the rule of support holds.</param>
    /// <param name="falsifies">Whether the rule of falsification holds.</param>
    /// <param name="results">What the names of both stand for.</param>
    public static (VerdictKind Kind, string Why, IReadOnlyList<string> Missing) Of(
        Hypothesis h, string? tooFew, bool? supports, bool? falsifies, NamedResults results)
    {
        List<Need> waiting = Waiting(h, results);
        IReadOnlyList<string> needs = [.. waiting.Select(need => need.Measurement)];
        if (tooFew is not null) return (VerdictKind.Undecided, $"Too few data: {tooFew}.", [tooFew, .. needs]);
        if (supports == true && falsifies == true)
            return (VerdictKind.Undecided, "Its rules of support and of falsification both hold: they contradict one another.", []);
        if (falsifies == true) return Decided(VerdictKind.Falsified, NeededFor.Falsified, "falsification", h.Falsified!);
        if (supports == true) return Decided(VerdictKind.Supported, NeededFor.Supported, "support", h.Supported!);
        string[] undefined = [.. Undefined([h.Supported, h.Falsified], results)];
        return undefined.Length > 0 && (supports is null && h.Supported is not null || falsifies is null && h.Falsified is not null)
            ? (VerdictKind.Undecided, $"A result that a rule turns on is undefined: {string.Join("; ", undefined)}.", [.. undefined, .. needs])
            : (VerdictKind.Undecided, $"Neither rule holds{(needs.Count == 0 ? "" : $"; it waits for {string.Join("; ", needs)}")}.", needs);

        (VerdictKind, string, IReadOnlyList<string>) Decided(VerdictKind kind, NeededFor verdict, string word, Rule rule)
        {
            string holds = $"its rule of {word} holds: {ConditionText.Of(rule.Condition)}";
            var waits = waiting.Where(need => need.For == verdict || need.For == NeededFor.Both).Select(need => need.Measurement).ToList();
            return waits.Count == 0
                ? (kind, $"I{holds[1..]}.", needs)
                : (VerdictKind.Undecided, $"What can be seen without an intervention speaks for {word} ({holds}), but it waits for {string.Join("; ", waits)}.", needs);
        }
    }

    /// <summary>Measurements that are waited for still.</summary>
    public static List<Need> Waiting(Hypothesis h, NamedResults results) => [.. h.Needs.Where(need => need.Met is not { } met || Evaluation.Of(met.Condition, results.Meaning) != true)];

    /// <summary>The verdict of one model by itself or of twins, and why.</summary>
    /// <param name="supported">The rule of support; null without one.</param>
    /// <param name="falsified">The rule of falsification; null without one.</param>
    /// <param name="missing">Commands of the runs that are not there.</param>
    /// <param name="supports">Whether the rule of support holds.</param>
    /// <param name="falsifies">Whether the rule of falsification holds.</param>
    /// <param name="results">What the names of both stand for.</param>
    public static (VerdictKind Kind, string Why) By(Rule? supported, Rule? falsified, IReadOnlyList<string> missing, bool? supports, bool? falsifies, NamedResults results)
    {
        if (supports == true && falsifies == true) return (VerdictKind.Undecided, "Its rules of support and of falsification both hold: they contradict one another.");
        if (falsifies == true) return (VerdictKind.Falsified, $"Its rule of falsification holds: {ConditionText.Of(falsified!.Condition)}.");
        if (supports == true) return (VerdictKind.Supported, $"Its rule of support holds: {ConditionText.Of(supported!.Condition)}.");
        if (missing.Count > 0) return (VerdictKind.Undecided, $"Runs that it reads are not there: {string.Join("; ", missing)}.");
        string[] undefined = [.. Undefined([supported, falsified], results)];
        return (VerdictKind.Undecided, undefined.Length > 0 && ((supports is null && supported is not null) || (falsifies is null && falsified is not null))
            ? $"A result that a rule turns on is undefined: {string.Join("; ", undefined)}."
            : "Neither rule holds.");
    }

    static IEnumerable<string> Undefined(IEnumerable<Rule?> rules, NamedResults results) =>
        rules.OfType<Rule>().SelectMany(rule => rule.Condition.Names()).Select(n => n.Name.Text).Distinct()
            .Select(name => (name, results.Figure(name).UndefinedBecause)).Where(pair => pair.UndefinedBecause is not null)
            .Select(pair => $"{pair.name} ({pair.UndefinedBecause})");
}
