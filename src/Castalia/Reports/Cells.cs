using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What several pages have: cells, and the beginning of a sample's part.</summary>
static class Cells
{
    /// <summary>"1.134 ± 0.021".</summary>
    /// <param name="estimate">The sample.</param>
    /// <param name="what">Whose it is; null: where it is undefined the reason is said elsewhere.</param>
    public static Cell MeanAndSd(Estimate estimate, string? what = null) =>
        new(Figures.MeanAndSd(estimate), estimate.Mean.Value, what is null ? null : "sd", what is null ? null : estimate.Sd.UndefinedBecause) { Whose = what };

    /// <summary>"1.117–1.152": ends of what is never negative.</summary>
    public static string Span(Interval i) => $"{Figures.Real(i.Low)}–{Figures.Real(i.High)}";

    /// <summary>Expansion, dampening, neutral; – where undefined.</summary>
    public static Cell Status(GainStatus status) => status == GainStatus.Undefined ? Figures.Missing : status.ToString().ToLowerInvariant();

    /// <summary>A share as whole percent.</summary>
    public static Cell Share(int part, int whole) => new(SignedFigures.Share(part, whole), whole == 0 ? null : part / (double)whole);

    /// <summary>The model, its run and how it was read.</summary>
    public static IEnumerable<PageBlock> Head(GainSample sample, string where) =>
    [
        new Heading(sample.Source.Label),
        new Paragraph($"run {sample.Source.Run}: {sample.Source.PromptSet}, --bos {sample.Source.Bos}, {Figures.Of(sample.Texts, "prompt")}, {where}: n = {Figures.Count(sample.Points.Count)}" +
            $"{(sample.LeftOut > 0 ? $"; {Figures.Of(sample.LeftOut, "reading")} left out, without a gain or an entropy" : "")}", Hang: 2),
    ];
}
