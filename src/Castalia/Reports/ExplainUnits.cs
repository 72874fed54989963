using Castalia.Analyses;
using Castalia.Anatomy.Units;
using Castalia.Attribution;
using Castalia.Reports.Pages;
using Castalia.Runs;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia explain</c> prints of units over all prompts: whether they last, whether concentration is certainty, what their weights say.</summary>
static class ExplainUnits
{
    const int HeadsNamed = 5;

    /// <summary>The tokens of the leading heads.</summary>
    public static IEnumerable<PageBlock> HeadTokens(AttributedRun run, Func<IEnumerable<int>, string> pieces)
    {
        if (run.HeadTokens.Count == 0) yield break;
        yield return new Gap();
        yield return new Paragraph("What these heads write, as tokens: those whose logits W_U·(γ ⊙ W_O·z̄) are raised and lowered most, z̄ the mean over prompts of the head’s z/‖h‖, γ the final norm’s weight.");
        yield return new Table(
            ["head", Column.Words("raises"), Column.Words("lowers")],
            [.. run.HeadTokens.Select(head => (IReadOnlyList<Cell>)[FormattableString.Invariant($"{head.Head}"), pieces(head.Raised), pieces(head.Lowered)])])
        {
            Caption = "Tokens that the heads of largest mean A raise and lower",
        };
    }

    /// <summary>Rank stability and concentration.</summary>
    public static IEnumerable<PageBlock> OverPrompts(UnitsOverPrompts units)
    {
        yield return new Gap();
        if (units.Stability.Count == 0)
        {
            yield return new Paragraph("One prompt has no halves, so whether the same units lead over texts is not known.");
        }
        else
        {
            yield return new Paragraph(
                "Are they the same ones over texts? The prompts in two halves, one by one in the order of the file within each category: ρ, Spearman over units of mean A in either half; " +
                "of those of largest mean A in each half, how many lead in both, and how many would by chance. Neurons below 0: by the mean of what they take.");
            yield return new Table(
                ["units", "of", "ρ", "lead", "in both", "by chance"],
                [.. units.Stability.Select(s => (IReadOnlyList<Cell>)
                [
                    s.Units, Cell.Count(s.Count), Cell.Of(s.Spearman, Figures.Correlation, $"ρ of {s.Units}"), Cell.Count(s.Leading), Cell.Count(s.Shared), Cell.Number(s.ByChance, Figures.Real),
                ])])
            {
                Caption = "Whether the same units lead in two halves of the prompts",
            };
        }
        foreach (var concentration in units.Concentrations)
        {
            yield return new Gap();
            yield return new Paragraph(Text(concentration));
        }
    }

    static string Text(Concentration c)
    {
        bool isEvery = c.Sampling == Sampling.EveryPosition;
        int texts = c.Half.Spearman.Value?.Texts ?? 0;
        return $"Is it few neurons where the model is sure? Over {(isEvery ? "positions but the first" : "prompts")}, with entropy, Spearman: how many carry half of the negative part {Of(c.Half.Spearman)}; " +
            $"their participation ratio (Σ A)²/Σ A² {Of(c.Participation.Spearman)}. " +
            $"{(c.Controls.Names.Count > 0 ? $"With {string.Join(" and ", c.Controls.Names)} held fixed, per nat" : "Per nat")}: ln of that ratio {Of(c.Adjusted)}, " +
            $"what the neurons below 0 take {Of(c.Below)}, what the others bring {Of(c.Above)}. " +
            $"Intervals of 95 %, by text{(texts is > 0 and < TextBootstrap.FewTexts ? $", of which {texts} are few: too narrow" : "")}. Counts and ratio positive: the surer, the fewer.";
    }

    static string Of(Figure<ClusteredFigure> figure) => figure.Value is { } f
        ? $"{Figures.Correlation(f.Value)} ({(f.Interval95.Value is { } i ? $"{Figures.Correlation(i.Low)} to {Figures.Correlation(i.High)}" : "no interval")})"
        : $"undefined, {figure.UndefinedBecause}";

    static string Of(Figure<AdjustedSlope> figure) => figure.Value is { } slope ? $"{SignedFigures.Of(slope.Slope)} ({SignedFigures.Span(slope.Interval95)})" : $"– ({figure.UndefinedBecause})";

    /// <summary>What the weights of a block say, or how to have it.</summary>
    public static IEnumerable<PageBlock> Weights(BlockUnitWeights? weights, UnitMeans means)
    {
        yield return new Gap();
        if (weights is null)
        {
            yield return new Paragraph("What weights alone say of these units, and the cosine of the two output biases, is not here: --weights reads it.");
            yield break;
        }
        yield return new Paragraph(
            "From weights alone, γ the weight of the norm before the sublayer: s = cos(W_down[:, j], γ ⊙ w_j) of each neuron, w_j its row of W_up or W_gate, below 0 where it writes against what it reads; " +
            "τ = Tr(M)/‖M‖_* of each head, M = W_O·W_V·diag(γ), below 0 where it does. carried: share of what the neurons below 0 take that the lowest tenth by s carries; a tenth would be 10 %.");
        var rows = new List<(string Name, CosineSummary? Of)> { ("s, up", CosineSummary.Of(weights.Up, means.NegativeNeurons)) };
        if (weights.Gate is { } gate) rows.Add(("s, gate", CosineSummary.Of(gate, means.NegativeNeurons)));
        rows.Add(("τ, heads", CosineSummary.Of(weights.Tau, means.Heads)));
        yield return new Table(
            ["", "units", "mean", "lower decile", "below 0", "carried"],
            [.. rows.Where(row => row.Of is not null).Select(row => (IReadOnlyList<Cell>)
            [
                row.Name, Cell.Count(row.Of!.Count), Cell.Number(row.Of.Mean, SignedFigures.Of), Cell.Number(row.Of.LowerDecile, SignedFigures.Of), Share(row.Of.Below),
                row.Name == "τ, heads" ? Figures.Missing : Share(row.Of.NegativeShare),
            ])])
        {
            Caption = "What weights alone say of the block’s units",
        };
        int[] lowest = [.. Enumerable.Range(0, weights.Tau.Count).Where(head => weights.Tau[head] < 0).OrderBy(head => weights.Tau[head]).Take(HeadsNamed)];
        yield return new Paragraph(
            (lowest.Length == 0 ? "No head has τ below 0. "
                : $"Lowest τ: {string.Join(", ", lowest.Select(head => FormattableString.Invariant($"head {head}") + $" {SignedFigures.Of(weights.Tau[head])} (mean A {SignedFigures.Of(means.Heads[head])})"))}. ") +
            Biases(weights));
    }

    static string Biases(BlockUnitWeights weights) => weights.BiasCosines switch
    {
        [] => "Attention or MLP has no output bias, so there is no cosine of the two.",
        [double cosine] when double.IsFinite(cosine) => $"The two output biases: cosine {SignedFigures.Of(cosine)}, and they differ by {Percent(weights.BiasDifferences[0])} of their mean length.",
        [_] => "An output bias is 0, so there is no cosine of the two.",
        var several => $"The output bias of attention and those of the experts: cosines from {SignedFigures.Of(several.Min())} to {SignedFigures.Of(several.Max())}.",
    };

    static Cell Share(double share) => double.IsFinite(share) ? new Cell(Percent(share), share) : Figures.Missing;

    static string Percent(double share) => share.ToString("0 %", System.Globalization.CultureInfo.InvariantCulture);
}
