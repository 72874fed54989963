using Castalia.Derivatives;
using Castalia.Reports.Charts;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports.Sections;

/// <summary>What blocks make of finite perturbations, beside what their Jacobians say.</summary>
static class PerturbationsChart
{
    const double Spread = 0.15; // of a size's place, between what stands side by side

    static readonly string[] s_kinds = ["random directions", "the same by J", "not linear", "along h"];

    /// <summary>Of the last block that was read.</summary>
    public static Chart Of(ReportedModel model, MappedPrompt[] prompts, CancellationToken cancellation)
    {
        var found = (from kind in Enumerable.Range(0, s_kinds.Length)
                     from size in Enumerable.Range(0, DynamicsOptions.Sizes.Count)
                     let values = prompts.Select(prompt => prompt.Stretches[size][kind]).OfType<double>().ToArray()
                     where values.Length > 0
                     select (Kind: kind, Size: size, Place: size + Spread * (kind - (s_kinds.Length - 1) / 2.0), Stretch: Describe.Of(values, 1, cancellation))).ToList();
        return new(
            FormattableString.Invariant($"perturbations-{model.Index}"), $"Finite perturbations, {model.Label}",
            $"Block {prompts[0].Layer + 1}, the last that was read: the stream that enters it is moved by δ, ε times as long as itself, in {DynamicsOptions.Directions} random directions and along itself. Up ‖F(h + δ) − F(h)‖/‖δ‖; the same by J, ‖Jδ‖/‖δ‖; " +
            $"and what is not linear, ‖F(h + δ) − F(h) − Jδ‖/‖δ‖. Points are means over {Figures.Of(prompts.Length, "prompt")} (of random directions over those too), strokes 95 % BCa bootstrap intervals over prompts (seed 1).",
            [Axis.Of("ε = ‖δ‖/‖h‖", [.. DynamicsOptions.Sizes.Select(size => FormattableString.Invariant($"{size}"))])], [new("length over that of δ") { Reference = 1 }],
            [
                .. found.Where(one => one.Stretch.Interval95.Value is not null).GroupBy(one => one.Kind).Select(kind => Series.Of(
                    s_kinds[kind.Key], Mark.Strokes, [.. kind.SelectMany(one => new double?[] { one.Place, one.Place, null })],
                    [.. kind.SelectMany(one => new double?[] { one.Stretch.Interval95.Value!.Value.Low, one.Stretch.Interval95.Value!.Value.High, null })]) with { Colour = kind.Key, IsNamed = false, Size = 3 }),
                .. found.GroupBy(one => one.Kind).Select(kind => Series.Of(
                    s_kinds[kind.Key], Mark.Points, [.. kind.Select(one => (double?)one.Place)], [.. kind.Select(one => one.Stretch.Mean.Value)]) with { Colour = kind.Key, Size = 7 }),
            ],
            new(["ε", Column.Words("what"), "n", "mean", "low", "high"], [.. found.OrderBy(one => one.Size).ThenBy(one => one.Kind).Select(IReadOnlyList<Cell> (one) =>
            [
                FormattableString.Invariant($"{DynamicsOptions.Sizes[one.Size]}"), s_kinds[one.Kind], Cell.Count(one.Stretch.N), Cell.Of(one.Stretch.Mean, SignedFigures.Size),
                Cell.Of(one.Stretch.Interval95.Then(i => Figure<double>.Of(i.Low)), SignedFigures.Size), Cell.Of(one.Stretch.Interval95.Then(i => Figure<double>.Of(i.High)), SignedFigures.Size),
            ])]));
    }
}
