using Castalia.Statistics;
using static Castalia.Published.StudyWords;

namespace Castalia.Published;

/// <summary>What changes about the gains themselves, in sentences whose every number is computed.</summary>
static class GainFindings
{
    /// <summary>How far the published statistics follow from the published readings.</summary>
    public static string Reproduced(StudyReview review)
    {
        int fewest = review.Reproductions.Min(r => r.Digits);
        var worst = review.Reproductions.First(r => r.Digits == fewest);
        return $"All {review.Reproductions.Count} statistics that the study published of these models follow from its readings to at least " +
            $"{fewest} significant digits; the fewest in {Statistic(worst.Statistic)} of {worst.Of}, {Exact(worst.Published)} as published, " +
            $"{Exact(worst.Recomputed!.Value)} from the readings.";
    }

    /// <summary>Status by interval.</summary>
    public static string Status(StudyReview review)
    {
        string Count(GainStatus status) => $"{review.Figures.Count(f => f.Status == status)}";
        int standing = review.Figures.Count(f => f.THolm.Value < 0.05);
        var nearest = review.Figures.MinBy(f => Math.Abs(f.Gain.Mean.Value!.Value - 1))!;
        return $"By the interval of the mean {Count(GainStatus.Expansion)} models expand, {Count(GainStatus.Dampening)} dampens and " +
            $"{Count(GainStatus.Neutral)} are neutral; {standing} of {review.Figures.Count} means differ from 1 at p < 0.05 after Holm, the nearest being " +
            $"{nearest.Model.Model}: {Decimals(nearest.Gain.Mean.Value!.Value, 4)}, {Ends(nearest.Gain.Interval95, 4)}, p = {P(nearest.THolm.Value)}.";
    }

    /// <summary>Single prompts on the other side of 1.</summary>
    public static string SinglePrompts(StudyReview review)
    {
        var split = review.Figures.Where(f => f.Status == GainStatus.Expansion && f.Below > 0).OrderByDescending(f => f.Below);
        var clean = review.Figures.Where(f => f.Status == GainStatus.Expansion && f.Below == 0).Select(f => f.Model.Model);
        return "Single prompts dampen in models called expanders (share with Wilson 95 % interval): " + List(split.Select(f =>
            $"{f.Model.Model} {f.Below} of {f.Model.Readings.Count} ({Percent(f.BelowShare95.Value!.Value.Low, 0)} to " +
            $"{Percent(f.BelowShare95.Value!.Value.High, 0)})")) + $"; none does in {List(clean)}.";
    }

    /// <summary>What a gain below 1 certifies of direction.</summary>
    public static IEnumerable<string> Direction(StudyReview review)
    {
        foreach (var bound in review.Bounds.Where(b => b.AtMean is not null))
        {
            double mean = review.Figures.First(f => f.Model.Model == bound.Model).Gain.Mean.Value!.Value;
            string of = bound.OfMean is { } m ? $"; the mean of its cos θ is at most {Number(m)}, the mean of its prompts' bounds, which run from " +
                $"{Number(bound.Prompts.Max(p => p.Bound))} to {Number(bound.Prompts.Min(p => p.Bound))}" : "";
            yield return $"{bound.Model} writes against the stream, whatever its block computes: a prompt with its mean gain {Decimals(mean, 4)} has " +
                $"cos θ ≤ −√(1 − G²) = {Number(bound.AtMean!.Value)}{of}.";
        }
        var others = review.Bounds.Where(b => b.AtMean is null && b.Prompts.Count > 0).ToArray();
        if (others.Length == 0) yield break;
        yield return "So do single prompts of expanders, bound at their lowest gain: " + List(others.Select(b =>
        {
            var lowest = b.Prompts.MinBy(p => p.Gain);
            return $"{b.Model} {Number(lowest.Bound)} ({review.Study.Prompts[lowest.Prompt].Name}, G = {Decimals(lowest.Gain, 4)})";
        })) + ".";
    }
}
