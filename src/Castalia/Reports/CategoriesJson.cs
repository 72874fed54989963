using System.Text.Json.Nodes;
using Castalia.Analyses;
using Castalia.Statistics;

namespace Castalia.Reports;

/// <summary>What <c>castalia categories --json</c> prints.</summary>
public static class CategoriesJson
{
    /// <summary>The document.</summary>
    /// <param name="all">One entry per model and run.</param>
    /// <param name="folder">Where the runs are.</param>
    /// <param name="seed">Of the bootstrap.</param>
    public static JsonObject Of(IReadOnlyList<Categories> all, string folder, long seed) => new()
    {
        ["format"] = "castalia categories 1",
        ["runs"] = folder,
        ["seed"] = seed,
        ["samples"] = FigureJson.All(all, Sample),
    };

    static JsonObject Sample(Categories c) => new()
    {
        ["run"] = c.Sample.Source.Run,
        ["model"] = c.Sample.Source.Model,
        ["identity"] = c.Sample.Source.Weights,
        ["prompt_set"] = c.Sample.Source.PromptSet,
        ["n"] = c.Sample.Points.Count,
        ["left_out"] = c.Sample.LeftOut,
        ["categories"] = FigureJson.All(c.Groups, Group),
        ["gain"] = Comparison(c.OfGain),
        ["entropy"] = Comparison(c.OfEntropy),
        ["tokens"] = Comparison(c.OfTokens),
        ["gain_adjusted"] = Comparison(c.OfAdjusted),
        ["regressed_out"] = FigureJson.Texts(c.RegressedOut),
        ["not_regressed_out"] = FigureJson.Texts(c.NotRegressedOut),
        ["covariance"] = FigureJson.Of(c.Covariance, f => new()
        {
            ["n"] = f.N,
            ["f"] = f.F,
            ["df"] = new JsonArray(f.Df1, f.Df2),
            ["p"] = f.P,
            ["partial_r2"] = f.PartialR2,
            ["method"] = "F of the category columns in least squares with what was regressed out",
        }),
    };

    static JsonObject Group(CategoryGroup g) => new()
    {
        ["category"] = g.Category,
        ["gain"] = FigureJson.Of(g.Gain),
        ["entropy_nats"] = FigureJson.Of(g.Entropy),
        ["tokens"] = FigureJson.Of(g.Tokens),
        ["gain_adjusted"] = FigureJson.Of(g.Adjusted),
        ["below_1"] = g.Below,
        ["small"] = g.IsSmall,
    };

    static JsonObject Comparison(CategoryComparison c) => new()
    {
        ["kruskal_wallis"] = FigureJson.Of(c.Test, t => new()
        {
            ["n"] = t.N,
            ["h"] = t.H,
            ["df"] = t.Df,
            ["p"] = t.P,
            ["epsilon_squared"] = t.EpsilonSquared,
            ["method"] = "Kruskal–Wallis, tie-corrected, chi-square approximation",
        }),
        ["dunn"] = FigureJson.All(c.Pairs, p => new JsonObject
        {
            ["first"] = p.First,
            ["second"] = p.Second,
            ["z"] = p.Z,
            ["p"] = p.P,
            ["p_holm"] = p.PHolm,
        }),
    };
}
