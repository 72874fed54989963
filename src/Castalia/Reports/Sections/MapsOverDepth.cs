using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>How blocks answer along the stream, over the depth of every model whose blocks were read as maps.</summary>
static class MapsOverDepth
{
    const int MostWithSpread = 3; // models; strokes of more hide each other

    static readonly (string Column, string Title, string Short, double? Reference, bool IsLog)[] s_figures =
    [
        ("along", "along, hᵀJh/‖h‖²", "along", 1, false), ("jh_minus_h", "‖Jh − h‖/‖h‖", "‖Jh − h‖/‖h‖", null, true), ("law_departure", "G(s) from the law, rms over s", "law", null, true),
        ("kappa_attn", "κ of attention", "κ attn", 0, false), ("kappa_mlp", "κ of the MLP", "κ MLP", 0, false), ("log_abs_det", "ln|det J|, nats", "ln|det J|", 0, false),
        ("share_contracting", "share of σ below 1", "σ < 1", null, false),
    ];

    /// <summary>The chart; none where one block of one model was read.</summary>
    public static IEnumerable<PageBlock> Of(ReportEvidence e)
    {
        var rows = e.RowsOfOneRun(
            "SELECT run, model, layer, count(*), " + string.Join(", ", s_figures.Select(f => $"avg({f.Column} ORDER BY prompt_index), quantile_cont({f.Column}, 0.25), quantile_cont({f.Column}, 0.75)")) +
            " FROM dynamics GROUP BY run, model, layer ORDER BY run, model, layer");
        var models = e.StoredModels.Where(model => rows.Contains(model)).ToList();
        if (models.Sum(model => rows[model].Count()) < 2)
        {
            yield return new Paragraph("Not measured: other blocks than the last. 'castalia dynamics CHECKPOINT --blocks all' reads them.");
            yield break;
        }
        bool hasSpread = models.Count <= MostWithSpread;
        bool[] mayBeLog = [.. s_figures.Select((_, f) => models.SelectMany(model => rows[model]).All(row => Value(row, f, 1) is null or > 0))];
        yield return new Chart(
            "maps-depth", "How blocks answer along the stream",
            "Means over the prompts of each model at their last token; up by choice: along, what J makes of h along h; ‖Jh − h‖/‖h‖; how far the gain of a stream made s times as long departs from the quadratic law (root mean square over s from 0.5 to 2); " +
            "κ, the response of attention or MLP to a longer output of its norm, of what they add along h; ln|det J|; the share of singular values below 1. " +
            (hasSpread ? "Strokes hold the middle half of the prompts: no interval of the mean." : "The middle half of the prompts stands in the table."),
            [new("block, from 1") { Low = 0, High = models.Max(model => model.Blocks) }, new("share of the depth") { Low = 0, High = 1 }], [.. s_figures.Select((f, i) => new Axis(f.Title) { Reference = f.Reference, MayBeLog = f.IsLog && mayBeLog[i], IsLog = f.IsLog && mayBeLog[i] })],
            [
                .. hasSpread ? models.Select(model => Spread(model, [.. rows[model]])) : [],
                .. models.Select(model => new Series(model.Label, Mark.Line, Across(model, rows[model], 1), [.. s_figures.Select((_, f) => rows[model].Select(row => Value(row, f, 0)).ToArray())]) { Colour = model.Index }),
            ],
            new(["model", "block", "n", .. s_figures.SelectMany(f => new Column[] { f.Short, $"{f.Short}, 25 %", $"{f.Short}, 75 %" })], [.. models.SelectMany(model => rows[model].Select(IReadOnlyList<Cell> (row) =>
            [
                model.Label, Cell.Count((long)row[2]! + 1), Cell.Count((long)row[3]!), .. s_figures.SelectMany((_, f) => Enumerable.Range(0, 3).Select(part => Value(row, f, part) is { } value ? Cell.Number(value, SignedFigures.Of) : Figures.Missing)),
            ]))]));
    }

    static Series Spread(ReportedModel model, object?[][] rows) => new(
        model.Label, Mark.Strokes, Across(model, rows, 3), [.. s_figures.Select((_, f) => rows.SelectMany(row => new[] { Value(row, f, 1), Value(row, f, 2), null }).ToArray())])
    { Colour = model.Index, IsNamed = false, Size = 2 };

    static IReadOnlyList<IReadOnlyList<double?>> Across(ReportedModel model, IEnumerable<object?[]> rows, int times)
    {
        double[] blocks = [.. rows.SelectMany(row => Enumerable.Repeat((long)row[2]! + 1.0, times))];
        return [[.. blocks.Select(block => (double?)block)], [.. blocks.Select(block => (double?)(block / model.Blocks))]];
    }

    /// <summary>Of a figure the mean, the lower and the upper quartile.</summary>
    static double? Value(object?[] row, int figure, int part) => (double?)row[4 + 3 * figure + part];
}
