using Castalia.Statistics;
using Castalia.Wording;
using static Castalia.Published.StudyWords;

namespace Castalia.Published;

/// <summary>What the figures called "no final LN" are.</summary>
static class ConventionFindings
{
    /// <summary>The two conventions, told from the files' own lists of steps.</summary>
    public static string Steps(StudyReview review)
    {
        int all = review.Conventions.Count, penultimate = review.Conventions.Count(c => c.NoLnIsPenultimate), normed = review.Conventions.Count(c => c.WithLnIsFinalNorm);
        return $"In {penultimate} of {all} entries of the three files named NO_FINAL_LN, gain_no_ln is the mean of step L − 1 of the L steps of hidden_states, " +
            $"so it is the block before the last; in {normed} of {all}, gain_with_ln is that of step L, whose upper end Hugging Face gives after the final norm. " +
            "The last block's own gain is in neither.";
    }

    /// <summary>Models measured in all three conventions.</summary>
    public static IEnumerable<string> Shared(StudyReview review)
    {
        foreach (var f in review.Figures)
        {
            var same = review.Conventions.Where(c => Matches(c.Model.Model, f.Model.Model)).Select(c => c.Model).ToArray();
            if (same.Length == 0) continue;
            yield return $"{f.Model.Model}: {Number(f.Gain.Mean.Value!.Value)} by the block, {Range(same, m => m.GainNoLn)} penultimate, " +
                $"{Range(same, m => m.GainWithLn)} after the final norm ({Figures.Of(same.Length, "file")}).";
        }
    }

    /// <summary>What the crowding correlation is of, and what else would explain it.</summary>
    public static IEnumerable<string> Crowding(StudyReview review)
    {
        var c = review.Crowding;
        yield return $"The published r = {Coefficient(c.Crowding)} of gain and ρ = heads/head_dim over the Pythia sizes (p = {P(c.Crowding.Value?.P)}, n = " +
            $"{c.Crowding.Value?.N}) is of that penultimate gain; it goes with depth as well, r = {Coefficient(c.Layers)} (heads: {Coefficient(c.Heads)}), and with depth held fixed " +
            $"ρ keeps r = {Coefficient(c.CrowdingGivenLayers)} (p = {P(c.CrowdingGivenLayers.Value?.P)}).";
        yield return $"The rule \"ρ of at least 0.2 dampens\" holds in {c.HuntRight} of {c.HuntModels} models of the hunt (Wilson 95 % of the share " +
            $"{Ends(Proportion.Wilson(c.HuntRight, c.HuntModels), 2)}), of that gain too.";
    }

    /// <summary>Whether a hub's name is one of the study's models: <c>EleutherAI/gpt-j-6B</c> is GPT-J-6B.</summary>
    internal static bool Matches(string hub, string model) => string.Equals(hub[(hub.LastIndexOf('/') + 1)..], model, StringComparison.OrdinalIgnoreCase);

    static string Range(HiddenStateModel[] models, Func<HiddenStateModel, double> gain)
    {
        string low = Number(models.Min(gain)), high = Number(models.Max(gain));
        return low == high ? low : $"{low} to {high}";
    }
}
