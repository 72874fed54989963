using Castalia.Analyses;
using Castalia.Anatomy.Units;
using Castalia.Attribution;
using Castalia.Reports.Pages;
using Castalia.Runs;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia explain</c> prints for people.</summary>
static class ExplainReport
{
    const string Definition =
        "Every part p of what the block adds has A_p = ⟨Δ_p, h + h′⟩/‖h‖² of G² − 1, h the stream before the block and h′ after it, each cross term shared equally: " +
        "the parts add up exactly. It is an account, not a cause: what happens without a part is an intervention. Last position of each prompt; means over prompts.";

    /// <summary>The page.</summary>
    /// <param name="run">The model.</param>
    /// <param name="units">Of its last block that was attributed.</param>
    /// <param name="weights">Of the same block; null where they were not read.</param>
    public static Page Of(AttributedRun run, UnitsOverPrompts units, BlockUnitWeights? weights) => new(Blocks(run, units, weights));

    static IEnumerable<PageBlock> Blocks(AttributedRun run, UnitsOverPrompts units, BlockUnitWeights? weights)
    {
        var a = run.Model.Measurement.Architecture;
        var means = run.Means[^1];
        var prompts = GainParts.LastPositions(run, means.Block);
        yield return new Heading($"{run.Model.Name}: where the gain of {BlockName(means.Block, a.NLayers)} comes from");
        yield return new Paragraph(Definition);
        yield return new Gap();
        var parts = GainParts.Of(prompts);
        yield return new Waterfall($"From 1 to G² = {Figures.Real(parts.GainSquared)}, {Figures.Of(parts.Prompts, "prompt")}", ("1", 1), [.. Steps(parts)], ("G²", parts.GainSquared));
        yield return new Gap();
        foreach (var block in Concentration(prompts)) yield return block;
        yield return new Gap();
        if (run.Means.Count > 1) foreach (var block in OverBlocks(run)) yield return block;
        if (prompts.Any(p => p.Category is not null)) foreach (var block in OverCategories(prompts)) yield return block;
        yield return new Paragraph(
            "Heads of largest mean A: the share of prompts in which each is one of the ten largest, and what it brings from the first token, from those between and from the last itself.");
        yield return HeadTable(LeadingUnit.Heads(means, prompts), prompts.Count);
        foreach (var block in ExplainUnits.HeadTokens(run, ids => Pieces(run, ids))) yield return block;
        yield return new Gap();
        foreach (var block in NeuronTable(run, LeadingUnit.Neurons(means, prompts), prompts.Count)) yield return block;
        foreach (var block in ExplainUnits.OverPrompts(units)) yield return block;
        foreach (var block in ExplainUnits.Weights(weights, means)) yield return block;
        foreach (var block in ExplainDerived.Blocks(run, means.Block)) yield return block;
    }

    static string BlockName(int block, int nLayers) => FormattableString.Invariant($"block {block}") + (block == nLayers - 1 ? ", the last" : FormattableString.Invariant($" of 0 to {nLayers - 1}"));

    /// <summary>A bias that no prompt has is left out.</summary>
    static IEnumerable<(string Name, double Value)> Steps(GainParts parts)
    {
        yield return ("attention's heads", parts.Heads);
        if (parts.AttnBias != 0) yield return ("attention's bias", parts.AttnBias);
        yield return ("neurons above 0", parts.Positive);
        yield return ("neurons below 0", parts.Negative);
        if (parts.MlpBias != 0) yield return ("MLP's bias", parts.MlpBias);
        yield return ("rounding", parts.Rounding);
    }

    static IEnumerable<PageBlock> Concentration(IReadOnlyList<AttributedPrompt> prompts)
    {
        int[] half = [.. prompts.Select(p => p.Of.Neurons.HalfOfNegative).Order()];
        int units = prompts[0].Of.Neurons.Count, negative = (int)Median([.. prompts.Select(p => (double)p.Of.Neurons.NegativeUnits)]);
        yield return new Paragraph(
            $"Half of what the neurons below 0 take is taken by {Figures.Count((long)Median([.. half.Select(n => (double)n)]))} of them (median over prompts; {Figures.Count(half[0])} to {Figures.Count(half[^1])}); " +
            $"{Figures.Count(negative)} of {Figures.Count(units)} neurons are below 0 (median).");
        var turned = prompts.Where(p => p.Of.CosTheta < 0).Select(p => p.Of.SetPoint).Order().ToList();
        int dampened = prompts.Count(p => p.Of.GainSquaredMinusOne < 0);
        yield return new Paragraph(
            $"G is below 1 in {dampened} of {Figures.Of(prompts.Count, "prompt")}" +
            (dampened > 0 ? ", where cos θ cannot exceed −√(1 − G²)" : "") + ". " +
            (turned.Count > 0
                ? $"Set-point S = r/(2|cos θ|), below 1 where the block dampens: {Figures.Real(Median(turned))} (median of the {turned.Count} with cos θ < 0; {Figures.Real(turned[0])} to {Figures.Real(turned[^1])})."
                : "cos θ is nowhere below 0, so there is no set-point."));
    }

