using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What other sciences would measure of a block, each with what would make the analogy false.</summary>
static class IsomorphismTable
{
    /// <summary>The table; a science and a falsifier that rows share stand in the first.</summary>
    /// <param name="rows">The figures.</param>
    public static Table Of(IReadOnlyList<Isomorphism> rows) => new(
        [Column.Words("science"), Column.Prose("quantity"), "value", "95 %", "n", Column.Prose("false if")],
        [.. rows.Select((row, i) => (IReadOnlyList<Cell>)
        [
            i > 0 && rows[i - 1].Science == row.Science ? "" : row.Science, row.Quantity, Cell.Of(row.Value, SignedFigures.Of, row.Quantity), SignedFigures.Span(row.Interval95), Cell.Count(row.N),
            i > 0 && rows[i - 1].FalseIf == row.FalseIf ? "" : row.FalseIf,
        ])])
    {
        Caption = "Isomorphisms as numbers",
    };

    /// <summary>Those of stored runs, a table for each model, or the command that would fill one.</summary>
    /// <param name="models">Models of which something is stored.</param>
    public static IEnumerable<PageBlock> Of(IReadOnlyList<StoredIsomorphisms> models)
    {
        if (models.Count == 0)
        {
            yield return new Paragraph("Not measured: no stored run has blocks as maps. 'castalia dynamics CHECKPOINT --blocks all' computes the table.");
            yield break;
        }
        foreach (var (label, sources, rows) in models)
        {
            yield return new Paragraph($"{label}, its last block over prompts, with 95 % intervals ({string.Join("; ", sources)}).");
            yield return Of(rows) with { Caption = $"Isomorphisms as numbers: {label}" };
        }
    }
}
