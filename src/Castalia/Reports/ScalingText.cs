using System.Globalization;
using System.Text;
using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia scaling</c> prints for people.</summary>
public static class ScalingText
{
    const string Legend =
        "Parameters: counted from the checkpoint's own tensors. attn < 1: share of blocks whose attention has a submodule gain, ‖output‖/‖normed input‖, below 1; " +
        "last MLP: that gain of the last block's MLP (norms averaged over the tokens of a prompt before dividing, then over prompts). A submodule gain says nothing about the stream's: " +
        "direction decides. residual: gain of the last block, ‖h_L‖/‖h_{L−1}‖, last token, mean over prompts with a 95 % BCa interval.";

    /// <summary>The page, lines ended by LF.</summary>
    /// <param name="scaling">The analysis.</param>
    /// <param name="folder">Where the runs are.</param>
    /// <param name="seed">Of the bootstrap.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static string Of(Scaling scaling, string folder, long seed, int width)
    {
        var text = new StringBuilder();
        text.Append($"Runs in {folder}: {Figures.Of(scaling.Models.Select(m => m.Run).Distinct().Count(), "run")}, {Figures.Of(scaling.Models.Count, "model")}. Seed {seed}.\n\n");
        text.Append(Wrapped.Of(Legend, width)).Append('\n').Append(Models(scaling, width)).Append('\n').Append(Fits(scaling, width));
        if (scaling.Families.Count > 1)
            text.Append(Wrapped.Of($"{scaling.Families.Count} families are mixed ({string.Join(", ", scaling.Families)}): these exponents are of no one family; --family takes one.", width));
        return text.Append(Wrapped.Of(
            "The models' own spread between training runs is not in any interval: each size was trained once. Few sizes: read the leave-one-out range before α.", width)).ToString();
    }

    static string Models(Scaling scaling, int width)
    {
        var reasons = new Reasons();
        return TextTable.Of(["model", "parameters", "blocks", "attn < 1", "last MLP", "residual", "95 % interval"], [.. scaling.Models.Select(IReadOnlyList<string> (m) =>
        [
            m.Label, Figures.Count(m.Parameters), Figures.Count(m.Blocks.Count),
            reasons.Cell(m.AttentionContracts, share => share.ToString("0 %", CultureInfo.InvariantCulture), $"attention of {m.Label}"),
            reasons.Cell(m.LastMlpGain, Figures.Real, $"last MLP of {m.Label}"),
            reasons.Cell(m.ResidualGain.Mean, Figures.Real, $"residual gain of {m.Label}"),
            reasons.Cell(m.ResidualGain.Interval95, i => $"{Figures.Real(i.Low)}–{Figures.Real(i.High)}", $"interval of {m.Label}"),
        ])], width) + reasons.Text(width);
    }

    static string Fits(Scaling scaling, int width)
    {
        var reasons = new Reasons();
        return Wrapped.Of("log10(y) = α·log10(parameters) + β, least squares", width) + TextTable.Of(["y", "n", "α ± se", "p", "R²", "leave-one-out α", "β ± se"],
        [
            Row("attn < 1", scaling.AttentionContracts), Row("last MLP", scaling.LastMlpGain), Row("residual", scaling.ResidualGain),
        ], width) + reasons.Text(width);

        IReadOnlyList<string> Row(string name, Figure<PowerLaw> fit) =>
        [
            name,
            reasons.Cell(fit, f => Figures.Count(f.N), name),
            Cell(fit, f => $"{SignedFigures.Of(f.Alpha)} ± {SignedFigures.Size(f.AlphaSe)}"),
            Cell(fit, f => SignedFigures.P(f.P)),
            Cell(fit, f => f.R2.ToString("0.00", CultureInfo.InvariantCulture)),
            Cell(fit, f => SignedFigures.Span(f.LeaveOneOut)),
            Cell(fit, f => $"{SignedFigures.Of(f.Beta)} ± {SignedFigures.Size(f.BetaSe)}"),
        ];

        static string Cell(Figure<PowerLaw> fit, Func<PowerLaw, string> text) => fit.Value is { } value ? text(value) : Figures.Missing;
    }
}
