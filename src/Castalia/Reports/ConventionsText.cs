using System.Globalization;
using System.Text;
using Castalia.Analyses;
using Castalia.Residual;
using Castalia.Runs;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia conventions</c> prints for people.</summary>
public static class ConventionsText
{
    const int GridDecimals = 4, MoreThanPublished = 2, LeastRows = 5;

    const string Convention =
        "Mean over prompts of the last-layer gain that each prompt has under a convention: reference point, position rule, and the type that each norm was rounded to before the " +
        "division. block: ‖h_L‖/‖h_{L−1}‖; penultimate: ‖h_{L−1}‖/‖h_{L−2}‖; final-norm: ‖final norm of h_L‖/‖h_{L−1}‖. n: prompts that have it.";

    /// <summary>The page, lines ended by LF.</summary>
    /// <param name="models">At least one, all held against the same figure or none.</param>
    /// <param name="store">Folder of the runs.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static string Of(IReadOnlyList<ModelConventions> models, string store, int width)
    {
        var legend = new RunLegend([.. models.Select(m => m.Model)]);
        var text = new StringBuilder($"Runs in {store}\n").Append(TerminalPrinter.Of(new Page([legend.Runs]), width)).Append('\n').Append(Wrapped.Of(Convention, width));
        var figure = models[0].Match?.Figure;
        if (figure is not null) text.Append('\n').Append(Figure(figure, models, width));
        foreach (var model in models)
        {
            text.Append('\n').Append(legend.Label(model.Model)).Append('\n');
            text.Append(model.Match is { } match ? Matches(match, model.Grid, width) : Grid(model.Grid, width));
            text.Append(TestFigures.Reasons(Undefined(model.Grid), width));
            if (model.Resolution.Count > 0) text.Append('\n').Append(Resolution(model.Resolution, width));
        }
        return text.ToString();
    }

