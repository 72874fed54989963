using System.Globalization;
using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Runs;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia conventions</c> prints for people.</summary>
static class ConventionsReport
{
    const int GridDecimals = 4, MoreThanPublished = 2, LeastRows = 5;

    const string Convention =
        "Mean over prompts of the last-layer gain that each prompt has under a convention: reference point, position rule, and the type that each norm was rounded to before the " +
        "division. block: ‖h_L‖/‖h_{L−1}‖; penultimate: ‖h_{L−1}‖/‖h_{L−2}‖; final-norm: ‖final norm of h_L‖/‖h_{L−1}‖. n: prompts that have it.";

    /// <summary>The page.</summary>
    /// <param name="models">At least one, all held against the same figure or none.</param>
    /// <param name="store">Folder of the runs.</param>
    public static Page Of(IReadOnlyList<ModelConventions> models, string store) => new(Blocks(models, store));

    static IEnumerable<PageBlock> Blocks(IReadOnlyList<ModelConventions> models, string store)
    {
        var legend = new RunLegend([.. models.Select(m => m.Model)]);
        yield return new Line($"Runs in {store}");
        yield return legend.Runs;
        yield return new Gap();
        yield return new Paragraph(Convention);
        if (models[0].Match?.Figure is { } figure)
        {
            yield return new Gap();
            yield return new Paragraph(Published(figure, models));
        }
        foreach (var model in models)
        {
            yield return new Gap();
            yield return new Heading(legend.Label(model.Model));
            foreach (var block in model.Match is { } match ? Matches(match, model.Grid) : [Grid(model.Grid)]) yield return block;
            if (model.Resolution.Count == 0) continue;
            yield return new Gap();
            yield return new Paragraph(
                "What norms recorded in half precision can tell apart, last token: spacing of neighbouring numbers at the median norms, and by how much the next larger norm " +
                "above the line moves a prompt's gain (median; least to largest over prompts). \"as 1\": prompts whose two norms differ and round to the same number.");
            yield return new Table(["", "norms", "spacing", "step of a gain", "as 1"], [.. model.Resolution.Select(Resolution)]) { Caption = "Resolution of norms in half precision" };
        }
    }

    static string Published(PublishedFigure figure, IReadOnlyList<ModelConventions> models)
    {
        string digits = Decimals(figure.Decimals + 1);
        int distinct = ModelConventions.DistinctModels(models);
        string what = distinct == models.Count ? Figures.Of(distinct, "model") : $"{Figures.Of(models.Count, "grid")} of {Figures.Of(distinct, "model")}";
        string again = distinct == models.Count ? "" : " Grids of one model in several runs are not independent: what matches in two of them is one finding.";
        string all = models.Count == 1 ? "" : string.Create(CultureInfo.InvariantCulture,
            $" All {what} together: {models.Sum(m => m.Match!.MatchingRules)} rules match, {models.Sum(m => m.Match!.Expected):0.00} expected.{again}");
        return string.Create(CultureInfo.InvariantCulture,
            $"{figure.Text} was rounded to {Figures.Of(figure.Decimals, "decimal")}: {figure.Low.ToString(digits, CultureInfo.InvariantCulture)} to {figure.High.ToString(digits, CultureInfo.InvariantCulture)}. " +
            $"Conventions whose mean lies there are marked *. A rule is a reference point with a position rule: its three precisions that match are one finding. " +
            $"Expected by width alone: how many rules a figure of as many digits put anywhere within ±{FigureMatch.Span * 100:0} % of it would meet on average.{all} A match says that the convention can have been used, not that it was; on prompts other than those of the publication no convention need reproduce it.");
    }

    static Table Grid(IReadOnlyList<ConventionCell> grid) => new(
        ["", "n", "float32", "bfloat16", "float16"],
        [.. Rules(grid).Select(IReadOnlyList<Cell> (cells) => [Name(cells[0]), N(cells), .. cells.Select(c => Mean(c, GridDecimals))])])
    {
        Caption = "Mean gain by convention",
    };

