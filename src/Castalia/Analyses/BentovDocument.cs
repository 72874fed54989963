using System.Text.Json.Serialization;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Analyses;

/// <summary>What <c>castalia bentov --json</c> prints; every figure of the pages, unrounded.</summary>
sealed record BentovDocument(
    string Format, string Runs, long Seed, int Permutations, int Resamples, IReadOnlyList<BentovPromptsDocument> Prompts, IReadOnlyList<BentovPositionsDocument>? Positions,
    IReadOnlyList<TwoSamplesDocument> SameWeightsInDifferentRuns)
{
    /// <summary>The document.</summary>
    /// <param name="bentov">The analysis.</param>
    /// <param name="folder">Where the runs are.</param>
    public static BentovDocument Of(Bentov bentov, string folder) => new(
        "castalia bentov 1", folder, bentov.Seed, Relation.Permutations, TextBootstrap.Resamples, [.. bentov.Prompts.Select((b, i) => BentovPromptsDocument.Of(bentov, b, i))],
        bentov.Positions is { } positions ? [.. positions.Select(BentovPositionsDocument.Of)] : null, [.. bentov.Pairs.Select(TwoSamplesDocument.Of)]);
}

/// <summary>The last tokens of one model's prompts.</summary>
sealed record BentovPromptsDocument(
    GainSampleDocument Sample, SidesDocument Sides, RelationDocument GainEntropy, RelationDocument DistanceEntropy, object GainLine, object DistanceLine, string Proportionality,
    [property: JsonPropertyName("gain_is_1_at_entropy")] object Crossing, IReadOnlyList<AdjustmentDocument> Adjusted, IReadOnlyList<string> NotHeldFixed,
    IReadOnlyList<SublayerDocument> Sublayers, IReadOnlyList<WithinCategoryDocument> WithinCategory, int WithinCategoryHolmOver, object WithinAllCategories,
    object WithinAllCategoriesPermutationP)
{
    const string Method = "least squares, Student's t";

    public static BentovPromptsDocument Of(Bentov bentov, BentovPrompts b, int index) => new(
        GainSampleDocument.Of(b.Sample), SidesDocument.Of(b.Sides), RelationDocument.Of(b.OfGain, bentov.Holm.GainPearson, bentov.Holm.GainSpearman, index),
        RelationDocument.Of(b.OfDistance, bentov.Holm.DistancePearson, bentov.Holm.DistanceSpearman, index), LineDocument.Of(b.GainLine, Method), LineDocument.Of(b.DistanceLine, Method),
        b.Proportionality.ToString().ToLowerInvariant(), CrossingDocument.Of(b.Crossing), [.. b.Adjustments.Select(a => AdjustmentDocument.Of(a, Method))], b.NotHeldFixed,
        [.. b.Sublayers.Select(s => SublayerDocument.Of(s, Method))], [.. b.Categories.Select(WithinCategoryDocument.Of)], b.Categories.Count(c => c.P.Value is not null),
        AssociationDocument.Of(b.WithinCategories), PermutedDocument.Of(b.WithinCategoriesP));
}

/// <summary>Every position of one model's texts.</summary>
sealed record BentovPositionsDocument(
    GainSampleDocument Sample, SidesDocument Sides, object ShareBelow_1, ByTextRelationDocument GainEntropy, ByTextRelationDocument DistanceEntropy, object GainLine, object DistanceLine,
    string Proportionality, [property: JsonPropertyName("gain_is_1_at_entropy")] object Crossing, IReadOnlyList<AdjustmentDocument> Adjusted, IReadOnlyList<string> NotHeldFixed,
    IReadOnlyList<SublayerDocument> Sublayers, IReadOnlyList<BinDocument> Bins)
{
    const string Method = "least squares, errors clustered by text (CR1), t with texts − 1 degrees of freedom";

    public static BentovPositionsDocument Of(BentovPositions b) => new(
        GainSampleDocument.Of(b.Sample), SidesDocument.Of(b.Sides), ByTextDocument.Of(b.ShareBelow), new(ByTextDocument.Of(b.OfGain.Pearson), ByTextDocument.Of(b.OfGain.Spearman)),
        new(ByTextDocument.Of(b.OfDistance.Pearson), ByTextDocument.Of(b.OfDistance.Spearman)), LineDocument.Of(b.GainLine, Method), LineDocument.Of(b.DistanceLine, Method),
        b.Proportionality.ToString().ToLowerInvariant(), CrossingDocument.Of(b.Crossing), [.. b.Adjustments.Select(a => AdjustmentDocument.Of(a, Method))], b.NotHeldFixed,
        [.. b.Sublayers.Select(s => SublayerDocument.Of(s, Method))], [.. b.Bins.Select(BinDocument.Of)]);
}

