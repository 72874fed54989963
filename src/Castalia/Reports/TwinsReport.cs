using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Twins;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia twins</c> prints for people.</summary>
static class TwinsReport
{
    /// <summary>The page.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="twins">Its networks.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    public static Page Of(TwinPlan plan, IReadOnlyList<MeasuredTwin> twins, long seed) => new(Blocks(plan, twins, seed));

    static IEnumerable<PageBlock> Blocks(TwinPlan plan, IReadOnlyList<MeasuredTwin> twins, long seed)
    {
        yield return new Heading(plan.Name);
        var first = twins[0];
        var architecture = first.Twin.Cell.Form.Architecture;
        yield return new Paragraph(
            $"{Figures.Of(twins.Count, "network")} of {Figures.Of(plan.Cells.Count, "cell")}; the first: {architecture.Family.Title}, {Figures.Of(architecture.NLayers, "block")} of width {architecture.DModel}, " +
            $"{Figures.Count(architecture.ExpectedParameters)} parameters, {Figures.Count(first.Trained.Steps.Count)} steps.", Hang: 2);
        yield return new Gap();
        yield return new Paragraph(
            $"loss: mean cross-entropy over the last 50 steps, before each, nats; least: {Least(plan)}. Gain of the last block at the last token of {Prompts(plan)}: mean over prompts with its " +
            "95 % BCa bootstrap interval; below 1: share of prompts that dampen. " +
            "r true: Pearson correlation of gain and the true entropy of what follows; r model: of gain and the entropy that the model gives it.");
        yield return new Gap();
        yield return new Table(
            ["", "seed", "loss", "least", "gain", "95 % BCa", "below 1", "r true", "r model"],
            [.. twins.Select(Row)]);
        if (plan.Cells.Count == plan.Twins.Count) yield break;
        yield return new Gap();
        yield return new Paragraph("Over the networks of a cell: mean ± sd over seeds; an interval over prompts is one network's alone.");
        yield return new Gap();
        yield return new Table(
            ["", "seeds", "loss", "gain ± sd", "below 1", "r true", "r model"],
            [.. plan.Cells.Select(cell => OfCell(cell, [.. twins.Where(twin => twin.Twin.Cell == cell)], seed))]);
    }

    static string Least(TwinPlan plan) => plan.Corpus is null
        ? "the language's own entropy over the same texts, which no model is below but by chance" : "the entropy of a natural text, which nobody knows";

    static string Prompts(TwinPlan plan) => plan.Corpus is { } corpus
        ? $"texts that are held out, the last twentieth of {Path.GetFileName(corpus.File)}" : "prompts that were not trained on, a third of them settled, open and long-range each";

    static IReadOnlyList<Cell> Row(MeasuredTwin m)
    {
        var all = m.Estimates.All;
        return
        [
            m.Twin.Cell.Name, FormattableString.Invariant($"{m.Twin.Seed}"), Cell.Number(m.Trained.Loss, Figures.Real), m.Trained.LeastLoss is { } least ? Cell.Number(least, Figures.Real) : Figures.Missing,
            Cell.Of(all.Gain.Mean, Figures.Real, "gain", m.Twin.Name), Cell.Of(all.Gain.Interval95, Cells.Span, "interval", m.Twin.Name), Cells.Share(all.BelowOne, all.Gain.N),
            Cell.Of(m.GainTrueEntropy, Figures.Correlation, "r true", m.Twin.Name), Cell.Of(m.Estimates.GainEntropy, Figures.Correlation, "r model", m.Twin.Name),
        ];
    }

    static IReadOnlyList<Cell> OfCell(TwinCell cell, IReadOnlyList<MeasuredTwin> twins, long seed) =>
    [
        cell.Name, Cell.Count(twins.Count), Mean(twins.Select(m => (double?)m.Trained.Loss), Figures.Real), Cells.MeanAndSd(Over(twins.Select(m => m.Estimates.All.Gain.Mean.Value), seed), cell.Name),
        Mean(twins.Select(m => m.Estimates.All.Gain.N == 0 ? null : (double?)m.Estimates.All.BelowOne / m.Estimates.All.Gain.N), share => SignedFigures.Share((int)Math.Round(1000 * share), 1000)),
        Mean(twins.Select(m => m.GainTrueEntropy.Value), Figures.Correlation), Mean(twins.Select(m => m.Estimates.GainEntropy.Value), Figures.Correlation),
    ];

    static Estimate Over(IEnumerable<double?> values, long seed) => Describe.Of([.. values.OfType<double>()], seed, CancellationToken.None);

    static Cell Mean(IEnumerable<double?> values, Func<double, string> format)
    {
        double[] some = [.. values.OfType<double>()];
        return some.Length == 0 ? Figures.Missing : Cell.Number(some.Average(), format);
    }
}
