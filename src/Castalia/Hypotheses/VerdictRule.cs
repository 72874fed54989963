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
        IReadOnlyList<string> needs = [.. h.Needs.Select(need => need.Measurement)];
        if (tooFew is not null) return (VerdictKind.Undecided, $"Too few data: {tooFew}.", [tooFew, .. needs]);
        if (supports == true && falsifies == true)
            return (VerdictKind.Undecided, "Its rules of support and of falsification both hold: they contradict one another.", []);
        if (falsifies == true) return Decided(VerdictKind.Falsified, NeededFor.Falsified, "falsification", h.Falsified!);
        if (supports == true) return Decided(VerdictKind.Supported, NeededFor.Supported, "support", h.Supported!);
        string[] undefined = [.. Undefined(h, results)];
        return undefined.Length > 0 && (supports is null && h.Supported is not null || falsifies is null && h.Falsified is not null)
            ? (VerdictKind.Undecided, $"A result that a rule turns on is undefined: {string.Join("; ", undefined)}.", [.. undefined, .. needs])
            : (VerdictKind.Undecided, $"Neither rule holds{(needs.Count == 0 ? "" : $"; it waits for {string.Join("; ", needs)}")}.", needs);

        (VerdictKind, string, IReadOnlyList<string>) Decided(VerdictKind kind, NeededFor verdict, string word, Rule rule)
        {
            string holds = $"its rule of {word} holds: {ConditionText.Of(rule.Condition)}";
            var waits = h.Needs.Where(need => need.For == verdict || need.For == NeededFor.Both).Select(need => need.Measurement).ToList();
            return waits.Count == 0
                ? (kind, $"I{holds[1..]}.", needs)
                : (VerdictKind.Undecided, $"What can be seen without an intervention speaks for {word} ({holds}), but it waits for {string.Join("; ", waits)}.", needs);
        }
    }

    static IEnumerable<string> Undefined(Hypothesis h, NamedResults results) =>
        new[] { h.Supported, h.Falsified }.OfType<Rule>().SelectMany(rule => rule.Condition.Names()).Select(n => n.Name.Text).Distinct()
            .Select(name => (name, results.Figure(name).UndefinedBecause)).Where(pair => pair.UndefinedBecause is not null)
            .Select(pair => $"{pair.name} ({pair.UndefinedBecause})");
}
