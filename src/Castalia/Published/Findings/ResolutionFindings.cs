using Castalia.Residual;
using Castalia.Wording;
using static Castalia.Published.StudyWords;

namespace Castalia.Published;

/// <summary>What rounded norms can tell.</summary>
static class ResolutionFindings
{
    /// <summary>Which type each run's norms were recorded in, told from the figures alone.</summary>
    public static string Types(StudyReview review) => "Told from the recorded ratios alone, the norms are of these types: " + string.Join("; ",
        review.Resolutions.GroupBy(r => r.Model.NormPrecision).Select(type =>
            $"{Of(type.Key)} for {List(type.Select(r => r.Model.Model))}" +
            (type.Any(r => r.Prompts.Count > 0) ? $" (one step is up to {Percent(type.Max(r => r.Prompts.Max(p => p.Step)), type.Key == NormPrecision.Float32 ? 5 : 2)} of a norm)" : ""))) + ".";

    /// <summary>The bfloat16 run's prompts.</summary>
    public static IEnumerable<string> BFloat16(StudyReview review)
    {
        foreach (var (model, prompts) in review.Resolutions.Where(r => r.Model.NormPrecision == NormPrecision.BFloat16))
        {
            int unique = prompts.Count(p => p.Pairs.Count == 1);
            double low = prompts.Min(p => p.Pairs.Min(q => Math.Min(q.StepAbove, q.StepBelow))), high = prompts.Max(p => p.Step);
            yield return $"{model.Model}'s norms have 8 bits, steps of {Percent(low, 2)} to {Percent(high, 2)}; both norms follow from the two recorded ratios in {unique} of " +
                $"{prompts.Count} prompts, up to a common power of two.";
            yield return $"{ToldFromOne(review, model, prompts)}; if every rounding leaned one way, its mean would lie anywhere from {Ends(GainResolution.OfMean(prompts), 4)}.";
        }
    }

    /// <summary>The other half-precision runs' prompts.</summary>
    public static IEnumerable<string> Float16(StudyReview review) =>
        from r in review.Resolutions
        where r.Model.NormPrecision == NormPrecision.Float16 && r.Prompts.Any(p => p.CouldBeOne)
        select ToldFromOne(review, r.Model, r.Prompts) + ".";

    static string ToldFromOne(StudyReview review, StudyModel model, IReadOnlyList<GainResolution> prompts)
    {
        var open = prompts.Where(p => p.CouldBeOne).ToArray();
        return $"{open.Length} of {prompts.Count} {model.Model} gains cannot be told from 1: " +
            List(open.Select(p => $"{review.Study.Prompts[p.Prompt].Name} ({Norms(p)} = {Decimals(p.Gain, 4)})"));
    }

    /// <summary>The two significands, in units of the last place; the widest steps where several fit.</summary>
    public static string Norms(GainResolution prompt)
    {
        if (prompt.Pairs.Count == 0) return Figures.Missing;
        var pair = prompt.Pairs.MinBy(p => p.Below);
        string above = pair.Exponent == 0 ? $"{pair.Above}" : pair.Exponent > 0 ? $"{pair.Above << pair.Exponent}" : $"{pair.Above}";
        string below = pair.Exponent < 0 ? $"{pair.Below << -pair.Exponent}" : $"{pair.Below}";
        return $"{above}/{below}" + (prompt.Pairs.Count > 1 ? ", …" : "");
    }
}
