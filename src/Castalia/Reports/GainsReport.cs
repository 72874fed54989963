using System.Globalization;
using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia gains</c> prints for people.</summary>
static class GainsReport
{
    const string Convention =
        "Gain of the last block at the last token: ‖h_L‖/‖h_{L−1}‖ (reference point block), float32 stream, norms in float64. n: prompts with a gain; sd with n−1; " +
        "95 % BCa bootstrap interval of the mean over prompts. With 25 prompts such an interval holds the mean of normal data in 93 of 100 samples, " +
        "of skewed data in 88 to 92 (docs/statistics.md): near 1, read a status with that in mind.";

    /// <summary>The page.</summary>
    /// <param name="rows">At least one.</param>
    /// <param name="store">Folder of the runs.</param>
    public static Page Of(IReadOnlyList<GainEstimate> rows, string store) => new(Blocks(rows, store));

    static IEnumerable<PageBlock> Blocks(IReadOnlyList<GainEstimate> rows, string store)
    {
        var legend = new RunLegend([.. rows.Select(r => r.Model).Distinct()]);
        yield return new Line($"Runs in {store}");
        yield return legend.Runs;
        yield return legend.Warnings;
        yield return new Gap();
        yield return new Paragraph(Convention);
        yield return new Paragraph($"Status: {GainEstimate.StatusRule}. It is not adjusted for the number of rows.");
        yield return new Gap();
        yield return new Table(["", "blocks", "params", "n", "mean ± sd", "median", "95 % BCa", "status"], [.. rows.Select(Measured)]);
        yield return new Gap();
        yield return new Paragraph(
            "Against 1: prompts below 1 and Wilson's 95 % interval of their share; two-sided p of Student's t and of Wilcoxon's signed ranks; Holm: adjusted over all rows that " +
            $"have that test, {rows.Count(r => r.T.Value is not null)} for t and {rows.Count(r => r.Wilcoxon.Value is not null)} for Wilcoxon; " +
            "d: Cohen's (mean−1)/sd; g: Hedges' correction of it for small n.");
        yield return new Gap();
        yield return new Table(["", "below 1", "95 % share", "t: p", "Holm", "Wilc.: p", "Holm", "d", "g"], [.. rows.Select(Tested)]);
        int left = rows.Sum(r => r.Prompts - r.Gain.N);
        if (left > 0) yield return new Paragraph($"{Figures.Of(left, "reading")} left out: the gain is undefined where a norm is 0.");

        string Label(GainEstimate row) => legend.Label(row.Model) + (row.Category is { } category ? $": {category}"
            : rows.Any(r => r.Model == row.Model && r.Category is not null) ? ": no category" : "");

        IReadOnlyList<Cell> Measured(GainEstimate row) =>
        [
            Label(row), Cell.Count(row.Model.Blocks), Cell.Number(row.Model.Parameters, Size), Cell.Count(row.Gain.N), Cells.MeanAndSd(row.Gain, Label(row)),
            Cell.Of(row.Gain.Median, Figures.Real), Cell.Of(row.Gain.Interval95, Cells.Span, "interval", Label(row)), Cells.Status(row.Status),
        ];

        IReadOnlyList<Cell> Tested(GainEstimate row) =>
        [
            Label(row), row.Gain.N == 0 ? Figures.Missing : FormattableString.Invariant($"{row.BelowOne} of {row.Gain.N}"),
            Cell.Of(row.BelowOneShare, i => string.Create(CultureInfo.InvariantCulture, $"{i.Low:0.00}–{i.High:0.00}"), "share", Label(row)),
            Cell.Of(row.T, t => TestFigures.P(t.PTwoSided), "t", Label(row)), Cell.Of(row.THolm, p => TestFigures.P(p)),
            Cell.Of(row.Wilcoxon, w => TestFigures.P(w.PTwoSided), "Wilcoxon", Label(row)), Cell.Of(row.WilcoxonHolm, p => TestFigures.P(p)),
            Cell.Of(row.Effect, e => TestFigures.Signed(e.CohenD), "d", Label(row)), row.Effect.Value is { } effect ? Cell.Of(effect.HedgesG, g => TestFigures.Signed(g), "g", Label(row)) : Figures.Missing,
        ];
    }

    /// <summary>"134.5M": four digits of a count of parameters.</summary>
    static string Size(double parameters)
    {
        var (unit, letter) = parameters switch { >= 1e9 => (1e9, "B"), >= 1e6 => (1e6, "M"), >= 1e4 => (1e3, "k"), _ => (1.0, "") };
        double size = parameters / unit;
        return size.ToString(letter == "" ? "0" : size < 10 ? "0.00" : "0.0", CultureInfo.InvariantCulture) + letter;
    }
}
