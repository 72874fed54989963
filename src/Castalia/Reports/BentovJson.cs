using System.Text.Json.Nodes;
using Castalia.Analyses;
using Castalia.Statistics;

namespace Castalia.Reports;

/// <summary>What <c>castalia bentov --json</c> prints; every figure of the pages, unrounded.</summary>
public static class BentovJson
{
    /// <summary>The document.</summary>
    /// <param name="bentov">The analysis.</param>
    /// <param name="folder">Where the runs are.</param>
    public static JsonObject Of(Bentov bentov, string folder) => new()
    {
        ["format"] = "castalia bentov 1",
        ["runs"] = folder,
        ["seed"] = bentov.Seed,
        ["permutations"] = Relation.Permutations,
        ["resamples"] = TextBootstrap.Resamples,
        ["prompts"] = FigureJson.All(bentov.Prompts.Select((b, i) => (b, i)), item => Prompts(bentov, item.b, item.i)),
        ["positions"] = bentov.Positions is { } positions ? FigureJson.All(positions, Positions) : null,
        ["same_weights_in_different_runs"] = FigureJson.All(bentov.Pairs, Pair),
    };

    static JsonObject Prompts(Bentov bentov, BentovPrompts b, int index) => new()
    {
        ["sample"] = Sample(b.Sample),
        ["sides"] = Sides(b.Sides),
        ["gain_entropy"] = OneRelation(b.OfGain, bentov.Holm.GainPearson, bentov.Holm.GainSpearman, index),
        ["distance_entropy"] = OneRelation(b.OfDistance, bentov.Holm.DistancePearson, bentov.Holm.DistanceSpearman, index),
        ["gain_line"] = Line(b.GainLine, "least squares, Student's t"),
        ["distance_line"] = Line(b.DistanceLine, "least squares, Student's t"),
        ["proportionality"] = Word(b.Proportionality),
        ["gain_is_1_at_entropy"] = Crossing(b.Crossing),
        ["adjusted"] = FigureJson.All(b.Adjustments, a => Adjusted(a, "least squares, Student's t")),
        ["not_held_fixed"] = FigureJson.Texts(b.NotHeldFixed),
        ["sublayers"] = FigureJson.All(b.Sublayers, s => Sublayer(s, "least squares, Student's t")),
        ["within_category"] = FigureJson.All(b.Categories, Within),
        ["within_category_holm_over"] = b.Categories.Count(c => c.P.Value is not null),
        ["within_all_categories"] = FigureJson.Of(b.WithinCategories),
        ["within_all_categories_permutation_p"] = Permuted(b.WithinCategoriesP),
    };

    static JsonObject Within(WithinCategory c) => new()
    {
        ["category"] = c.Category,
        ["prompts"] = c.Prompts,
        ["pearson"] = FigureJson.Of(c.Pearson),
        ["permutation_p"] = Permuted(c.P),
        ["holm_p"] = FigureJson.Number(c.Holm),
    };

    const string Clustered = "least squares, errors clustered by text (CR1), t with texts − 1 degrees of freedom";

    static JsonObject Positions(BentovPositions b) => new()
    {
        ["sample"] = Sample(b.Sample),
        ["sides"] = Sides(b.Sides),
        ["share_below_1"] = ByText(b.ShareBelow),
        ["gain_entropy"] = new JsonObject { ["pearson"] = ByText(b.OfGain.Pearson), ["spearman"] = ByText(b.OfGain.Spearman) },
        ["distance_entropy"] = new JsonObject { ["pearson"] = ByText(b.OfDistance.Pearson), ["spearman"] = ByText(b.OfDistance.Spearman) },
        ["gain_line"] = Line(b.GainLine, Clustered),
        ["distance_line"] = Line(b.DistanceLine, Clustered),
        ["proportionality"] = Word(b.Proportionality),
        ["gain_is_1_at_entropy"] = Crossing(b.Crossing),
        ["adjusted"] = FigureJson.All(b.Adjustments, a => Adjusted(a, Clustered)),
        ["not_held_fixed"] = FigureJson.Texts(b.NotHeldFixed),
        ["sublayers"] = FigureJson.All(b.Sublayers, s => Sublayer(s, Clustered)),
        ["bins"] = FigureJson.All(b.Bins, Bin),
    };

    static JsonObject Sample(GainSample s) => new()
    {
        ["run"] = s.Source.Run,
        ["model"] = s.Source.Model,
        ["identity"] = s.Source.Weights,
        ["activation"] = s.Source.Activation,
        ["bos"] = s.Source.Bos,
        ["prompt_set"] = s.Source.PromptSet,
        ["sampling"] = s.Sampling == Sampling.LastToken ? "last token" : "every position but the first",
        ["n"] = s.Points.Count,
        ["texts"] = s.Texts,
        ["left_out"] = s.LeftOut,
        ["has_positions"] = s.Source.HasPositions,
    };

    static JsonObject Sides(SignIdentity s) => new()
    {
        ["below_1"] = s.Below,
        ["above_1"] = s.Above,
        ["at_1"] = s.AtOne,
        ["sign_of_identity"] = s.Sign,
        ["distance_is_evidence"] = s.Sign is null && s.Below + s.Above > 0,
    };

