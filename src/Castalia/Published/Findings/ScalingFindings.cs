using Castalia.Statistics;
using static Castalia.Published.StudyWords;

namespace Castalia.Published;

/// <summary>What changes about the power law over sizes.</summary>
static class ScalingFindings
{
    /// <summary>The exponent and what it rests on.</summary>
    public static IEnumerable<string> Exponent(StudyReview review)
    {
        var law = review.PowerLaw;
        if (law.Fit.Value is not { } fit) yield break;
        int digits = law.Reproductions.Min(r => r.Digits);
        yield return $"The exponent {Number(fit.Slope)} ± {Number(fit.SlopeSe)} of the last MLP's submodule gain over {fit.N} sizes (R² = {Number(fit.R2)}, " +
            $"p = {P(fit.P)}) reproduces to {digits} digits; its 95 % interval is {Ends(fit.SlopeInterval95)}.";
        var without = law.Without.Where(w => w.Fit.Value is not null).Select(w => (w.Model, Fit: w.Fit.Value!.Value)).ToArray();
        var (low, high, worst) = (without.MinBy(w => w.Fit.Slope), without.MaxBy(w => w.Fit.Slope), without.MaxBy(w => w.Fit.P));
        int lost = without.Count(w => w.Fit.P >= 0.05);
        yield return $"With one size left out it runs from {Number(low.Fit.Slope)} (without {low.Model}) to {Number(high.Fit.Slope)} (without {high.Model}), " +
            $"and its p up to {P(worst.Fit.P)} (without {worst.Model}); {(lost == 0 ? "no single size takes it above 0.05" : $"{lost} of {fit.N} take it above 0.05")}.";
        yield return $"The exponent {Decimals(PowerLaw.Expected, 2)} that was expected lies {(fit.SlopeInterval95.Contains(PowerLaw.Expected) ? "in" : "outside")} " +
            $"that interval; 0 {(fit.SlopeInterval95.Contains(0) ? "does too" : "does not")}.";
    }

    /// <summary>Whether attention always contracts.</summary>
    public static string Attention(StudyReview review)
    {
        var sizes = review.Study.Scaling.Sizes;
        int contracting = sizes.Sum(s => s.AttnContracting), blocks = sizes.Sum(s => s.Layers);
        var others = sizes.Where(s => s.AttnContracting < s.Layers).Select(s => $"{s.Model} ({s.AttnContracting} of {s.Layers})").ToArray();
        return $"Attention's submodule gain is below 1 in {contracting} of {blocks} blocks" +
            (others.Length == 0 ? "." : $": in every block but for {List(others)}.") +
            " It compares what attention writes with its normed input, and says nothing of the stream's gain.";
    }
}
