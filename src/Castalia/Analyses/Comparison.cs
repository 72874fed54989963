using Castalia.Errors;

namespace Castalia.Analyses;

/// <summary>Two models on the same prompts, first minus second.</summary>
/// <param name="First">The first.</param>
/// <param name="Second">The second.</param>
/// <param name="Pairs">Their prompts.</param>
/// <param name="Estimates">Every figure over the pairs.</param>
/// <param name="Seed">Seed of the bootstraps.</param>
/// <param name="Margin">Largest difference of mean gain that counts as none; null where nobody said one.</param>
sealed record Comparison(
    MeasuredModel First, MeasuredModel Second, PromptPairs Pairs, IReadOnlyList<PairedEstimate> Estimates, long Seed, double? Margin)
{
    /// <summary>In what the two were not measured alike, prompts aside, which are paired.</summary>
    public IReadOnlyList<string> Differently { get; } =
        [.. Comparability.Differences([First, Second]).Where(respect => respect != Comparability.Prompts)];

    /// <summary>Whether the two are the same weights.</summary>
    public bool AreOneModel => First.Identity.Weights == Second.Identity.Weights;

    /// <summary>Whether the two are the same weights under the same arithmetic, fed the same tokens: then nothing but the software can differ.</summary>
    public bool AreRepeats => First.Identity == Second.Identity && Pairs.SameIds == Pairs.Pairs.Count;

    /// <summary>Compares.</summary>
    /// <exception cref="InputException">They are one model of one run, or have no prompt in common.</exception>
    public static Comparison Of(MeasuredModel first, MeasuredModel second, long seed, double? margin)
    {
        if (first.Settings.Run == second.Settings.Run && first.Name == second.Name) throw ComparisonErrors.WithItself(first);
        var pairs = PromptPairs.Of(first.Prompts, second.Prompts);
        if (pairs.Pairs.Count == 0) throw ComparisonErrors.NoPromptInBoth(first, second, pairs.OtherContent.Count);
        if (first.Identity == second.Identity && pairs.SameIds < pairs.Pairs.Count) pairs = pairs.WithoutSameIds();
        return new(first, second, pairs, PairedEstimate.All(pairs, seed, margin), seed, margin);
    }
}