    static JsonObject OneRelation(Relation r, HolmOverModels pearson, HolmOverModels spearman, int index) => new()
    {
        ["pearson"] = FigureJson.Of(r.Pearson),
        ["pearson_permutation_p"] = Permuted(r.PearsonP),
        ["pearson_holm_p"] = FigureJson.Number(pearson.Adjusted[index]),
        ["spearman"] = FigureJson.Of(r.Spearman),
        ["spearman_permutation_p"] = Permuted(r.SpearmanP),
        ["spearman_holm_p"] = FigureJson.Number(spearman.Adjusted[index]),
        ["holm_over"] = pearson.Tests,
    };

    static JsonObject Permuted(Figure<PermutationTest> test) => FigureJson.Of(test, t => new()
    {
        ["n"] = t.N,
        ["p"] = t.P,
        ["permutations"] = t.Permutations,
        ["method"] = t.Exact ? "every order" : "(b + 1)/(m + 1) over orders drawn",
    });

    static JsonObject ByText(Figure<ClusteredFigure> figure) => FigureJson.Of(figure, f => new()
    {
        ["n"] = f.N,
        ["texts"] = f.Texts,
        ["value"] = f.Value,
        ["interval95"] = FigureJson.Of(f.Interval95),
        ["interval95_undefined_because"] = f.Interval95.UndefinedBecause,
        ["method"] = "percentiles over texts drawn again",
    });

    static JsonObject Line(Figure<FittedLine> line, string method) => FigureJson.Of(line, l => new()
    {
        ["n"] = l.N,
        ["slope_per_nat"] = l.Slope,
        ["slope_se"] = l.SlopeSe,
        ["slope_interval95"] = FigureJson.Of(l.SlopeInterval95),
        ["p"] = l.P,
        ["intercept"] = l.Intercept,
        ["intercept_interval95"] = FigureJson.Of(l.InterceptInterval95),
        ["r2"] = l.R2,
        ["method"] = method,
    });

    static JsonObject Crossing(Figure<Crossing> crossing) => FigureJson.Of(crossing, c => new()
    {
        ["entropy_nats"] = c.Entropy,
        ["interval95"] = FigureJson.Of(c.Interval95),
        ["interval95_leaves_data"] = c.LeavesData,
        ["method"] = c.Method,
    });

    static JsonObject Adjusted(Adjustment a, string method) => new()
    {
        ["predictor"] = a.Predictor,
        ["held_fixed"] = FigureJson.Texts(a.Controls.Names),
        ["gain"] = Slope(a.OfGain, method),
        ["distance"] = Slope(a.OfDistance, method),
    };

    static JsonObject Sublayer(SublayerSlopes s, string method) => new()
    {
        ["sublayer"] = s.Sublayer,
        ["on_entropy"] = Slope(s.OnEntropy, method),
        ["on_top_probability"] = Slope(s.OnTopProbability, method),
    };

    static JsonObject Slope(Figure<AdjustedSlope> slope, string method) => FigureJson.Of(slope, s => new()
    {
        ["n"] = s.N,
        ["slope"] = s.Slope,
        ["se"] = s.Se,
        ["p"] = s.P,
        ["interval95"] = FigureJson.Of(s.Interval95),
        ["standardized"] = s.Standardized,
        ["partial_r"] = s.Partial,
        ["partial_r_interval95_undefined_because"] = BentovText.NoPartialInterval,
        ["variance_inflation"] = s.Inflation,
        ["r2_added"] = s.R2Added,
        ["method"] = method,
    });

    static JsonObject Bin(EntropyBin b) => new()
    {
        ["from_nats"] = b.From,
        ["to_nats"] = b.To,
        ["n"] = b.N,
        ["texts"] = b.Texts,
        ["mean_gain"] = FigureJson.Number(b.MeanGain),
        ["interval95"] = FigureJson.Of(b.Interval95),
        ["interval95_undefined_because"] = b.Interval95.UndefinedBecause,
        ["below_1"] = b.Below,
        ["mean_align_attn"] = FigureJson.Number(b.MeanAlignAttn),
        ["mean_align_mlp"] = FigureJson.Number(b.MeanAlignMlp),
        ["method"] = "percentiles over texts drawn again",
    };

    static JsonObject Pair(TwoSamples p) => new()
    {
        ["first"] = Compared(p.First),
        ["second"] = Compared(p.Second),
        ["prompts_in_both"] = p.Shared,
        ["difference_of_r"] = Difference(p.OfPearson),
        ["difference_of_slope"] = Difference(p.OfSlope),
    };

    static JsonObject Compared(ComparedSample s) => new()
    {
        ["run"] = s.Sample.Source.Run,
        ["model"] = s.Sample.Source.Model,
        ["sampling"] = Sample(s.Sample)["sampling"]!.DeepClone(),
        ["n"] = s.Sample.Points.Count,
        ["r"] = s.Pearson?.Value,
        ["slope_per_nat"] = s.Slope?.Value,
        ["slope_held_fixed"] = s.Adjusted?.Value,
        ["below_1"] = s.Below,
    };

    static JsonObject Difference(Figure<Difference> difference) => FigureJson.Of(difference, d => new()
    {
        ["value"] = d.Value,
        ["interval95"] = FigureJson.Of(d.Interval95),
        ["method"] = "from the two intervals (Zou 2007)",
    });

    static string Word(Proportionality p) => p.ToString().ToLowerInvariant();
}
