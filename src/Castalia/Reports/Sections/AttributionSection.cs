using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>Where the gain comes from, of models that were explained.</summary>
static class AttributionSection
{
    const int Neurons = 50;

    /// <summary>Waterfall, heads by block, neurons and source positions of each, or what would make them.</summary>
    public static IEnumerable<PageBlock> Of(ReportEvidence e)
    {
        yield return new Heading("Where the gain comes from", 2);
        bool isThere = e.Store is not null && e.Store.Query("SELECT count(*) FROM attribution", e.Cancellation).Rows[0][0] is > 0L;
        if (!isThere)
        {
            yield return new Paragraph("Not measured: attribution. 'castalia explain CHECKPOINT --blocks all' gives the exact parts of G² − 1 by head, neuron, bias and source position.");
            yield break;
        }
        yield return new Paragraph("A_p = ⟨Δ_p, h + h′⟩/‖h‖² is the part that p has of G² − 1; the parts add up exactly. An account, not a cause: what happens without a part is an intervention.");
        const string Last = "position = tokens - 1";
        var parts = e.RowsOfOneRun($"SELECT run, model, layer, part, split, sum(value ORDER BY prompt_index) / count(DISTINCT prompt_index), count(DISTINCT prompt_index) FROM attribution WHERE {Last} AND split IN ('sublayers', 'block') GROUP BY run, model, layer, part, split");
        var heads = e.RowsOfOneRun($"SELECT run, model, layer, \"index\", avg(value ORDER BY prompt_index), count(*) FROM attribution WHERE {Last} AND split = 'units' AND part = 'head' GROUP BY run, model, layer, \"index\" ORDER BY layer, \"index\"");
        var neurons = e.RowsOfOneRun("SELECT run, model, layer, \"index\", value FROM units WHERE kind = 'neuron' AND quantity = 'a_mean' AND value IS NOT NULL ORDER BY run, model, layer, \"index\"");
        var sources = e.RowsOfOneRun($"SELECT run, model, layer, CASE WHEN source = 0 THEN 0 WHEN source = tokens - 1 THEN 2 ELSE 1 END, sum(value ORDER BY prompt_index, \"index\", source), count(DISTINCT prompt_index) FROM attribution WHERE {Last} AND split = 'sources' AND tokens > 2 GROUP BY ALL ORDER BY layer, 4");
        foreach (var model in e.StoredModels.Where(model => parts.Contains(model)))
        {
            yield return new Heading(model.Label, 3);
            yield return Waterfall(model, [.. parts[model]]);
            yield return Heads(model, [.. heads[model]]);
            if (neurons[model].Any()) yield return Curve(model, [.. neurons[model]], parts[model].Max(row => (long)row[6]!));
            if (sources[model].Any()) yield return Sources(model, [.. sources[model]]);
        }
    }

    static Chart Waterfall(ReportedModel model, object?[][] rows)
    {
        long block = rows.Max(row => (long)row[2]!), n = rows.Max(row => (long)row[6]!);
        double Part(string split, string part) => rows.Where(row => (long)row[2]! == block && (string)row[4]! == split && (string)row[3]! == part).Select(row => (double)row[5]!).FirstOrDefault();
        (string Name, double Value)[] steps = [("attention", Part("sublayers", "attn")), ("MLP", Part("sublayers", "mlp")), ("rounding", Part("sublayers", "rounding"))];
        double end = 1 + Part("block", "gain_squared_minus_one");
        List<(string Name, double From, double To)> bars = [("1", 0, 1)];
        double at = 1;
        foreach (var (name, value) in steps)
        {
            bars.Add((name, at, at + value));
            at += value;
        }
        bars.Add(("G²", 0, end));
        return new(
            FormattableString.Invariant($"waterfall-{model.Index}"), $"From 1 to G², {model.Label}", $"Block {block + 1}, means over {Figures.Of(n, "prompt")} at their last token: each bar begins where the one before ended.",
            [new("G²") { Low = Math.Min(0, bars.Min(bar => Math.Min(bar.From, bar.To))) }], [Axis.Of("", [.. bars.Select(bar => bar.Name)])],
            [.. bars.Index().GroupBy(bar => bar.Item.To < bar.Item.From).Select(side => Series.Of(
                side.Key ? "takes away" : "adds", Mark.Strokes, [.. side.SelectMany(bar => new double?[] { bar.Item.From, bar.Item.To, null })], [.. side.SelectMany(bar => new double?[] { bar.Index, bar.Index, null })])
                with { Colour = -1, IsDown = side.Key, Size = 18, IsNamed = false })],
            new(["part", "from", "to", "A"], [.. bars.Select(IReadOnlyList<Cell> (bar) => [bar.Name, Cell.Number(bar.From, Figures.Real), Cell.Number(bar.To, Figures.Real), Cell.Number(bar.To - bar.From, SignedFigures.Of)])]))
        {
            Height = 90 + 34 * bars.Count,
        };
    }

