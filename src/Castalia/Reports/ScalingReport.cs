using System.Globalization;
using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia scaling</c> prints for people.</summary>
static class ScalingReport
{
    const string Legend =
        "Parameters: counted from the checkpoint's own tensors. attn < 1: share of blocks whose attention has a submodule gain, ‖output‖/‖normed input‖, below 1; " +
        "last MLP: that gain of the last block's MLP (norms averaged over the tokens of a prompt before dividing, then over prompts). A submodule gain says nothing about the stream's: " +
        "direction decides. residual: gain of the last block, ‖h_L‖/‖h_{L−1}‖, last token, mean over prompts with a 95 % BCa interval.";

    /// <summary>The page.</summary>
    /// <param name="scaling">The analysis.</param>
    /// <param name="folder">Where the runs are.</param>
    /// <param name="seed">Of the bootstrap.</param>
    public static Page Of(Scaling scaling, string folder, long seed) => new(Blocks(scaling, folder, seed));

    static IEnumerable<PageBlock> Blocks(Scaling scaling, string folder, long seed)
    {
        yield return new Line($"Runs in {folder}: {Figures.Of(scaling.Models.Select(m => m.Run).Distinct().Count(), "run")}, {Figures.Of(scaling.Models.Count, "model")}. Seed {seed}.");
        yield return new Gap();
        yield return new Paragraph(Legend);
        yield return new Gap();
        yield return new Table(["model", "parameters", "blocks", "attn < 1", "last MLP", "residual", "95 % interval"], [.. scaling.Models.Select(Model)]) { Caption = "The models" };
        yield return new Gap();
        yield return new Paragraph("log10(y) = α·log10(parameters) + β, least squares");
        yield return new Table(["y", "n", "α ± se", "p", "R²", "leave-one-out α", "β ± se"],
            [Fit("attn < 1", scaling.AttentionContracts), Fit("last MLP", scaling.LastMlpGain), Fit("residual", scaling.ResidualGain)])
        { Caption = "Power laws" };
        if (scaling.Families.Count > 1)
            yield return new Paragraph($"{scaling.Families.Count} families are mixed ({string.Join(", ", scaling.Families)}): these exponents are of no one family; --family takes one.");
        yield return new Paragraph("The models' own spread between training runs is not in any interval: each size was trained once. Few sizes: read the leave-one-out range before α.");
    }

    static IReadOnlyList<Cell> Model(ScaledModel m) =>
    [
        m.Label, Cell.Count(m.Parameters), Cell.Count(m.Blocks.Count),
        Cell.Of(m.AttentionContracts, share => share.ToString("0 %", CultureInfo.InvariantCulture), $"attention of {m.Label}"),
        Cell.Of(m.LastMlpGain, Figures.Real, $"last MLP of {m.Label}"),
        Cell.Of(m.ResidualGain.Mean, Figures.Real, $"residual gain of {m.Label}"),
        Cell.Of(m.ResidualGain.Interval95, Cells.Span, $"interval of {m.Label}"),
    ];

    static IReadOnlyList<Cell> Fit(string name, Figure<PowerLaw> fit) =>
    [
        name,
        Cell.Of(fit, f => Figures.Count(f.N), name),
        Cell.Of(fit, f => $"{SignedFigures.Of(f.Alpha)} ± {SignedFigures.Size(f.AlphaSe)}"),
        Cell.Of(fit, f => SignedFigures.P(f.P)),
        Cell.Of(fit, f => f.R2.ToString("0.00", CultureInfo.InvariantCulture)),
        Cell.Of(fit, f => SignedFigures.Span(f.LeaveOneOut)),
        Cell.Of(fit, f => $"{SignedFigures.Of(f.Beta)} ± {SignedFigures.Size(f.BetaSe)}"),
    ];
}
