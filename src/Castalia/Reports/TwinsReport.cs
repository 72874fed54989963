using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Twins;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia twins</c> prints for people.</summary>
static class TwinsReport
{
    /// <summary>The page.</summary>
    /// <param name="table">The networks.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    public static Page Of(TwinTable table, long seed) => new(Blocks(table, seed));

    static IEnumerable<PageBlock> Blocks(TwinTable table, long seed)
    {
        yield return new Heading(table.Plan);
        var first = table.Networks[0];
        yield return new Paragraph(
            $"{Figures.Of(table.Networks.Count, "network")} of {Figures.Of(table.Cells.Count, "cell")}; the first: {first.Text("family")}, {Figures.Of(first.Whole("blocks"), "block")} of width {first.Text("width")}, " +
            $"{Figures.Count(first.Parameters)} parameters, {Figures.Of(first.Whole("steps"), "step")}.", Hang: 2);
        yield return new Gap();
        yield return new Paragraph(
            $"loss: mean cross-entropy over the last 50 steps, before each, nats; least: {Least(table)}. Gain of the last block at the last token of {Prompts(table)}: mean over prompts with its " +
            "95 % BCa bootstrap interval; below 1: share of prompts that dampen. " +
            "r true: Pearson correlation of gain and the true entropy of what follows; r model: of gain and the entropy that the model gives it.");
        yield return new Gap();
        yield return new Table(["", "seed", "loss", "least", "gain", "95 % BCa", "below 1", "r true", "r model"], [.. table.Networks.Select(Row)]);
        if (table.Cells.Count == table.Networks.Count) yield break;
        yield return new Gap();
        yield return new Paragraph("Over the networks of a cell: mean ± sd over seeds; an interval over prompts is one network's alone.");
        yield return new Gap();
        yield return Cells(table, seed);
    }

    static string Least(TwinTable table) => table.Networks.All(network => network.Real("least_loss") is null)
        ? "the entropy of a natural text, which nobody knows" : "the language's own entropy over the same texts, which no model is below but by chance";

    static string Prompts(TwinTable table) => table.Networks.All(network => network.Real("least_loss") is null)
        ? "texts that are held out, the last twentieth of the corpus" : "prompts that were not trained on, a third of them settled, open and long-range each";

    /// <summary>The cells: mean ± standard deviation over seeds.</summary>
    public static Table Cells(TwinTable table, long seed) => new(
        ["", "seeds", "loss", "gain ± sd", "settled", "open", "long-range", "below 1", "r true", "r model"],
        [.. table.Cells.Select(IReadOnlyList<Cell> (cell) =>
        [
            cell.Key, Cell.Count(cell.Count()), Mean(cell, "loss", Figures.Real),
            Reports.Cells.MeanAndSd(Describe.Of([.. cell.Select(network => network.Real("gain")).OfType<double>()], seed, CancellationToken.None), cell.Key),
            Mean(cell, "gain_settled", Figures.Real), Mean(cell, "gain_open", Figures.Real), Mean(cell, "gain_long_range", Figures.Real),
            Mean(cell, "below_one_share", Share), Mean(cell, "r_true", Figures.Correlation), Mean(cell, "r_model", Figures.Correlation),
        ])])
    {
        Caption = "Cells of the study, mean ± sd over seeds",
    };

    static IReadOnlyList<Cell> Row(TwinNetwork network) =>
    [
        network.Cell, network.Seed, Real(network, "loss", Figures.Real), Real(network, "least_loss", Figures.Real), Real(network, "gain", Figures.Real),
        network.Real("gain_low") is { } low && network.Real("gain_high") is { } high ? Reports.Cells.Span(new(low, high)) : Figures.Missing,
        Real(network, "below_one_share", Share), Real(network, "r_true", Figures.Correlation), Real(network, "r_model", Figures.Correlation),
    ];

    static Cell Real(TwinNetwork network, string column, Func<double, string> format) => network.Real(column) is { } value ? Cell.Number(value, format) : Figures.Missing;

    static Cell Mean(IEnumerable<TwinNetwork> networks, string column, Func<double, string> format)
    {
        double[] some = [.. networks.Select(network => network.Real(column)).OfType<double>()];
        return some.Length == 0 ? Figures.Missing : Cell.Number(some.Average(), format);
    }

    static string Share(double share) => SignedFigures.Share((int)Math.Round(1000 * share), 1000);
}