/// <summary>What was read of one model in one run.</summary>
sealed record GainSampleDocument(
    string Run, string Model, string Identity, string Activation, string Bos, string PromptSet, string Sampling, int N, int Texts, int LeftOut, bool HasPositions)
{
    public static GainSampleDocument Of(GainSample s) => new(
        s.Source.Run, s.Source.Model, s.Source.Weights, s.Source.Activation, s.Source.Bos, s.Source.PromptSet, Word(s), s.Points.Count, s.Texts, s.LeftOut, s.Source.HasPositions);

    public static string Word(GainSample s) => s.Sampling == Analyses.Sampling.LastToken ? "last token" : "every position but the first";
}

/// <summary>On which sides of 1 the gains lie.</summary>
sealed record SidesDocument(int Below_1, int Above_1, int At_1, int? SignOfIdentity, bool DistanceIsEvidence)
{
    public static SidesDocument Of(SignIdentity s) => new(s.Below, s.Above, s.AtOne, s.Sign, s.Sign is null && s.Below + s.Above > 0);
}

/// <summary>Correlations over prompts.</summary>
sealed record RelationDocument(object Pearson, object PearsonPermutationP, object PearsonHolmP, object Spearman, object SpearmanPermutationP, object SpearmanHolmP, int HolmOver)
{
    public static RelationDocument Of(Relation r, HolmOverModels pearson, HolmOverModels spearman, int index) => new(
        AssociationDocument.Of(r.Pearson), PermutedDocument.Of(r.PearsonP), StatisticDocuments.Number(pearson.Adjusted[index]), AssociationDocument.Of(r.Spearman),
        PermutedDocument.Of(r.SpearmanP), StatisticDocuments.Number(spearman.Adjusted[index]), pearson.Tests);
}

/// <summary>A permutation test.</summary>
sealed record PermutedDocument(int N, double P, long Permutations, string Method)
{
    public static object Of(Figure<PermutationTest> test) =>
        StatisticDocuments.Of(test, t => new PermutedDocument(t.N, t.P, t.Permutations, t.Exact ? "every order" : "(b + 1)/(m + 1) over orders drawn"));
}

/// <summary>Correlations over positions.</summary>
sealed record ByTextRelationDocument(object Pearson, object Spearman);

/// <summary>A figure with an interval over texts.</summary>
sealed record ByTextDocument(int N, int Texts, double Value, IReadOnlyList<double>? Interval95, string? Interval95UndefinedBecause, string Method)
{
    public static object Of(Figure<ClusteredFigure> figure) => StatisticDocuments.Of(figure, f => new ByTextDocument(
        f.N, f.Texts, f.Value, StatisticDocuments.Ends(f.Interval95), f.Interval95.UndefinedBecause, "percentiles over texts drawn again"));
}

/// <summary>A fitted line.</summary>
sealed record LineDocument(
    int N, double SlopePerNat, double SlopeSe, IReadOnlyList<double> SlopeInterval95, double P, double Intercept, IReadOnlyList<double> InterceptInterval95, double R2, string Method)
{
    public static object Of(Figure<FittedLine> line, string method) => StatisticDocuments.Of(line, l => new LineDocument(
        l.N, l.Slope, l.SlopeSe, StatisticDocuments.Ends(l.SlopeInterval95), l.P, l.Intercept, StatisticDocuments.Ends(l.InterceptInterval95), l.R2, method));
}

/// <summary>Where the line of gain meets 1.</summary>
sealed record CrossingDocument(double EntropyNats, IReadOnlyList<double> Interval95, bool Interval95LeavesData, string Method)
{
    public static object Of(Figure<Crossing> crossing) =>
        StatisticDocuments.Of(crossing, c => new CrossingDocument(c.Entropy, StatisticDocuments.Ends(c.Interval95), c.LeavesData, c.Method));
}

