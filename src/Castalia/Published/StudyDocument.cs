using System.Text.Json.Serialization;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Published;

/// <summary>The review for programs: every number that is printed, with n, interval and method, and the same sentences.</summary>
sealed record StudyDocument(StudySourceDocument Study)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public StudyPartDocument? Table { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public StudyPartDocument? Bentov { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public StudyPartDocument? Conventions { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public StudyPartDocument? Scaling { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public StudyPartDocument? Resolution { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public StudyPartDocument? Hypotheses { get; init; }

    /// <summary>Source and the parts asked for, each by its name.</summary>
    /// <param name="review">The review.</param>
    /// <param name="parts">Parts.</param>
    public static StudyDocument Of(StudyReview review, IReadOnlyList<StudyPart> parts)
    {
        var study = review.Study.Study;
        return new(new StudySourceDocument(study.Title, study.Author, study.Year, study.Doi, study.Repository, $"{study.Licence[0]}, {study.Licence[2]}", review.Study.Sources))
        {
            Table = Part(StudyPart.Table, () => review.Figures.Select(f => StudyGainDocument.Of(review, f))),
            Bentov = Part(StudyPart.Bentov, () => review.Figures.Select(StudyBentovDocument.Of)),
            Conventions = Part(StudyPart.Conventions, () => review.Conventions.Select(StudyConventionDocument.Of)),
            Scaling = Part(StudyPart.Scaling, () => review.PowerLaw.Without.Prepend(("none", review.PowerLaw.Fit)).Select(StudyLawDocument.Of)),
            Resolution = Part(StudyPart.Resolution, () => review.Resolutions.Select(r => StudyResolutionDocument.Of(review, r.Model, r.Prompts))),
            Hypotheses = Part(StudyPart.Hypotheses, () => review.Causes.Select(StudyCauseDocument.Of)),
        };

        StudyPartDocument? Part(StudyPart part, Func<IEnumerable<object>> rows) => parts.Contains(part) ? new([.. rows()], StudyFindings.Of(review, part)) : null;
    }
}

/// <summary>The study and its files.</summary>
sealed record StudySourceDocument(string Title, string Author, int Year, string Doi, string Repository, string Licence, IReadOnlyList<StudySource> Sources);

/// <summary>A part: its rows and what they say.</summary>
sealed record StudyPartDocument(IReadOnlyList<object> Rows, IReadOnlyList<string> Findings);

/// <summary>Gains of a model.</summary>
sealed record StudyGainDocument(
    string Model, int N, double? Mean, double? Sd, double? Median, double Min, double Max, object Interval95, string Status, [property: JsonPropertyName("t_against_1")] StudyTDocument T,
    StudyShareDocument Below_1, StudyBoundDocument CosThetaAtMost, IReadOnlyList<StudyReproductionDocument> Published)
{
    public static StudyGainDocument Of(StudyReview review, StudyFigures f) => new(
        f.Model.Model, f.Gain.N, f.Gain.Mean.Value, f.Gain.Sd.Value, f.Gain.Median.Value, f.Model.Gains().Min(), f.Model.Gains().Max(),
        StatisticDocuments.Of(f.Gain.Interval95, FormattableString.Invariant($"BCa bootstrap of the mean, {Describe.Resamples} resamples, seed {StudyFigures.Seed}"), IntervalStatistic.Of), StudyWords.Of(f.Status),
        new(f.T.Value?.T, f.T.Value?.Df, f.T.Value?.PTwoSided, f.THolm.Value, f.T.UndefinedBecause, "Student's t, two-sided; Holm over the models"),
        new(f.Below, f.Gain.N, StatisticDocuments.Of(f.BelowShare95, "Wilson", IntervalStatistic.Of)), StudyBoundDocument.Of(review.Bounds.First(b => b.Model == f.Model.Model), review.Study),
        [.. review.Reproductions.Where(r => r.Of == f.Model.Model).Select(r => new StudyReproductionDocument(r.Statistic, r.Published, r.Recomputed, r.Digits))]);
}

/// <summary>A t test.</summary>
sealed record StudyTDocument(double? T, double? Df, double? P, double? PHolm, string? UndefinedBecause, string Method);

/// <summary>A share.</summary>
sealed record StudyShareDocument(int K, int N, object Interval95);

/// <summary>A published statistic and the recomputed one.</summary>
sealed record StudyReproductionDocument(string Statistic, double Published, double? Recomputed, int Digits);

/// <summary>What gains below 1 say of direction.</summary>
sealed record StudyBoundDocument(double? AtMeanGain, double? MeanOfPrompts, IReadOnlyList<StudyBoundOfPrompt> Prompts, string Method)
{
    public static StudyBoundDocument Of(DirectionBound bound, PublishedStudy study) => new(
        bound.AtMean, bound.OfMean, [.. bound.Prompts.Select(p => new StudyBoundOfPrompt(study.Prompts[p.Prompt].Name, p.Gain, p.Bound))], "−√(1 − G²) for G < 1");
}

/// <summary>The same of a prompt.</summary>
sealed record StudyBoundOfPrompt(string Prompt, double Gain, double CosThetaAtMost);

/// <summary>Gain and entropy of a model.</summary>
sealed record StudyBentovDocument(string Model, bool AllBelow_1, object GainEntropy, object DeviationEntropy, object GainEntropySpearman)
{
    public static StudyBentovDocument Of(StudyFigures f) => new(
        f.Model.Model, f.AllBelow, Adjusted(f.GainEntropy, f.GainEntropyHolm), Adjusted(f.DeviationEntropy, f.DeviationEntropyHolm),
        StatisticDocuments.Of(f.GainEntropyRanks, r => new StudyAssociation(r.N, r.Coefficient, r.P, StatisticDocuments.Of(r.Interval95, r.Method, IntervalStatistic.Of))));

