using Castalia.Statistics;
using static Castalia.Published.StudyWords;

namespace Castalia.Published;

/// <summary>What changes about gain and entropy.</summary>
static class BentovFindings
{
    const double Level = 0.05;

    /// <summary>Where |G − 1| only turns the sign.</summary>
    public static IEnumerable<string> SignIdentity(StudyReview review)
    {
        foreach (var f in review.Figures.Where(f => f.AllBelow))
        {
            yield return $"In {f.Model.Model} all {f.Below} gains lie below 1, so |G − 1| is 1 − G and r(|G − 1|, H) = {Coefficient(f.DeviationEntropy)} " +
                $"is r(G, H) = {Coefficient(f.GainEntropy)} with its sign turned: one relation, by arithmetic, and p = {P(f.GainEntropy.Value?.P)} " +
                "for either; the negative sign is no evidence of an inverted law.";
        }
    }

    /// <summary>What stands after Holm.</summary>
    public static string AfterHolm(StudyReview review) =>
        $"After Holm over the {review.Figures.Count} models, r(|G − 1|, H) stands at p < 0.05 in " +
        $"{Standing(review, f => f.DeviationEntropy, f => f.DeviationEntropyHolm)}, and r(G, H) in " +
        $"{Standing(review, f => f.GainEntropy, f => f.GainEntropyHolm)}.";

    /// <summary>The sign of r(G, H).</summary>
    public static string Signs(StudyReview review)
    {
        var negative = review.Figures.Where(f => f.GainEntropy.Value is { Coefficient: < 0 }).ToArray();
        var lowest = review.Figures.MinBy(f => f.GainEntropy.Value!.Value.Coefficient)!;
        int open = review.Figures.Count(f => f.GainEntropy.Value?.Interval95.Value is { Low: < 0 });
        return $"Without the bars, r(G, H) is negative in {(negative.Length == 0 ? "none" : List(negative.Select(f => f.Model.Model)))} of the " +
            $"{review.Figures.Count}; lowest in {lowest.Model.Model}, {Coefficient(lowest.GainEntropy)} " +
            $"({Ends(lowest.GainEntropy.Value!.Value.Interval95)}). {open} of the intervals reach below 0, so the sign is open there" + Ranks(review) + ".";
    }

    /// <summary>Where ranks say otherwise.</summary>
    static string Ranks(StudyReview review)
    {
        var negative = review.Figures.Where(f => f.GainEntropyRanks.Value is { Coefficient: < 0 }).ToArray();
        return negative.Length == 0 ? "; Spearman's ρ is negative nowhere either"
            : $"; Spearman's ρ is negative in {List(negative.Select(f => $"{f.Model.Model} ({Coefficient(f.GainEntropyRanks)}, p = {P(f.GainEntropyRanks.Value?.P)})"))}";
    }

    static string Standing(StudyReview review, Func<StudyFigures, Figure<Association>> r, Func<StudyFigures, Figure<double>> holm)
    {
        var standing = review.Figures.Where(f => holm(f).Value < Level).OrderBy(f => holm(f).Value).ToArray();
        return $"{standing.Length} of them" + (standing.Length == 0 ? ""
            : $": {List(standing.Select(f => $"{f.Model.Model} ({Coefficient(r(f))}, p = {P(holm(f).Value)})"))}");
    }
}
