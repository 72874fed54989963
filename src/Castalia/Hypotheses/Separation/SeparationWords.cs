using System.Globalization;
using Castalia.Wording;

namespace Castalia.Hypotheses.Separation;

/// <summary>What a search of the fields comes to, in plain words.</summary>
static class SeparationWords
{
    /// <summary>A paragraph each: what splits, what chance does, and why it may mean nothing.</summary>
    public static IEnumerable<string> Of(FieldSeparation s)
    {
        int n = s.Dampeners.Count + s.Expanders.Count, fewer = Math.Min(s.Dampeners.Count, s.Expanders.Count);
        string rarer = s.Dampeners.Count <= s.Expanders.Count ? "dampener" : "expander";
        yield return $"{s.Dampeners.Count} of {n} models dampen{(s.Dampeners.Count == 1 ? "s" : "")}, {s.Expanders.Count} expand{(s.Expanders.Count == 1 ? "s" : "")}. Of the {s.Fields.Count} fields that differ among them " +
            $"({s.Constant} are the same in all or unknown), {Figures.Of(s.Perfect, "field")} split{(s.Perfect == 1 ? "s" : "")} the two without an error. Calling every model by the commoner name makes {Figures.Of(fewer, "error")}.";
        string ways = $"of {(s.AreAll ? "all " : "")}{Figures.Count(s.Assignments)} {(s.AreAll ? "ways" : $"random ways (seed {ModelStatuses.Seed})")} to say which {s.Dampeners.Count} of the {n} dampen";
        yield return $"By chance: {ways}, {Percent(s.AnyPerfect)} are split without an error by at least one field (family-wise p = {TestFigures.P(s.AnyPerfect)}), on average by {Figures.Real(s.MeanPerfect)} fields" +
            (s.AsManyPerfect is { } asMany ? $"; {Percent(asMany)} by as many as here or more." : ".");
        if (fewer == 1)
            yield return $"With one {rarer}, every field in which that model stands out, by a value of its own or by the largest or the smallest, splits it from the rest. " +
                $"Nearly any model stands out in something, so these fields say nothing of why it {(rarer == "dampener" ? "dampens" : "expands")}.";
        double least = 1 / LabelAssignments.Count(n, fewer);
        if (least > 0.05)
            yield return $"Even one field named beforehand could not reach p below {TestFigures.P(least)} with these models; it takes more {rarer}s.";
        else if (s.AnyPerfect > 0.05)
            yield return "A perfect split is not rare by chance with so many fields to choose from; take it for a question to ask of further models, not for an answer.";
    }

    static string Percent(double share) => (100 * share).ToString(share is > 0 and < 0.1 ? "0.0" : "0", CultureInfo.InvariantCulture) + " %";
}
