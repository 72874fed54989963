using Castalia.Anatomy.Weights;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>The weights of a checkpoint beside the same of another, as parts of a page.</summary>
static class RevisionParts
{
    /// <summary>So many differing weights are listed by name; more are counted by kind and by block.</summary>
    const int MostListed = 12;

    const string Figure = "α = ⟨W, W₀⟩/‖W₀‖², 1 where the weight is as it was; cosine = ⟨W, W₀⟩/(‖W‖·‖W₀‖); distance = ‖W − W₀‖/‖W₀‖; float64 sums over values as stored, gains as they multiply";

    /// <summary>Which weights differ, and by how much.</summary>
    public static IEnumerable<PageBlock> Of(RevisionComparison compared)
    {
        var differing = compared.Differing;
        yield return new Gap();
        yield return new Heading($"The weights of {compared.Model} beside those of {compared.Other}", Level: 2);
        if (differing.Count == 0)
        {
            yield return new Paragraph($"None of {Figures.Of(compared.Weights.Count, "weight")} differs in any value.");
            yield break;
        }
        yield return new Paragraph($"{Figures.Of(differing.Count, "weight")} of {Figures.Count(compared.Weights.Count)}, in {Figures.Of(compared.DifferingTensors.Count, "tensor")}, differ{(differing.Count == 1 ? "s" : "")}; W₀ is {compared.Other}'s.");
        yield return new Gap();
        if (differing.Count <= MostListed)
            yield return new Table([Column.Words("tensor"), Column.Words("holds"), "cosine", "α", "distance"], [.. differing.Select(IReadOnlyList<Cell> (one) => [one.Tensor, $"{one.Role}{(one.Part > 0 ? $" {one.Part + 1}" : "")}", .. Cells(one.Cosine, one.Alpha, one.RelativeDistance)])])
            {
                Caption = "Weights that differ",
            };
        else
        {
            yield return new Table([Column.Words("kind, all blocks"), "weights", "differ", "cosine", "α", "distance"], [.. compared.Kinds.Select(kind => Row($"{kind.Role}", kind.Totals))]) { Caption = "Weights by kind" };
            yield return new Gap();
            yield return new Table(["block", "matrices", "differ", "cosine", "α", "distance"], [.. compared.Blocks.Select(block => Row(FormattableString.Invariant($"{block.Layer + 1}"), block.Totals))]) { Caption = "Matrices by block" };
        }
        yield return new Paragraph($"{Figure}.");
    }

    static IReadOnlyList<Cell> Row(Cell name, RevisionTotals t) => [name, Cell.Count(t.Weights), Cell.Count(t.Differing), .. Cells(t.Cosine, t.Alpha, t.RelativeDistance)];

    static Cell[] Cells(double? cosine, double? alpha, double? distance) => [Share(cosine), Share(alpha), distance is { } d ? Cell.Number(d, Small) : Figures.Missing];

    static Cell Share(double? value) => value is { } known ? Cell.Number(known, Signed) : Figures.Missing;

    static string Signed(double value) => (value < 0 ? "−" : "") + Math.Abs(value).ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture);

    static string Small(double value) => value is > 0 and < 0.001 ? value.ToString("0.0E+0", System.Globalization.CultureInfo.InvariantCulture) : Figures.Real(value);
}
