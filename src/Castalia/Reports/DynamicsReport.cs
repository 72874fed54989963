using Castalia.Analyses;
using Castalia.Derivatives;
using Castalia.Reports.Pages;
using Castalia.Runs;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia dynamics</c> prints for people.</summary>
static class DynamicsReport
{
    const string Definition =
        "The block as a map of the last position's stream, the others held: J = ∂h′/∂h, h the stream before the block and h′ after it, tangents in float64. along: hᵀJh/‖h‖²; " +
        "κ: response of a sublayer to a longer output of its norm, along h, over ‖h‖²; σ: singular values of J; below 1: share of them that contract. Means over prompts.";

    /// <summary>The page.</summary>
    /// <param name="run">The model.</param>
    /// <param name="isomorphisms">What other sciences would measure.</param>
    public static Page Of(DynamicRun run, IReadOnlyList<Isomorphism> isomorphisms) => new(Blocks(run, isomorphisms));

    static IEnumerable<PageBlock> Blocks(DynamicRun run, IReadOnlyList<Isomorphism> isomorphisms)
    {
        var a = run.Model.Measurement.Architecture;
        var blocks = run.Blocks;
        int last = blocks[^1];
        string name = FormattableString.Invariant($"block {last}") + (last == a.NLayers - 1 ? ", the last" : FormattableString.Invariant($" of 0 to {a.NLayers - 1}"));
        yield return new Heading($"{run.Model.Name}: {Figures.Of(blocks.Count, "block")} as {(blocks.Count == 1 ? "a map" : "maps")}, {Figures.Of(run.Prompts.Count, "prompt")}");
        yield return new Paragraph(Definition);
        yield return new Gap();
        foreach (var block in Law(run, last)) yield return block;
        yield return new Gap();
        yield return Responses("block", [.. blocks.Select((block, j) => (FormattableString.Invariant($"{block}"), (IReadOnlyList<BlockDynamics>)[.. run.Prompts.Select(prompt => prompt[j])]))]) with { Caption = "Blocks near each prompt's pass, means over prompts" };
        yield return new Gap();
        BlockDynamics[] of = [.. run.Prompts.Select(prompt => prompt[^1])];
        var groups = run.Model.Measurement.Prompts.Zip(of).Where(pair => pair.First.Prompt.Category is not null).GroupBy(pair => pair.First.Prompt.Category!, pair => pair.Second).ToList();
        if (groups.Count > 1)
        {
            yield return new Paragraph($"By category, {name}.");
            yield return Responses("category", [.. groups.Select(group => ($"{group.Key} ({group.Count()})", (IReadOnlyList<BlockDynamics>)[.. group]))]) with { Caption = $"{name}, by category, means over prompts" };
            yield return new Gap();
        }
        yield return new Paragraph($"{Sentence(name)}: gain of a stream made s times as long at this position, beside the quadratic law and the law with the ε of the norms computed.");
        yield return RecoveryTable(of);
        yield return new Gap();
        yield return new Paragraph(
            $"{Sentence(name)}: finite perturbations δ of size ε‖h‖ in {DynamicsOptions.Directions} random directions, and along h. stretch: ‖F(h + δ) − F(h)‖/‖δ‖; linear: ‖Jδ‖/‖δ‖; not linear: what is left, ‖F(h + δ) − F(h) − Jδ‖/‖δ‖.");
        yield return PerturbationTable(of);
        yield return new Gap();
        if (of.Any(block => block.Spectrum.Method == SpectrumMethod.Randomised)) yield return new Paragraph(Randomised(of, a.DModel));
        yield return new Paragraph($"What other sciences would measure of {name}, and what would make the analogy false.");
        yield return IsomorphismTable.Of(isomorphisms);
    }

    static IEnumerable<PageBlock> Law(DynamicRun run, int last)
    {
        yield return new Paragraph(RecoveryLaws.Of(run.Model.Measurement.Architecture).Sentence());
        BlockDynamics[] of = [.. run.Prompts.Select(prompt => prompt[^1])];
        double total = Mean(of, b => b.Departure.Total), epsilon = Mean(of, b => b.Departure.Epsilon), wiring = Mean(of, b => b.Departure.Wiring);
        yield return new Paragraph(
            FormattableString.Invariant($"Block {last}: ‖Jh − h‖/‖h‖ is {SignedFigures.Size(total)} on average") +
            (double.IsNaN(epsilon) ? "." : $"; of it the ε of the norms makes {SignedFigures.Size(epsilon)}, computed, and the wiring {SignedFigures.Size(wiring)}.") +
            $" G(s) departs from the law by {SignedFigures.Size(Mean(of, b => Recoveries.FromLaw(b.Recovery)))}, root mean square over s from {DynamicsOptions.Scales.Min()} to {DynamicsOptions.Scales.Max()}" +
            (double.IsNaN(epsilon) ? "." : $"; with the ε computed by {SignedFigures.Size(Mean(of, b => Recoveries.FromLawWithEpsilon(b.Recovery)))}."));
    }

