using System.Text.Json.Nodes;
using Castalia.Published;
using Castalia.Residual;
using Castalia.Statistics;

namespace Castalia.Reports;

/// <summary>The review for programs: every number of <see cref="StudyText"/>, with n, interval and method, and the same sentences.</summary>
public static class StudyReviewJson
{
    /// <summary>Source and the parts asked for, each by its name.</summary>
    /// <param name="review">The review.</param>
    /// <param name="parts">Parts.</param>
    public static JsonObject Of(StudyReview review, IReadOnlyList<StudyPart> parts)
    {
        var study = review.Study.Study;
        var json = new JsonObject
        {
            ["study"] = new JsonObject
            {
                ["title"] = study.Title,
                ["author"] = study.Author,
                ["year"] = study.Year,
                ["doi"] = study.Doi,
                ["repository"] = study.Repository,
                ["licence"] = $"{study.Licence[0]}, {study.Licence[2]}",
                ["sources"] = Array(review.Study.Sources, s => new() { ["file"] = s.File, ["sha256"] = s.Sha256 }),
            },
        };
        foreach (var part in parts)
        {
            json[$"{part}".ToLowerInvariant()] = new JsonObject
            {
                ["rows"] = Rows(review, part),
                ["findings"] = new JsonArray([.. StudyFindings.Of(review, part).Select(sentence => JsonValue.Create(sentence))]),
            };
        }
        return json;
    }

