using Castalia.Published;
using Castalia.Reports.Pages;
using Castalia.Residual;
using Castalia.Statistics;
using Castalia.Wording;
using static Castalia.Published.PublishedStatistic;
using static Castalia.Published.StudyWords;

namespace Castalia.Reports;

/// <summary>What <c>castalia published</c> prints for people.</summary>
static class StudyReport
{
    /// <summary>Source, then each part: its tables and what they say.</summary>
    /// <param name="review">The review.</param>
    /// <param name="parts">Parts, in the order they are printed.</param>
    public static Page Of(StudyReview review, IReadOnlyList<StudyPart> parts) => new(Blocks(review, parts));

    static IEnumerable<PageBlock> Blocks(StudyReview review, IReadOnlyList<StudyPart> parts)
    {
        var study = review.Study.Study;
        yield return new Paragraph($"{study.Author} ({study.Year}), {study.Title}. doi {study.Doi}. Figures: {study.Repository}; {study.Licence[0]}, {study.Licence[2]}.");
        foreach (var part in parts)
        {
            yield return new Gap();
            yield return new Heading(Title(part));
            foreach (var table in Tables(review, part))
            {
                yield return new Gap();
                yield return table;
            }
            yield return new Gap();
            yield return new Remarks([.. StudyFindings.Of(review, part)]) { Mark = "• " };
        }
    }