    static Chart Heads(ReportedModel model, object?[][] rows)
    {
        long[] blocks = [.. rows.Select(row => (long)row[2]!).Distinct().Order()];
        string[] up = [.. blocks.Select(block => FormattableString.Invariant($"block {block + 1}"))];
        int heads = (int)rows.Max(row => (long)row[3]!) + 1;
        double reach = rows.Max(row => Math.Abs((double)row[4]!));
        return new(
            FormattableString.Invariant($"heads-{model.Index}"), $"Heads, {model.Label}", $"Colour is the mean over {Figures.Of(rows.Max(row => (long)row[5]!), "prompt")} of A of each head, from 0; of the blocks that were explained.",
            [Axis.Of("head, from 0", [.. Enumerable.Range(0, heads).Select(head => FormattableString.Invariant($"{head}"))])], [Axis.Of("", up)],
            [new("mean A", Mark.Cells, [[.. rows.Select(row => (double?)(long)row[3]!)]], [[.. rows.Select(row => (double?)Array.IndexOf(blocks, (long)row[2]!))]]) { Values = [.. rows.Select(row => (double?)row[4])], IsNamed = false }],
            new(["block", "head", "mean A"], [.. rows.Select(IReadOnlyList<Cell> (row) => [FormattableString.Invariant($"{(long)row[2]! + 1}"), Cell.Count((long)row[3]!), Cell.Number((double)row[4]!, SignedFigures.Of)])]))
        {
            Colours = new("mean A", -reach, reach, 0),
            Height = 110 + 24 * blocks.Length,
        };
    }

    static Chart Curve(ReportedModel model, object?[][] rows, long prompts)
    {
        long block = rows.Max(row => (long)row[2]!);
        object?[][] ofBlock = [.. rows.Where(row => (long)row[2]! == block)];
        var units = ofBlock.Select(row => (Neuron: (long)row[3]!, A: (double)row[4]!)).OrderByDescending(unit => Math.Abs(unit.A)).Take(Neurons);
        (long Neuron, double A)[] sorted = [.. units.OrderBy(unit => unit.A)];
        return new(
            FormattableString.Invariant($"neurons-{model.Index}"), $"Leading neurons, {model.Label}",
            $"Block {block + 1}: the {sorted.Length} of {Figures.Of(ofBlock.Length, "neuron")} with the largest |mean A| over {Figures.Of(prompts, "prompt")}, from the one that takes most to the one that adds most.",
            [new("rank")], [new("mean A") { Reference = 0 }],
            [Series.Of("neurons", Mark.Points, [.. Enumerable.Range(1, sorted.Length).Select(i => (double?)i)], [.. sorted.Select(unit => (double?)unit.A)]) with { Notes = [.. Enumerable.Range(0, sorted.Length)], IsNamed = false }],
            new(["neuron", "mean A"], [.. sorted.Select(IReadOnlyList<Cell> (unit) => [FormattableString.Invariant($"{unit.Neuron}"), Cell.Number(unit.A, SignedFigures.Of)])]))
        {
            Notes = [.. sorted.Select(unit => (IReadOnlyList<(string, string)>)[("neuron", FormattableString.Invariant($"{unit.Neuron}")), ("mean A", SignedFigures.Of(unit.A))])],
            Height = 300,
        };
    }

    static Chart Sources(ReportedModel model, object?[][] rows)
    {
        string[] places = ["the first token", "those between", "the last itself"];
        long[] blocks = [.. rows.Select(row => (long)row[2]!).Distinct().Order()];
        return new(
            FormattableString.Invariant($"sources-{model.Index}"), $"What heads read, {model.Label}", $"Sum over the heads of a block of what they bring from the first token, from those between and from the last token itself; means over {Figures.Of(rows.Max(row => (long)row[5]!), "prompt")} of three tokens or more.",
            [new("mean A") { Reference = 0 }], [Axis.Of("", [.. blocks.Select(block => FormattableString.Invariant($"block {block + 1}"))])],
            [.. places.Select((place, i) => Series.Of(place, Mark.Points,
                [.. rows.Where(row => (long)row[3]! == i).Select(row => (double?)((double)row[4]! / (long)row[5]!))], [.. rows.Where(row => (long)row[3]! == i).Select(row => (double?)Array.IndexOf(blocks, (long)row[2]!))]) with { Colour = i, Size = 9 })],
            new(["block", Column.Words("from"), "mean A"], [.. rows.Select(IReadOnlyList<Cell> (row) =>
                [FormattableString.Invariant($"{(long)row[2]! + 1}"), places[(int)(long)row[3]!], Cell.Number((double)row[4]! / (long)row[5]!, SignedFigures.Of)])]))
        {
            Height = 110 + 28 * blocks.Length,
        };
    }
}
