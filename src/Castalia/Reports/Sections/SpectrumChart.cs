using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>Singular values of blocks, over the depth and over the prompts.</summary>
static class SpectrumChart
{
    const string Volume = "mean, ln|det J|/d", Whole = "ln|det J|", Contracting = "σ below 1";

    const int Last = 4; // of the columns of ln σ: the smallest

    /// <summary>Over the depth; null where one block was read.</summary>
    public static Chart? OverDepth(ReportEvidence e, ReportedModel model)
    {
        string[] columns = [.. MappedPrompt.LogColumns, "log_abs_det / d_model"], names = [.. MappedPrompt.LogNames, Volume];
        object?[][] rows =
        [
            .. e.RowsOfOneRun("SELECT run, model, layer, count(*), " + string.Join(", ", columns.Select(column => $"avg({column} ORDER BY prompt_index), quantile_cont({column}, 0.25), quantile_cont({column}, 0.75)")) +
                " FROM dynamics GROUP BY run, model, layer ORDER BY run, model, layer")[model],
        ];
        if (rows.Length < 2) return null;
        double? Value(object?[] row, int name, int part) => (double?)row[4 + 3 * name + part];
        bool isWide = rows.Any(row => Value(row, Last, 0) is not null); // quartiles lie close together between the ends
        IReadOnlyList<IReadOnlyList<double?>> Up(int name, double?[] values) => isWide ? [values, name is 0 or Last ? new double?[values.Length] : values] : [values];
        int[] known = [.. Enumerable.Range(0, names.Length).Where(name => rows.Any(row => Value(row, name, 0) is not null))];
        return new(
            FormattableString.Invariant($"spectrum-{model.Index}"), $"Singular values over the depth, {model.Label}",
            $"ln σ of the Jacobian of each block: the largest, the quartiles and the smallest, and their mean, ln|det J|/d; means over {Figures.Of(rows.Max(row => (long)row[3]!), "prompt")}, strokes hold the middle half of the prompts. " +
            "Above 0 a direction is stretched, below it contracts." + (known.Length < names.Length ? " Above a width of 1,024 quartiles and the smallest are not computed." : ""),
            [new("block, from 1") { Low = 0, High = model.Blocks }], isWide ? [new("ln σ", "nats") { Reference = 0 }, new("ln σ, without largest and smallest", "nats") { Reference = 0 }] : [new("ln σ", "nats") { Reference = 0 }],
            [
                .. known.Select((name, i) => new Series(names[name], Mark.Strokes, [[.. rows.SelectMany(row => Enumerable.Repeat((double?)((long)row[2]! + 1), 3))]], Up(name, [.. rows.SelectMany(row => new[] { Value(row, name, 1), Value(row, name, 2), null })]))
                    { Colour = i, IsNamed = false, Size = 2 }),
                .. known.Select((name, i) => new Series(names[name], Mark.Line, [[.. rows.Select(row => (double?)((long)row[2]! + 1))]], Up(name, [.. rows.Select(row => Value(row, name, 0))])) { Colour = i }),
            ],
            new(["block", "n", .. known.SelectMany(name => new Column[] { new(names[name], "nats"), $"{names[name]}, 25 %", $"{names[name]}, 75 %" })], [.. rows.Select(IReadOnlyList<Cell> (row) =>
                [FormattableString.Invariant($"{(long)row[2]! + 1}"), Cell.Count((long)row[3]!), .. known.SelectMany(name => Enumerable.Range(0, 3).Select(part => Shown(Value(row, name, part))))])]));
    }

    /// <summary>Of the last block that was read, every prompt.</summary>
    public static Chart ByPrompt(ReportedModel model, MappedPrompt[] prompts)
    {
        var notes = new Noted();
        int[] noted = [.. prompts.Select(prompt => notes.Of(model.Prompts[prompt.Index]))];
        double?[] none = new double?[prompts.Length];
        int[] known = [.. Enumerable.Range(0, MappedPrompt.LogNames.Count).Where(log => prompts.Any(prompt => prompt.Logs[log] is not null))];
        IReadOnlyList<IReadOnlyList<double?>> across = [[.. prompts.Select(prompt => prompt.Gain)], [.. prompts.Select(prompt => model.Prompts[prompt.Index].Entropy)]];
        Series Points(string name, int colour, IReadOnlyList<IReadOnlyList<double?>> up) => new(name, Mark.Points, across, up) { Colour = colour, Notes = noted, Size = 7 };
        return new(
            FormattableString.Invariant($"stretching-{model.Index}"), $"Gain and stretching, {model.Label}",
            $"Block {prompts[0].Layer + 1}, the last that was read, {Figures.Of(prompts.Length, "prompt")}, each a column of points: across its gain, or the entropy of the next token; up ln σ of the Jacobian (its largest, quartiles and smallest), ln|det J|, or the share of σ below 1. " +
            "Where a gain lies below 1 and ln|det J| above 0 the stream gets shorter while volume grows.",
            [new("gain of the block") { Reference = 1 }, new("entropy of the next token", "nats")], [new("ln σ", "nats") { Reference = 0 }, new("quartiles of ln σ", "nats") { Reference = 0 }, new("ln|det J|", "nats") { Reference = 0 }, new("share of σ below 1")],
            [
                .. known.Select((log, i) => Points(MappedPrompt.LogNames[log], i, [[.. prompts.Select(prompt => prompt.Logs[log])], log is 0 or Last ? none : [.. prompts.Select(prompt => prompt.Logs[log])], none, none])),
                Points(Whole, known.Length, [none, none, [.. prompts.Select(prompt => prompt.LogAbsDet)], none]), Points(Contracting, known.Length + 1, [none, none, none, [.. prompts.Select(prompt => prompt.ShareContracting)]]),
            ],
            new(["prompt", "gain", new("entropy", "nats"), .. known.Select(log => new Column($"ln σ, {MappedPrompt.LogNames[log]}", "nats")), new(Whole, "nats"), Contracting], [.. prompts.Select(IReadOnlyList<Cell> (prompt) =>
            [
                model.Prompts[prompt.Index].Name, Shown(prompt.Gain), Shown(model.Prompts[prompt.Index].Entropy), .. known.Select(log => Shown(prompt.Logs[log])), Shown(prompt.LogAbsDet), Shown(prompt.ShareContracting),
            ])]))
        {
            Notes = notes.All,
        };
    }

    static Cell Shown(double? value) => value is { } number ? Cell.Number(number, SignedFigures.Of) : Figures.Missing;
}