    static string Title(StudyPart part) => part switch
    {
        StudyPart.Table => "The study's table",
        StudyPart.Bentov => "Gain and entropy",
        StudyPart.Conventions => "Which block was measured",
        StudyPart.Scaling => "The exponent over sizes",
        StudyPart.Resolution => "What rounded norms can tell",
        StudyPart.Hypotheses => "Suspected causes",
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    /// <summary>The tables of a part, in the order they are printed.</summary>
    static IReadOnlyList<Table> Tables(StudyReview review, StudyPart part) => part switch
    {
        StudyPart.Table => [Gains(review), Correlations(review)],
        StudyPart.Bentov => [Bentov(review)],
        StudyPart.Conventions => [.. review.Study.HiddenStates.Select(HiddenStates)],
        StudyPart.Scaling => [Sizes(review)],
        StudyPart.Resolution => [Types(review), .. Prompts(review)],
        StudyPart.Hypotheses => [Causes(review)],
        _ => throw new ArgumentOutOfRangeException(nameof(part), part, null),
    };

    static Table Gains(StudyReview review) => Titled(
        FormattableString.Invariant($"Gain of the last block, last token, {review.Study.Prompts.Count} prompts; 95 % BCa interval of the mean ({Describe.Resamples} resamples, seed {StudyFigures.Seed})"),
        ["model", "mean", "sd", "lowest", "highest", "95 %", "below 1", "status"],
        [.. review.Figures.Select(IReadOnlyList<Cell> (f) =>
        [
            f.Model.Model, Decimals(f.Gain.Mean.Value!.Value, 4), Number(f.Gain.Sd.Value!.Value), Number(f.Model.Gains().Min()),
            Number(f.Model.Gains().Max()), Figures.Interval(f.Gain.Interval95), $"{f.Below}/{f.Model.Readings.Count}", StudyWords.Of(f.Status),
        ])]);

    static Table Correlations(StudyReview review) => Titled(
        "Correlations with the output entropy H (nats), recomputed; = marks what the study published, to the digits shown",
        ["model", "r(G,H)", "p", "ρ(G,H)", "p", "r(|G−1|,H)", "p"],
        [.. review.Figures.Select(IReadOnlyList<Cell> (f) =>
        [
            f.Model.Model,
            Marked(f, GainPearson, f.GainEntropy.Value?.Coefficient, v => Number(v)), Marked(f, GainPearsonP, f.GainEntropy.Value?.P, v => P(v)),
            Marked(f, GainSpearman, f.GainEntropyRanks.Value?.Coefficient, v => Number(v)), Marked(f, GainSpearmanP, f.GainEntropyRanks.Value?.P, v => P(v)),
            Marked(f, DeviationPearson, f.DeviationEntropy.Value?.Coefficient, v => Number(v)), Marked(f, DeviationPearsonP, f.DeviationEntropy.Value?.P, v => P(v)),
        ])]);

    static string Marked(StudyFigures f, string statistic, double? value, Func<double, string> words) => value is not { } v ? Figures.Missing + " "
        : words(v) + (f.Model.Published.TryGetValue(statistic, out double published) && words(published) == words(v) ? "=" : " ");

    static Table Bentov(StudyReview review) => Titled(
        "Pearson's r with the output entropy, 95 % interval (Fisher's z), and p after Holm over the models",
        ["model", "r(G,H)", "95 %", "Holm p", "r(|G−1|,H)", "95 %", "Holm p"],
        [.. review.Figures.Select(IReadOnlyList<Cell> (f) =>
        [
            f.Model.Model, Coefficient(f.GainEntropy), Ends(Interval(f.GainEntropy), 2), P(f.GainEntropyHolm.Value),
            Coefficient(f.DeviationEntropy), Ends(Interval(f.DeviationEntropy), 2), P(f.DeviationEntropyHolm.Value),
        ])]);

    static Figure<Interval> Interval(Figure<Association> r) => r.Then(a => a.Interval95);

    static Table HiddenStates(HiddenStateSeries series) => Titled(
        $"{series.File}: mean gains, sd with n in the variance",
        ["model", "blocks", "ρ", "penultimate", "sd", "final norm", "sd"],
        [.. series.Models.Select(IReadOnlyList<Cell> (m) =>
        [
            m.Model[(m.Model.LastIndexOf('/') + 1)..], $"{m.Layers}", Number(m.Crowding), Number(m.GainNoLn), Number(m.GainNoLnSd), Number(m.GainWithLn), Number(m.GainWithLnSd),
        ])]);

    static Table Sizes(StudyReview review) => Titled(
        "Submodule gains (token-mean norms): blocks whose attention is below 1, the last MLP; the penultimate gain of the stream; the exponent α without each size",
        ["size", "parameters", "attn <1", "last MLP", "penultimate", "α without", "p"],
        [.. review.Study.Scaling.Sizes.Zip(review.PowerLaw.Without, IReadOnlyList<Cell> (s, without) =>
        [
            s.Model, Figures.Count(s.Parameters), $"{s.AttnContracting}/{s.Layers}", Number(s.LastMlpGain),
            review.Study.HiddenStates[1].Models.FirstOrDefault(m => m.Model == s.Model) is { } m ? Number(m.GainNoLn) : Figures.Missing,
            without.Fit.Value is { } fit ? Number(fit.Slope) : Figures.Missing, P(without.Fit.Value?.P),
        ])]);

    static Table Types(StudyReview review) => Titled(
        "Type of the recorded norms, told from the ratios; mean gain if every rounding leaned down or up",
        ["model", "norms", "largest step", "could be 1", "mean between"],
        [.. review.Resolutions.Select(IReadOnlyList<Cell> (r) =>
        [
            r.Model.Model, StudyWords.Of(r.Model.NormPrecision), r.Prompts.Count == 0 ? Figures.Missing : Percent(r.Prompts.Max(p => p.Step), r.Model.NormPrecision == NormPrecision.Float32 ? 5 : 2),
            $"{r.Prompts.Count(p => p.CouldBeOne)}/{r.Model.Readings.Count}", r.Prompts.Count == 0 ? Figures.Missing : Ends(GainResolution.OfMean(r.Prompts), 4),
        ])]);

    static IEnumerable<Table> Prompts(StudyReview review) =>
        from r in review.Resolutions
        where r.Model.NormPrecision == NormPrecision.BFloat16
        select Titled(
            $"{r.Model.Model}: the two norms in units of their last place (… where more pairs fit), the larger step, and the gains that would have been recorded so",
            ["prompt", "gain", "norms", "step", "unrounded gain", "could be 1"],
            [.. r.Prompts.Select(IReadOnlyList<Cell> (p) =>
            [
                review.Study.Prompts[p.Prompt].Name, Decimals(p.Gain, 4), ResolutionFindings.Norms(p), Percent(p.Step, 2), Ends(p.Ratios, 4), p.CouldBeOne ? "yes" : "no",
            ])]);

    static Table Causes(StudyReview review) => Titled(
        "Suspected causes of dampening; expand, dampen: interval of the mean excludes 1 and p < 0.05 after Holm",
        ["hypothesis", "with", "expand", "dampen", "without", "dampen", "verdict"],
        [.. review.Causes.Select(IReadOnlyList<Cell> (c) =>
        [
            c.Id, $"{c.With.Count}", $"{c.ExpandWith.Count}", $"{c.DampenWith.Count}", $"{c.Without.Count}", $"{c.DampenWithout.Count}",
            c.IsFalsified ? "falsified" : "undecided",
        ])]);

    static Table Titled(string caption, IReadOnlyList<Column> columns, IReadOnlyList<IReadOnlyList<Cell>> rows) => new(columns, rows) { Caption = caption, IsTitled = true };
}
