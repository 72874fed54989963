using Castalia.Statistics;
using static Castalia.Published.StudyWords;

namespace Castalia.Published;

/// <summary>The four suspected causes, with the strength of each verdict.</summary>
static class HypothesisFindings
{
    /// <summary>One sentence for each.</summary>
    public static IEnumerable<string> Causes(StudyReview review) => review.Causes.Select(c =>
        $"{c.Id}, \"{c.Title}\": {(c.IsFalsified ? "falsified" : "undecided")}. {c.ExpandWith.Count} of {c.With.Count} models that have it expand" +
        (c.ExpandWith.Count > 0 ? $" ({List(c.ExpandWith.Select(f => f.Model.Model))})" : "") +
        $", {c.DampenWithout.Count} of {c.Without.Count} that lack it dampen" +
        (c.Unknown.Count > 0 ? $", of {c.Unknown.Count} it is not known" : "") +
        (c.Weakest is { } w ? $"; {(c.CounterExamples.Count == 1 ? "the verdict rests on one model" : "the counter-example nearest to 1")}, {w.Model.Model}: " +
            $"{Decimals(w.Gain.Mean.Value!.Value, 4)}, {Ends(w.Gain.Interval95, 4)}, Holm p = {P(w.THolm.Value)}." : "."));

    /// <summary>What the result files say themselves.</summary>
    public static string StudyVerdicts(StudyReview review) => "The study's result files say: " + string.Join("; ",
        review.Study.Verdicts.Select(v => $"{v.Hypothesis}: {v.Verdict.ToLowerInvariant()}")) +
        ". They hold no verdict on positions or training data.";

    /// <summary>What eight models of which one dampens can decide.</summary>
    public static string Reach(StudyReview review)
    {
        var dampeners = review.Figures.Where(f => f.Status == GainStatus.Dampening).Select(f => f.Model.Model).ToArray();
        return $"Of {review.Figures.Count} models {dampeners.Length} dampens ({List(dampeners)}): they can refute a single cause, as above, and support none, for every feature " +
            "that it alone has would separate it as well. A counter-example shows that the feature alone does not decide, not that it plays no part.";
    }
}