    static IEnumerable<PageBlock> OverBlocks(AttributedRun run)
    {
        var blocks = run.Means.Select(means => (Name: FormattableString.Invariant($"{means.Block}"), Parts: GainParts.Of(GainParts.LastPositions(run, means.Block)))).ToList();
        yield return new Paragraph("The parts of every block, counted from 0.");
        yield return PartsTable("block", blocks, []) with { Caption = "Parts by block, means over prompts" };
        yield return new Gap();
    }

    static IEnumerable<PageBlock> OverCategories(IReadOnlyList<AttributedPrompt> prompts)
    {
        var groups = prompts.GroupBy(p => p.Category ?? "no category").ToList();
        yield return new Paragraph("By category, and how many neurons carry half of the negative part there (median).");
        yield return PartsTable(
            "category", [.. groups.Select(group => ($"{group.Key} ({group.Count()})", GainParts.Of([.. group])))],
            [("half", [.. groups.Select(group => Cell.Number(Median([.. group.Select(p => (double)p.Of.Neurons.HalfOfNegative)]), Units))])])
            with
        { Caption = "Parts by category, means over prompts; half: neurons that carry half of the negative part, median" };
        yield return new Gap();
    }

    /// <summary>A row for each of some groups of prompts; biases where any group has one.</summary>
    static Table PartsTable(string of, IReadOnlyList<(string Name, GainParts Parts)> groups, IReadOnlyList<(string Title, IReadOnlyList<Cell> Cells)> further)
    {
        (string Title, Func<GainParts, double> Value)[] columns =
        [
            ("heads", p => p.Heads), ("attn bias", p => p.AttnBias), ("neurons > 0", p => p.Positive), ("neurons < 0", p => p.Negative), ("MLP bias", p => p.MlpBias),
        ];
        columns = [.. columns.Where(column => groups.Any(group => column.Value(group.Parts) != 0))];
        return new(
            [of, "G²", .. columns.Select(column => (Column)column.Title), .. further.Select(column => (Column)column.Title)],
            [.. groups.Select((group, i) => (IReadOnlyList<Cell>)
            [
                group.Name, Cell.Number(group.Parts.GainSquared, Figures.Real), .. columns.Select(column => Cell.Number(column.Value(group.Parts), SignedFigures.Of)),
                .. further.Select(column => column.Cells[i]),
            ])]);
    }

    static Table HeadTable(IReadOnlyList<LeadingUnit> heads, int prompts) => new(
        ["head", "A", "leads in", "first token", "between", "last token"],
        [.. heads.Select(head => (IReadOnlyList<Cell>)
        [
            FormattableString.Invariant($"{head.Index}"), Cell.Number(head.Mean, SignedFigures.Of), Share(head.Leads, prompts), Cell.Number(head.Sources!.Value.First, SignedFigures.Of),
            Cell.Number(head.Sources!.Value.Between, SignedFigures.Of), Cell.Number(head.Sources!.Value.Own, SignedFigures.Of),
        ])])
    {
        Caption = "Heads of largest mean A",
    };

    static IEnumerable<PageBlock> NeuronTable(AttributedRun run, IReadOnlyList<LeadingUnit> neurons, int prompts)
    {
        bool hasTokens = run.Tokens.Count > 0;
        yield return new Paragraph("Neurons of largest mean A, and the share of prompts in which each is one of the ten largest.");
        yield return new Table(
            hasTokens ? ["neuron", "A", "leads in", Column.Words("raises"), Column.Words("lowers")] : ["neuron", "A", "leads in"],
            [.. neurons.Select(neuron => (IReadOnlyList<Cell>)
            [
                FormattableString.Invariant($"{neuron.Index}"), Cell.Number(neuron.Mean, SignedFigures.Of), Share(neuron.Leads, prompts),
                .. run.Tokens.Where(tokens => tokens.Neuron == neuron.Index).SelectMany(tokens => new Cell[] { Pieces(run, tokens.Raised), Pieces(run, tokens.Lowered) }),
            ])])
        {
            Caption = "Neurons of largest mean A",
        };
        yield return new Paragraph(
            (hasTokens
                ? "raises, lowers: tokens of largest and smallest W_U·(γ ⊙ w), w the column of W_down that the neuron writes where its activation is positive, γ the final norm's weight."
                : "The checkpoint has no tokenizer that is read, so no tokens are named.") +
            (run.FinalNormHasWeight ? "" : " The model's final norm has no weight: γ is 1."));
    }

    static string Pieces(AttributedRun run, IEnumerable<int> ids) => string.Join(" ", ids.Select(id => run.Model.Tokenizer!.FindPiece(id) ?? FormattableString.Invariant($"#{id}")));

    static Cell Share(int part, int whole) => new(SignedFigures.Share(part, whole), part / (double)whole);

    static string Units(double count) => count.ToString("0.#", System.Globalization.CultureInfo.InvariantCulture);

    static double Median(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