    static JsonArray Rows(StudyReview review, StudyPart part) => part switch
    {
        StudyPart.Table => Array(review.Figures, f => Table(review, f)),
        StudyPart.Bentov => Array(review.Figures, Bentov),
        StudyPart.Conventions => Array(review.Conventions, Convention),
        StudyPart.Scaling => Array(review.PowerLaw.Without.Prepend(("none", review.PowerLaw.Fit)), Law),
        StudyPart.Resolution => Array(review.Resolutions, r => Resolution(review, r.Model, r.Prompts)),
        StudyPart.Hypotheses => Array(review.Causes, Cause),
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    static JsonObject Table(StudyReview review, StudyFigures f) => new()
    {
        ["model"] = f.Model.Model,
        ["n"] = f.Gain.N,
        ["mean"] = f.Gain.Mean.Value,
        ["sd"] = f.Gain.Sd.Value,
        ["median"] = f.Gain.Median.Value,
        ["min"] = f.Model.Gains().Min(),
        ["max"] = f.Model.Gains().Max(),
        ["interval95"] = Interval(f.Gain.Interval95, FormattableString.Invariant($"BCa bootstrap of the mean, {Describe.Resamples} resamples, seed {StudyFigures.Seed}")),
        ["status"] = StudyWords.Of(f.Status),
        ["t_against_1"] = new JsonObject { ["t"] = f.T.Value?.T, ["df"] = f.T.Value?.Df, ["p"] = f.T.Value?.PTwoSided, ["p_holm"] = f.THolm.Value, ["undefined_because"] = f.T.UndefinedBecause, ["method"] = "Student's t, two-sided; Holm over the models" },
        ["below_1"] = new JsonObject { ["k"] = f.Below, ["n"] = f.Gain.N, ["interval95"] = Interval(f.BelowShare95, "Wilson") },
        ["cos_theta_at_most"] = Bound(review.Bounds.First(b => b.Model == f.Model.Model), review.Study),
        ["published"] = Array(review.Reproductions.Where(r => r.Of == f.Model.Model), r => new()
        {
            ["statistic"] = r.Statistic,
            ["published"] = r.Published,
            ["recomputed"] = r.Recomputed,
            ["digits"] = r.Digits,
        }),
    };

    static JsonObject Bound(DirectionBound bound, PublishedStudy study) => new()
    {
        ["at_mean_gain"] = bound.AtMean,
        ["mean_of_prompts"] = bound.OfMean,
        ["prompts"] = Array(bound.Prompts, p => new() { ["prompt"] = study.Prompts[p.Prompt].Name, ["gain"] = p.Gain, ["cos_theta_at_most"] = p.Bound }),
        ["method"] = "−√(1 − G²) for G < 1",
    };

    static JsonObject Bentov(StudyFigures f) => new()
    {
        ["model"] = f.Model.Model,
        ["all_below_1"] = f.AllBelow,
        ["gain_entropy"] = Of(f.GainEntropy, f.GainEntropyHolm),
        ["deviation_entropy"] = Of(f.DeviationEntropy, f.DeviationEntropyHolm),
        ["gain_entropy_spearman"] = Of(f.GainEntropyRanks, null),
    };

    static JsonObject Of(Figure<Association> figure, Figure<double>? holm)
    {
        if (figure.Value is not { } r) return new() { ["undefined_because"] = figure.UndefinedBecause };
        var json = new JsonObject { ["n"] = r.N, ["coefficient"] = r.Coefficient, ["p"] = r.P };
        if (holm is { } adjusted) json["p_holm"] = adjusted.Value;
        json["interval95"] = Interval(r.Interval95, r.Method);
        return json;
    }

    static JsonObject Convention(HiddenStateConvention c) => new()
    {
        ["file"] = c.File,
        ["model"] = c.Model.Model,
        ["n_layers"] = c.Model.Layers,
        ["head_crowding"] = c.Model.Crowding,
        ["gain_penultimate"] = c.NoLnIsPenultimate ? c.Model.GainNoLn : null,
        ["gain_final_norm"] = c.WithLnIsFinalNorm ? c.Model.GainWithLn : null,
        ["prompts"] = c.Model.PromptGains.Count > 0 ? c.Model.PromptGains.Count : null,
        ["method"] = "hidden_states[-2]/[-3] and hidden_states[-1]/[-2], means over prompts",
    };

    static JsonObject Law((string Model, Figure<SimpleRegression> Fit) without) => without.Fit.Value is not { } fit
        ? new() { ["without"] = without.Model, ["undefined_because"] = without.Fit.UndefinedBecause }
        : new()
        {
            ["without"] = without.Model,
            ["n"] = fit.N,
            ["exponent"] = fit.Slope,
            ["exponent_se"] = fit.SlopeSe,
            ["intercept"] = fit.Intercept,
            ["r2"] = fit.R2,
            ["p"] = fit.P,
            ["interval95"] = Ends(fit.SlopeInterval95, "least squares of log10(last MLP gain) on log10(parameters), t"),
        };

    static JsonObject Resolution(StudyReview review, StudyModel model, IReadOnlyList<GainResolution> prompts) => new()
    {
        ["model"] = model.Model,
        ["n"] = prompts.Count,
        ["norms"] = StudyWords.Of(model.NormPrecision),
        ["could_be_1"] = prompts.Count(p => p.CouldBeOne),
        ["mean_between"] = prompts.Count == 0 ? null : Ends(GainResolution.OfMean(prompts), "every rounding leaning one way"),
        ["prompts"] = Array(model.NormPrecision == NormPrecision.Float32 ? [] : prompts, p => new()
        {
            ["prompt"] = review.Study.Prompts[p.Prompt].Name,
            ["gain"] = p.Gain,
            ["norms"] = Array(p.Pairs, q => new() { ["above"] = q.Above, ["below"] = q.Below, ["exponent"] = q.Exponent }),
            ["step"] = p.Step,
            ["unrounded"] = Ends(p.Ratios, "ratios of norms that round to these, ends included"),
            ["could_be_1"] = p.CouldBeOne,
        }),
    };

    static JsonObject Cause(SuspectedCause c) => new()
    {
        ["id"] = c.Id,
        ["title"] = c.Title,
        ["verdict"] = c.IsFalsified ? "falsified" : "undecided",
        ["with"] = Names(c.With.Select(f => f.Model.Model)),
        ["expand_with"] = Names(c.ExpandWith.Select(f => f.Model.Model)),
        ["dampen_with"] = Names(c.DampenWith.Select(f => f.Model.Model)),
        ["without"] = Names(c.Without.Select(f => f.Model.Model)),
        ["dampen_without"] = Names(c.DampenWithout.Select(f => f.Model.Model)),
        ["unknown"] = Names(c.Unknown),
        ["method"] = "a counter-example's interval of the mean excludes 1 and its t test has p < 0.05 after Holm over the models",
    };

    static JsonArray Names(IEnumerable<string> names) => new([.. names.Select(name => JsonValue.Create(name))]);

    static JsonObject Interval(Figure<Interval> figure, string method) => figure.Value is { } i
        ? Ends(i, method)
        : new() { ["undefined_because"] = figure.UndefinedBecause, ["method"] = method };

    static JsonObject Ends(Interval i, string method) => new() { ["low"] = i.Low, ["high"] = i.High, ["method"] = method };

    static JsonArray Array<T>(IEnumerable<T> items, Func<T, JsonObject> json) => new([.. items.Select(json)]);
}
