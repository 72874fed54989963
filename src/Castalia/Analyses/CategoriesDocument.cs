using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Analyses;

/// <summary>What <c>castalia categories --json</c> prints.</summary>
sealed record CategoriesDocument(string Format, string Runs, long Seed, IReadOnlyList<CategorySampleDocument> Samples)
{
    /// <summary>The document.</summary>
    /// <param name="all">One entry per model and run.</param>
    /// <param name="folder">Where the runs are.</param>
    /// <param name="seed">Of the bootstrap.</param>
    public static CategoriesDocument Of(IReadOnlyList<Categories> all, string folder, long seed) =>
        new("castalia categories 1", folder, seed, [.. all.Select(CategorySampleDocument.Of)]);
}

/// <summary>One model of one run.</summary>
sealed record CategorySampleDocument(
    string Run, string Model, string Identity, string PromptSet, int N, int LeftOut, IReadOnlyList<CategoryDocument> Categories, CategoryTestDocument Gain, CategoryTestDocument Entropy,
    CategoryTestDocument Tokens, CategoryTestDocument GainAdjusted, IReadOnlyList<string> RegressedOut, IReadOnlyList<string> NotRegressedOut, object Covariance)
{
    public static CategorySampleDocument Of(Categories c) => new(
        c.Sample.Source.Run, c.Sample.Source.Model, c.Sample.Source.Weights, c.Sample.Source.PromptSet, c.Sample.Points.Count, c.Sample.LeftOut,
        [.. c.Groups.Select(CategoryDocument.Of)], CategoryTestDocument.Of(c.OfGain), CategoryTestDocument.Of(c.OfEntropy), CategoryTestDocument.Of(c.OfTokens),
        CategoryTestDocument.Of(c.OfAdjusted), c.RegressedOut, c.NotRegressedOut, StatisticDocuments.Of(c.Covariance, f => new CovarianceDocument(
            f.N, f.F, [f.Df1, f.Df2], f.P, f.PartialR2, "F of the category columns in least squares with what was regressed out")));
}

/// <summary>Analysis of covariance.</summary>
sealed record CovarianceDocument(int N, double F, IReadOnlyList<int> Df, double P, [property: System.Text.Json.Serialization.JsonPropertyName("partial_r2")] double PartialR2, string Method);

/// <summary>A category's prompts.</summary>
sealed record CategoryDocument(string Category, EstimateDocument Gain, EstimateDocument EntropyNats, EstimateDocument Tokens, EstimateDocument GainAdjusted, int Below_1, bool Small)
{
    public static CategoryDocument Of(CategoryGroup g) => new(
        g.Category, EstimateDocument.Of(g.Gain), EstimateDocument.Of(g.Entropy), EstimateDocument.Of(g.Tokens), EstimateDocument.Of(g.Adjusted), g.Below, g.IsSmall);
}

/// <summary>One figure compared between categories.</summary>
sealed record CategoryTestDocument(object KruskalWallis, IReadOnlyList<DunnDocument> Dunn)
{
    public static CategoryTestDocument Of(CategoryComparison c) => new(
        StatisticDocuments.Of(c.Test, t => new KruskalWallisDocument(t.N, t.H, t.Df, t.P, t.EpsilonSquared, "Kruskal–Wallis, tie-corrected, chi-square approximation")),
        [.. c.Pairs.Select(p => new DunnDocument(p.First, p.Second, p.Z, p.P, p.PHolm))]);
}

/// <summary>Kruskal–Wallis.</summary>
sealed record KruskalWallisDocument(int N, double H, int Df, double P, double EpsilonSquared, string Method);

/// <summary>Dunn's comparison of a pair.</summary>
sealed record DunnDocument(string First, string Second, double Z, double P, double PHolm);