    /// <summary>The rows with the cells that match, or else the nearest few, nearest first.</summary>
    static IEnumerable<PageBlock> Matches(FigureMatch match, IReadOnlyList<ConventionCell> grid)
    {
        var rows = Rules(grid).Where(cells => cells.Any(c => c.Mean.Value is not null))
            .Select(cells => (Cells: cells, Nearest: cells.Where(c => c.Mean.Value is not null).MinBy(match.Distance)!))
            .OrderBy(row => match.Distance(row.Nearest)).ToList();
        int shown = Math.Max(LeastRows, rows.Count(row => match.Figure.MayBe(row.Nearest.Mean.Value!.Value)));
        int decimals = match.Figure.Decimals + MoreThanPublished;
        var table = new Table(["", "n", "float32", "bfloat16", "float16", "off by"],
            [.. rows.Take(shown).Select(IReadOnlyList<Cell> (row) =>
            [
                Name(row.Cells[0]), N(row.Cells), .. row.Cells.Select(c => Mean(c, decimals, c.Mean.Value is { } m && match.Figure.MayBe(m) ? "*" : " ")),
                Cell.Number(row.Nearest.Mean.Value!.Value - match.Figure.Value, off => Off(off, decimals)),
            ])])
        {
            Caption = "Rules nearest to the published figure",
            NotShown = [.. grid.Select(c => Mean(c, decimals))],
        };
        if (rows.Count == 0)
        {
            yield return new Paragraph("No convention is defined.");
            yield return new Remarks(table.Undefined);
            yield break;
        }
        yield return new Paragraph(string.Create(CultureInfo.InvariantCulture,
            $"{match.MatchingRules} of the {match.Rules} rules that are defined round to it ({match.Matching} of {match.Nearest.Count} with each precision counted); expected by width alone {match.Expected:0.00}. " +
            $"Figures in {match.Covered * 100:0} % of that span meet at least one: how densely they lie, no p-value."));
        yield return table;
        if (rows.Count > shown) yield return new Paragraph($"{rows.Count - shown} further rows lie farther off.");
    }

    static IEnumerable<ConventionCell[]> Rules(IReadOnlyList<ConventionCell> grid) => grid.Chunk(ConventionGrid.Precisions.Count);

    static IReadOnlyList<Cell> Resolution(NormResolution r) =>
    [
        $"{GoldenNames.Of(r.Point)}, {GoldenNames.Of(r.Precision)}", $"{Figures.Real(r.Numerator)}/{Figures.Real(r.Denominator)}",
        $"{Spacing(r.NumeratorSpacing)}/{Spacing(r.DenominatorSpacing)}", Cell.Number(r.Step, step => $"{Step(step)} ({Step(r.LeastStep)}–{Step(r.LargestStep)})"),
        FormattableString.Invariant($"{r.NotTellable} of {r.N}"),
    ];

    static string Name(ConventionCell cell) => $"{GoldenNames.Of(cell.Point)}, {GoldenNames.Of(cell.Rule)}";

    static Cell N(ConventionCell[] cells)
    {
        int least = cells.Min(c => c.N), most = cells.Max(c => c.N);
        return least == most ? Cell.Count(most) : FormattableString.Invariant($"{least}–{most}");
    }

    static Cell Mean(ConventionCell cell, int decimals, string mark = "")
    {
        var figure = Cell.Of(cell.Mean, mean => mean.ToString(Decimals(decimals), CultureInfo.InvariantCulture), GoldenNames.Of(cell.Precision), Name(cell));
        return figure with { Text = figure.Text + mark };
    }

    static string Off(double distance, int decimals) => distance.ToString($"+{Decimals(decimals)};−{Decimals(decimals)};{Decimals(decimals)}", CultureInfo.InvariantCulture);

    static string Step(double value) => value.ToString(value is >= 0.001 and < 10_000 ? "0.0000" : "0.0E+0", CultureInfo.InvariantCulture);

    static string Spacing(double value) => value.ToString(value is >= 0.001 and < 10_000 ? "0.####" : "0.0E+0", CultureInfo.InvariantCulture);

    static string Decimals(int decimals) => decimals == 0 ? "0" : $"0.{new string('0', decimals)}";
}
