using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>Gains and norms over the blocks of every measured model.</summary>
static class DepthSection
{
    /// <summary>Two charts, or what would measure them.</summary>
    public static IEnumerable<PageBlock> Of(ReportEvidence e)
    {
        yield return new Heading("Over the blocks", 2);
        var rows = e.Rows("SELECT run, model, layer, n_layers, avg(gain ORDER BY prompt_index), avg(norm_resid_pre ORDER BY prompt_index), avg(norm_resid_post ORDER BY prompt_index), count(gain), " +
            "stddev_samp(gain) FROM readings WHERE position_rule = 'last' GROUP BY run, model, layer, n_layers ORDER BY run, model, layer");
        if (rows.Count == 0)
        {
            yield return new Paragraph("Not measured: gains of single blocks. 'castalia measure CHECKPOINT' reads them.");
            yield break;
        }
        var models = e.StoredModels.Where(model => rows.Contains(model)).ToList();
        Axis[] Depth(int first) => [new("block, from 1") { Low = first, High = Math.Max(first + 1, models.Max(model => model.Blocks)) }, new("share of the depth") { Low = 0, High = 1 }];
        yield return new Chart(
            "depth-gain", "Gain of every block", $"Mean over the prompts of each model of ‖h_ℓ‖/‖h_{{ℓ−1}}‖ at the last token; n and standard deviation in the table. The scale is logarithmic at first, since first blocks can expand tenfold; the dashed line is 1.",
            Depth(first: 1), [new("mean gain") { Reference = 1, MayBeLog = true, IsLog = true }],
            [.. models.Select(model => Over(model, rows[model], row => (double?)row[4]))],
            new(["model", "block", "mean gain", "sd", "n"], [.. models.SelectMany(model => rows[model].Select(IReadOnlyList<Cell> (row) =>
                [model.Label, Cell.Count((long)row[2]! + 1), Number(row[4]), Number(row[8]), Cell.Count((long)row[7]!)]))]));
        yield return new Chart(
            "depth-norm", "Length of the stream", "Mean over the prompts of each model of ‖h_ℓ‖, the stream after block ℓ, and before the first block at 0, at the last token. Lengths of different models are in their own units; the shape compares, the level does not.",
            Depth(first: 0), [new("mean ‖h‖", "activation") { MayBeLog = true, IsLog = true }],
            [.. models.Select(model => WithStart(model, [.. rows[model]]))],
            new(["model", "after block", new("mean ‖h‖", "activation")], [.. models.SelectMany(model => rows[model].SelectMany(row => (long)row[2]! == 0
                ? new IReadOnlyList<Cell>[] { [model.Label, Cell.Count(0), Number(row[5])], [model.Label, Cell.Count(1), Number(row[6])] }
                : [[model.Label, Cell.Count((long)row[2]! + 1), Number(row[6])]]))]));
    }

    static Series Over(ReportedModel model, IEnumerable<object?[]> rows, Func<object?[], double?> value) => new(
        model.Label, Mark.Line, [[.. rows.Select(row => (double?)((long)row[2]! + 1))], [.. rows.Select(row => (double?)(((long)row[2]! + 1) / (double)(long)row[3]!))]], [[.. rows.Select(value)]])
    { Colour = model.Index };

    static Series WithStart(ReportedModel model, object?[][] rows) => new(
        model.Label, Mark.Line, [[0, .. rows.Select(row => (double?)((long)row[2]! + 1))], [0, .. rows.Select(row => (double?)(((long)row[2]! + 1) / (double)(long)row[3]!))]],
        [[(double?)rows[0][5], .. rows.Select(row => (double?)row[6])]])
    { Colour = model.Index };

    static Cell Number(object? value) => value is double number ? Cell.Number(number, Figures.Real) : Figures.Missing;
}
