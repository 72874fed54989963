namespace Castalia.Anatomy;

/// <summary>Which of the differences between models follow from others.</summary>
/// <remarks>
/// A difference follows from others where every model's value is what the same rule gives and something the rule reads differs; and where a thing is
/// there in some models only because of another fact that differs. Of two facts that give each other, the one that the rule names first is kept.
/// </remarks>
static class FactConsequences
{
    /// <param name="differing">Keys of differing facts, in their order.</param>
    /// <param name="facts">Every fact, of each model.</param>
    /// <returns>For each of the keys those of the others that it follows from.</returns>
    public static Dictionary<string, string[]> Of(string[] differing, Dictionary<string, Fact[]> facts)
    {
        var follows = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (string key in differing) follows[key] = [.. ByRule(key, facts[key]).Concat(ByAbsence(facts[key])).Distinct()];
        return follows;

        IEnumerable<string> ByRule(string key, Fact[] each)
        {
            if (each[0].Follows is not { } rule || each.Any(fact => fact.Follows?.Text != rule.Text)) return [];
            return rule.Sources.Where(source => differing.Contains(source) && !(follows.TryGetValue(source, out string[]? back) && back.Contains(key)));
        }

        IEnumerable<string> ByAbsence(Fact[] each) =>
            each[0].Within is { } within && differing.Contains(within) && each.Any(fact => fact.Value is null) ? [within] : [];
    }
}