/// <summary>Slopes with something held fixed.</summary>
sealed record AdjustmentDocument(string Predictor, IReadOnlyList<string> HeldFixed, object Gain, object Distance)
{
    public static AdjustmentDocument Of(Adjustment a, string method) => new(a.Predictor, a.Controls.Names, SlopeDocument.Of(a.OfGain, method), SlopeDocument.Of(a.OfDistance, method));
}

/// <summary>Slopes of a sublayer's part.</summary>
sealed record SublayerDocument(string Sublayer, object OnEntropy, object OnTopProbability)
{
    public static SublayerDocument Of(SublayerSlopes s, string method) => new(s.Sublayer, SlopeDocument.Of(s.OnEntropy, method), SlopeDocument.Of(s.OnTopProbability, method));
}

/// <summary>A slope of several.</summary>
sealed record SlopeDocument(
    int N, double Slope, double Se, double P, IReadOnlyList<double> Interval95, double Standardized, double PartialR, string PartialRInterval95UndefinedBecause,
    double VarianceInflation, double R2Added, string Method)
{
    /// <summary>Why partial correlations stand without an interval.</summary>
    public const string NoPartialInterval = "it is 0 exactly where the slope is, whose interval and p say whether that can be";

    public static object Of(Figure<AdjustedSlope> slope, string method) => StatisticDocuments.Of(slope, s => new SlopeDocument(
        s.N, s.Slope, s.Se, s.P, StatisticDocuments.Ends(s.Interval95), s.Standardized, s.Partial, NoPartialInterval, s.Inflation, s.R2Added, method));
}

/// <summary>A correlation within a category.</summary>
sealed record WithinCategoryDocument(string Category, int Prompts, object Pearson, object PermutationP, object HolmP)
{
    public static WithinCategoryDocument Of(WithinCategory c) => new(c.Category, c.Prompts, AssociationDocument.Of(c.Pearson), PermutedDocument.Of(c.P), StatisticDocuments.Number(c.Holm));
}

/// <summary>Gain at entropies between two bounds.</summary>
sealed record BinDocument(
    double FromNats, double? ToNats, int N, int Texts, object MeanGain, IReadOnlyList<double>? Interval95, string? Interval95UndefinedBecause, int Below_1, object MeanAlignAttn,
    object MeanAlignMlp, string Method)
{
    public static BinDocument Of(EntropyBin b) => new(
        b.From, b.To, b.N, b.Texts, StatisticDocuments.Number(b.MeanGain), StatisticDocuments.Ends(b.Interval95), b.Interval95.UndefinedBecause, b.Below,
        StatisticDocuments.Number(b.MeanAlignAttn), StatisticDocuments.Number(b.MeanAlignMlp), "percentiles over texts drawn again");
}

/// <summary>One model's samples of two runs.</summary>
sealed record TwoSamplesDocument(ComparedSampleDocument First, ComparedSampleDocument Second, int PromptsInBoth, object DifferenceOfR, object DifferenceOfSlope)
{
    public static TwoSamplesDocument Of(TwoSamples p) => new(
        ComparedSampleDocument.Of(p.First), ComparedSampleDocument.Of(p.Second), p.Shared, DifferenceDocument.Of(p.OfPearson), DifferenceDocument.Of(p.OfSlope));
}

/// <summary>One of them.</summary>
sealed record ComparedSampleDocument(string Run, string Model, string Sampling, int N, double? R, double? SlopePerNat, double? SlopeHeldFixed, int Below_1)
{
    public static ComparedSampleDocument Of(ComparedSample s) => new(
        s.Sample.Source.Run, s.Sample.Source.Model, GainSampleDocument.Word(s.Sample), s.Sample.Points.Count, s.Pearson?.Value, s.Slope?.Value, s.Adjusted?.Value, s.Below);
}

/// <summary>A difference of two figures.</summary>
sealed record DifferenceDocument(double Value, IReadOnlyList<double> Interval95, string Method)
{
    public static object Of(Figure<Difference> difference) =>
        StatisticDocuments.Of(difference, d => new DifferenceDocument(d.Value, StatisticDocuments.Ends(d.Interval95), "from the two intervals (Zou 2007)"));
}
