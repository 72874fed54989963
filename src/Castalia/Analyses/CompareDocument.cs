using Castalia.Machine;
using Castalia.Wording;

namespace Castalia.Analyses;

/// <summary>What <c>castalia compare --json</c> prints.</summary>
sealed record CompareDocument(
    string Format, string Software, string Store, string Difference, string Convention, ModelDocument First, ModelDocument Second, bool OneModel, bool MeasuredTwice,
    IReadOnlyList<SettingsDocument> Runs, IReadOnlyList<string> MeasuredDifferently, PairsDocument Prompts, double? Margin,
    IReadOnlyList<PairedDocument> Figures, IReadOnlyList<IReadOnlyDictionary<string, object?>> Differences)
{
    /// <summary>The document.</summary>
    /// <param name="c">The comparison.</param>
    /// <param name="store">Folder of the runs.</param>
    public static CompareDocument Of(Comparison c, string store) => new(
        "castalia compare 1", Machine.Software.NameAndVersion, store, "first − second, prompt by prompt", "last block, last token, float32 stream, norms in float64",
        ModelDocument.Of(c.First), ModelDocument.Of(c.Second), c.AreOneModel, c.AreRepeats,
        [.. new[] { c.First.Settings, c.Second.Settings }.Distinct().Select(SettingsDocument.Of)], c.Differently, PairsDocument.Of(c.Pairs), c.Margin,
        [.. c.Estimates.Select(e => PairedDocument.Of(e, c.Seed))],
        [.. c.Pairs.Pairs.Select(p => new OrderedDictionary<string, object?>(
            [new("prompt", p.First.Name), .. PairedMeasure.All.Select(measure => KeyValuePair.Create(measure.Key, (object?)(measure.Of(p.First) - measure.Of(p.Second))))]))]);
}

/// <summary>Which prompts were paired, and which were not.</summary>
sealed record PairsDocument(
    string MatchedBy, int Pairs, IReadOnlyList<string> LeftOutWithSameIds, IReadOnlyList<string> OnlyFirst, IReadOnlyList<string> OnlySecond,
    IReadOnlyList<string> SameNameOtherContent, int WithSameEndAndOtherBeginning, int TextsOfOtherLength, int WithSameIds)
{
    public static PairsDocument Of(PromptPairs p) => new(
        "name and text, or ids where there is no text", p.Pairs.Count, p.FedAlike, p.OnlyFirst, p.OnlySecond, p.OtherContent, p.OtherBeginning, p.OtherLength, p.SameIds);
}

/// <summary>One figure over the pairs.</summary>
sealed record PairedDocument(
    string Figure, string Unit, int N, int LeftOut, double? MeanFirst, double? MeanSecond, SampleDocument Difference, object T, object Wilcoxon, object SignTest, object Effect,
    object? Equivalence)
{
    public static PairedDocument Of(PairedEstimate e, long seed) => new(
        e.Measure.Key, e.Measure.Unit, e.Difference.N, e.LeftOut, e.MeanFirst.Value, e.MeanSecond.Value, SampleDocument.Of(e.Difference, seed),
        StatisticDocuments.T(e.T, centre: 0, e.THolm), StatisticDocuments.Wilcoxon(e.Wilcoxon, centre: 0, e.WilcoxonHolm), StatisticDocuments.Sign(e.Sign, e.SignHolm),
        StatisticDocuments.Effect(e.Effect, "d_z = mean of the differences / their sd"), e.Equivalence is { } test ? StatisticDocuments.Equivalence(test) : null);
}
