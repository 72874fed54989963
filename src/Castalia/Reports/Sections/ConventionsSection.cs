using Castalia.Analyses;
using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Runs;
using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>The mean gain under every convention, as a map.</summary>
static class ConventionsSection
{
    /// <summary>A map for each model, or what would measure it.</summary>
    public static IEnumerable<PageBlock> Of(ReportEvidence e)
    {
        yield return new Heading("How it depends on the convention", 2);
        if (e.Store is null)
        {
            yield return new Paragraph("Not measured: norms under several conventions. 'castalia measure CHECKPOINT' reads them.");
            yield break;
        }
        var models = MeasuredModels.Conventions(e.Store, null, e.Cancellation);
        var labels = e.StoredModels.ToDictionary(model => model.Stored!.Value);
        string[] columns = [.. ConventionGrid.Precisions.Select(GoldenNames.Of)];
        var rules = models.SelectMany(model => model.Grid).Select(cell => $"{GoldenNames.Of(cell.Point)}, {GoldenNames.Of(cell.Rule)}").Distinct().ToList();
        // One map over all models: a row for each rule, a column for each model and precision.
        string[] across = [.. models.SelectMany(model => columns.Select(column => $"{labels[(model.Model.Settings.Run, model.Model.Name)].Label}, {column}"))];
        var cells = models.SelectMany((model, m) => model.Grid.Where(cell => cell.Mean.Value is not null).Select(cell => (
            X: m * columns.Length + Array.IndexOf(columns, GoldenNames.Of(cell.Precision)), Y: rules.IndexOf($"{GoldenNames.Of(cell.Point)}, {GoldenNames.Of(cell.Rule)}"), Value: cell.Mean.Value!.Value, cell.N))).ToList();
        if (cells.Count == 0) yield break;
        yield return new Chart(
            "conventions", "Mean gain by convention",
            "Rows are reference points and position rules, columns models with the type that norms were rounded to before dividing; colour is the mean over prompts, pale at 1. block: ‖h_L‖/‖h_{L−1}‖; penultimate: the block before; " +
            "final-norm: output of the final norm in place of h_L, another quantity that grows with the norm's weights. A cell that is missing is undefined; 'castalia conventions' says why.",
            [Axis.Of("", across)], [Axis.Of("", rules)],
            [new("mean gain", Mark.Cells, [[.. cells.Select(cell => (double?)cell.X)]], [[.. cells.Select(cell => (double?)cell.Y)]]) { Values = [.. cells.Select(cell => (double?)cell.Value)], IsNamed = false }],
            new(["rule", Column.Words("model and precision"), "mean gain", "n"], [.. cells.Select(IReadOnlyList<Cell> (cell) => [rules[cell.Y], across[cell.X], Cell.Number(cell.Value, Figures.Real), Cell.Count(cell.N)])]))
        {
            // Final norms reach far beyond: the scale is that of the stream itself.
            Colours = new("mean gain", Math.Min(0.5, cells.Where(IsStream).Select(cell => cell.Value).DefaultIfEmpty(1).Min()), cells.Where(IsStream).Select(cell => cell.Value).DefaultIfEmpty(1.5).Max(), 1),
            Height = 120 + 26 * rules.Count,
        };

        bool IsStream((int X, int Y, double Value, int N) cell) => !rules[cell.Y].StartsWith("final", StringComparison.Ordinal);
    }
}