    static string Figure(PublishedFigure figure, IReadOnlyList<ModelConventions> models, int width)
    {
        string digits = Decimals(figure.Decimals + 1);
        int distinct = ModelConventions.DistinctModels(models);
        string what = distinct == models.Count ? Figures.Of(distinct, "model") : $"{Figures.Of(models.Count, "grid")} of {Figures.Of(distinct, "model")}";
        string again = distinct == models.Count ? "" : " Grids of one model in several runs are not independent: what matches in two of them is one finding.";
        string all = models.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture,
            $" All {what} together: {models.Sum(m => m.Match!.MatchingRules)} rules match, {models.Sum(m => m.Match!.Expected):0.00} expected.{again}");
        return Wrapped.Of(string.Create(CultureInfo.InvariantCulture,
            $"{figure.Text} was rounded to {Figures.Of(figure.Decimals, "decimal")}: {figure.Low.ToString(digits, CultureInfo.InvariantCulture)} to {figure.High.ToString(digits, CultureInfo.InvariantCulture)}. " +
            $"Conventions whose mean lies there are marked *. A rule is a reference point with a position rule: its three precisions that match are one finding. " +
            $"Expected by width alone: how many rules a figure of as many digits put anywhere within ±{FigureMatch.Span * 100:0} % of it would meet on average.{all} A match says that the convention can have been used, not that it was; on prompts other than those of the publication no convention need reproduce it."), width);
    }

    static string Grid(IReadOnlyList<ConventionCell> grid, int width) => TextTable.Of(
        ["", "n", "float32", "bfloat16", "float16"],
        [.. grid.Chunk(ConventionGrid.Precisions.Count).Select(IReadOnlyList<string> (cells) =>
            [Name(cells[0]), N(cells), .. cells.Select(c => Mean(c, GridDecimals))])], width);

    /// <summary>The rows with the cells that match, or else the nearest few, nearest first.</summary>
    static string Matches(FigureMatch match, IReadOnlyList<ConventionCell> grid, int width)
    {
        string chance = string.Create(CultureInfo.InvariantCulture,
            $"{match.MatchingRules} of the {match.Rules} rules that are defined round to it ({match.Matching} of {match.Nearest.Count} with each precision counted); expected by width alone {match.Expected:0.00}. " +
            $"Figures in {match.Covered * 100:0} % of that span meet at least one: how densely they lie, no p-value.");
        if (match.Nearest.Count == 0) return Wrapped.Of("No convention is defined.", width);
        var rows = grid.Chunk(ConventionGrid.Precisions.Count).Where(cells => cells.Any(c => c.Mean.Value is not null))
            .Select(cells => (Cells: cells, Nearest: cells.Where(c => c.Mean.Value is not null).MinBy(match.Distance)!))
            .OrderBy(row => match.Distance(row.Nearest)).ToList();
        int shown = Math.Max(LeastRows, rows.Count(row => match.Figure.MayBe(row.Nearest.Mean.Value!.Value)));
        int decimals = match.Figure.Decimals + MoreThanPublished;
        return Wrapped.Of(chance, width) + TextTable.Of(
            ["", "n", "float32", "bfloat16", "float16", "off by"],
            [.. rows.Take(shown).Select(IReadOnlyList<string> (row) =>
            [
                Name(row.Cells[0]), N(row.Cells), .. row.Cells.Select(c => Mean(c, decimals) + (c.Mean.Value is { } m && match.Figure.MayBe(m) ? "*" : " ")),
                Off(row.Nearest.Mean.Value!.Value - match.Figure.Value, decimals),
            ])], width) + (rows.Count > shown ? Wrapped.Of($"{rows.Count - shown} further rows lie farther off.", width) : "");
    }

    static string Resolution(IReadOnlyList<NormResolution> resolution, int width) =>
        Wrapped.Of(
            "What norms recorded in half precision can tell apart, last token: spacing of neighbouring numbers at the median norms, and by how much the next larger norm " +
            "above the line moves a prompt's gain (median; least to largest over prompts). \"as 1\": prompts whose two norms differ and round to the same number.", width) +
        TextTable.Of(
            ["", "norms", "spacing", "step of a gain", "as 1"],
            [.. resolution.Select(IReadOnlyList<string> (r) =>
            [
                $"{PointName(r.Point)}, {PrecisionName(r.Precision)}", $"{Figures.Real(r.Numerator)}/{Figures.Real(r.Denominator)}",
                $"{Spacing(r.NumeratorSpacing)}/{Spacing(r.DenominatorSpacing)}",
                $"{Step(r.Step)} ({Step(r.LeastStep)}–{Step(r.LargestStep)})", FormattableString.Invariant($"{r.NotTellable} of {r.N}"),
            ])], width);

    static IEnumerable<(string, string, string?)> Undefined(IReadOnlyList<ConventionCell> grid) =>
        grid.Select(c => (Name(c), PrecisionName(c.Precision), c.Mean.UndefinedBecause));

    static string Name(ConventionCell cell) => $"{PointName(cell.Point)}, {GoldenNames.Of(cell.Rule)}";

    internal static string PointName(ReferencePoint point) => GoldenNames.Points.First(p => p.Point == point).Name;

    internal static string PrecisionName(NormPrecision precision) => precision.ToString().ToLowerInvariant();

    static string N(ConventionCell[] cells)
    {
        int least = cells.Min(c => c.N), most = cells.Max(c => c.N);
        return least == most ? Figures.Count(most) : FormattableString.Invariant($"{least}–{most}");
    }

    static string Mean(ConventionCell cell, int decimals) =>
        cell.Mean.Value?.ToString(Decimals(decimals), CultureInfo.InvariantCulture) ?? Figures.Missing;

    static string Off(double distance, int decimals) => distance.ToString($"+{Decimals(decimals)};−{Decimals(decimals)};{Decimals(decimals)}", CultureInfo.InvariantCulture);

    static string Step(double value) => value.ToString(value is >= 0.001 and < 10_000 ? "0.0000" : "0.0E+0", CultureInfo.InvariantCulture);

    static string Spacing(double value) => value is >= 0.001 and < 10_000
        ? value.ToString("0.####", CultureInfo.InvariantCulture)
        : value.ToString("0.0E+0", CultureInfo.InvariantCulture);

    static string Decimals(int decimals) => decimals == 0 ? "0" : $"0.{new string('0', decimals)}";
}