    static Table Responses(string of, IReadOnlyList<(string Name, IReadOnlyList<BlockDynamics> Blocks)> rows)
    {
        (string Title, Func<BlockDynamics, double> Value, Func<double, string> Text)[] columns =
        [
            ("G", b => b.Gain, Figures.Real), ("along", b => b.Along, SignedFigures.Of), ("‖Jh − h‖/‖h‖", b => b.Departure.Total, SignedFigures.Size),
            ("κ attn", b => b.KappaAttn ?? double.NaN, SignedFigures.Of), ("κ MLP", b => b.KappaMlp ?? double.NaN, SignedFigures.Of), ("ln σ₁", b => b.Spectrum.LeadingLog, SignedFigures.Of),
            ("ln σ_d", b => b.Spectrum.TrailingLog ?? double.NaN, SignedFigures.Of), ("ln|det J|", b => b.Spectrum.LogAbsDet, SignedFigures.Of),
            ("below 1", b => b.Spectrum.ShareContracting, share => share.ToString("0 %", System.Globalization.CultureInfo.InvariantCulture)),
        ];
        return new(
            [of, .. columns.Select(column => (Column)column.Title)],
            [.. rows.Select(row => (IReadOnlyList<Cell>)[row.Name, .. columns.Select(column => Number(Mean(row.Blocks, column.Value), column.Text))])]);
    }

    static Table RecoveryTable(BlockDynamics[] of) => new(
        ["s", "G(s)", "law", "law with ε"],
        [.. DynamicsOptions.Scales.Select((s, i) => (IReadOnlyList<Cell>)
        [
            FormattableString.Invariant($"{s}"), Number(Mean(of, b => b.Recovery[i].Gain), Fine), Number(Mean(of, b => b.Recovery[i].Law), Fine), Number(Mean(of, b => b.Recovery[i].LawWithEpsilon), Fine),
        ])])
    {
        Caption = "Gain of a longer and a shorter stream, means over prompts",
    };

    static Table PerturbationTable(BlockDynamics[] of) => new(
        ["ε", "stretch", "least", "most", "linear", "not linear", "along h"],
        [.. DynamicsOptions.Sizes.Select((size, i) => (IReadOnlyList<Cell>)
        [
            FormattableString.Invariant($"{size}"), Number(Mean(of, b => b.Perturbations[i].Stretches.Average()), Figures.Real), Number(of.Min(b => b.Perturbations[i].Stretches.Min()), Figures.Real),
            Number(of.Max(b => b.Perturbations[i].Stretches.Max()), Figures.Real), Number(Mean(of, b => b.Perturbations[i].Linear.Average()), Figures.Real),
            Number(Mean(of, b => b.Perturbations[i].Departures.Average()), SignedFigures.Size), Number(Mean(of, b => b.Perturbations[i].Along), Figures.Real),
        ])])
    {
        Caption = "Finite perturbations, means over prompts and directions",
    };

    static string Randomised(BlockDynamics[] of, int width) => FormattableString.Invariant(
        $"J is {width} wide: its largest singular value was found within {SignedFigures.Size(of.Max(b => b.Spectrum.LeadingBound))}, the share below 1 by random probes, with a standard error of ") +
        $"{SignedFigures.Size(of.Max(b => b.Spectrum.ShareContractingError))} at most; ln|det J| is that of the whole matrix.";

    static double Mean(IEnumerable<BlockDynamics> blocks, Func<BlockDynamics, double> of) => blocks.Select(of).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    static Cell Number(double value, Func<double, string> text) => double.IsFinite(value) ? Cell.Number(value, text) : Figures.Missing;

    static string Fine(double value) => value.ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture);

    static string Sentence(string name) => char.ToUpperInvariant(name[0]) + name[1..];
}