    static object Adjusted(Figure<Association> figure, Figure<double> holm) =>
        StatisticDocuments.Of(figure, r => new StudyAdjustedAssociation(r.N, r.Coefficient, r.P, holm.Value, StatisticDocuments.Of(r.Interval95, r.Method, IntervalStatistic.Of)));
}

/// <summary>A correlation.</summary>
sealed record StudyAssociation(int N, double Coefficient, double P, object Interval95);

/// <summary>A correlation with Holm's p.</summary>
sealed record StudyAdjustedAssociation(int N, double Coefficient, double P, double? PHolm, object Interval95);

/// <summary>Figures of <c>hidden_states</c>.</summary>
sealed record StudyConventionDocument(string File, string Model, int NLayers, double HeadCrowding, double? GainPenultimate, double? GainFinalNorm, int? Prompts, string Method)
{
    public static StudyConventionDocument Of(HiddenStateConvention c) => new(
        c.File, c.Model.Model, c.Model.Layers, c.Model.Crowding, c.NoLnIsPenultimate ? c.Model.GainNoLn : null, c.WithLnIsFinalNorm ? c.Model.GainWithLn : null,
        c.Model.PromptGains.Count > 0 ? c.Model.PromptGains.Count : null, "hidden_states[-2]/[-3] and hidden_states[-1]/[-2], means over prompts");
}

/// <summary>The power law, one size left out.</summary>
sealed record StudyLawDocument(string Without, int N, double Exponent, double ExponentSe, double Intercept, double R2, double P, IntervalStatistic Interval95)
{
    public static object Of((string Model, Figure<SimpleRegression> Fit) without) => without.Fit.Value is not { } fit
        ? new StudyNoLaw(without.Model, without.Fit.UndefinedBecause!)
        : new StudyLawDocument(without.Model, fit.N, fit.Slope, fit.SlopeSe, fit.Intercept, fit.R2, fit.P,
            IntervalStatistic.Of(fit.SlopeInterval95, "least squares of log10(last MLP gain) on log10(parameters), t"));
}

/// <summary>Why there is none.</summary>
sealed record StudyNoLaw(string Without, string UndefinedBecause);

/// <summary>What rounding leaves known.</summary>
sealed record StudyResolutionDocument(
    string Model, int N, string Norms, [property: JsonPropertyName("could_be_1")] int CouldBeOne, IntervalStatistic? MeanBetween, IReadOnlyList<StudyResolvedPrompt> Prompts)
{
    public static StudyResolutionDocument Of(StudyReview review, StudyModel model, IReadOnlyList<GainResolution> prompts) => new(
        model.Model, prompts.Count, StudyWords.Of(model.NormPrecision), prompts.Count(p => p.CouldBeOne),
        prompts.Count == 0 ? null : IntervalStatistic.Of(GainResolution.OfMean(prompts), "every rounding leaning one way"),
        [.. (model.NormPrecision == NormPrecision.Float32 ? [] : prompts).Select(p => StudyResolvedPrompt.Of(review, p))]);
}

/// <summary>The same of a prompt.</summary>
sealed record StudyResolvedPrompt(
    string Prompt, double Gain, IReadOnlyList<StudyNormPair> Norms, double Step, IntervalStatistic Unrounded, [property: JsonPropertyName("could_be_1")] bool CouldBeOne)
{
    public static StudyResolvedPrompt Of(StudyReview review, GainResolution p) => new(
        review.Study.Prompts[p.Prompt].Name, p.Gain, [.. p.Pairs.Select(q => new StudyNormPair(q.Above, q.Below, q.Exponent))], p.Step,
        IntervalStatistic.Of(p.Ratios, "ratios of norms that round to these, ends included"), p.CouldBeOne);
}

/// <summary>Two norms in units of their last place.</summary>
sealed record StudyNormPair(long Above, long Below, int Exponent);

/// <summary>A suspected cause.</summary>
sealed record StudyCauseDocument(
    string Id, string Title, string Verdict, IReadOnlyList<string> With, IReadOnlyList<string> ExpandWith, IReadOnlyList<string> DampenWith, IReadOnlyList<string> Without,
    IReadOnlyList<string> DampenWithout, IReadOnlyList<string> Unknown, string Method)
{
    public static StudyCauseDocument Of(SuspectedCause c) => new(
        c.Id, c.Title, c.IsFalsified ? "falsified" : "undecided", Names(c.With), Names(c.ExpandWith), Names(c.DampenWith), Names(c.Without), Names(c.DampenWithout), c.Unknown,
        "a counter-example's interval of the mean excludes 1 and its t test has p < 0.05 after Holm over the models");

    static string[] Names(IReadOnlyList<StudyFigures> models) => [.. models.Select(f => f.Model.Model)];
}

/// <summary>How the review is written as JSON.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(StudyDocument))]
[JsonSerializable(typeof(IntervalStatistic))]
[JsonSerializable(typeof(UndefinedStatistic))]
[JsonSerializable(typeof(StudyGainDocument))]
[JsonSerializable(typeof(StudyBentovDocument))]
[JsonSerializable(typeof(UndefinedFigure))]
[JsonSerializable(typeof(StudyAssociation))]
[JsonSerializable(typeof(StudyAdjustedAssociation))]
[JsonSerializable(typeof(StudyConventionDocument))]
[JsonSerializable(typeof(StudyLawDocument))]
[JsonSerializable(typeof(StudyNoLaw))]
[JsonSerializable(typeof(StudyResolutionDocument))]
[JsonSerializable(typeof(StudyCauseDocument))]
sealed partial class StudyDocumentJson : JsonSerializerContext;
