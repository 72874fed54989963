using System.Text;
using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia bentov</c> prints for people.</summary>
public static class BentovText
{
    static readonly string[] Columns = ["", "coefficient", "95 % interval", "p", "Holm"];

    /// <summary>Every page, lines ended by LF.</summary>
    /// <param name="bentov">The analysis.</param>
    /// <param name="folder">Where the runs are.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static string Of(Bentov bentov, string folder, int width)
    {
        var text = new StringBuilder();
        text.Append($"Runs in {folder}: {Figures.Of(bentov.Prompts.Select(p => p.Sample.Source.Run).Distinct().Count(), "run")}, ")
            .Append($"{Figures.Of(bentov.Prompts.Count, "sample")}. Seed {bentov.Seed}.\n\n")
            .Append(BentovSummary.Of(bentov, width)).Append('\n').Append(Wrapped.Of(Legend(bentov), width));
        for (int i = 0; i < bentov.Prompts.Count; i++) text.Append('\n').Append(Prompts(bentov, i, width));
        foreach (var positions in bentov.Positions ?? []) text.Append('\n').Append(BentovPositionsText.Of(positions, width));
        if (PositionsNote(bentov) is { } note) text.Append('\n').Append(Wrapped.Of(note, width));
        if (bentov.Prompts.Count > 1) text.Append('\n').Append(Overview(bentov, width));
        if (bentov.Pairs.Count > 0) text.Append('\n').Append(TwoSamplesText.Of(bentov.Pairs, width));
        return text.ToString();
    }

    /// <summary>Why partial correlations stand without an interval.</summary>
    internal const string NoPartialInterval = "it is 0 exactly where the slope is, whose interval and p say whether that can be";

    static string Legend(Bentov bentov) =>
        "G: gain of the last block, ‖h_L‖/‖h_{L−1}‖. H: entropy of the predicted next token, nats. The Bentov relation claims |G−1| ∝ H. " +
        "r: Pearson, Fisher's interval; ρ: Spearman, Bonett and Wright's. p: two-sided, from " +
        $"{Figures.Count(Relation.Permutations)} permutations (all orders up to {Permutation.MostEnumerated} prompts); Holm: that p adjusted over the " +
        $"{Figures.Of(bentov.Holm.GainPearson.Tests, "sample")} of this report in which it is defined. Slopes: least squares, Student's t. p₁: probability of the likeliest next token, which is nearly H " +
        "itself: VIF says how many times it inflates the variance of the slope. partial r: of figure and predictor, with what is held fixed taken out of both; it has no interval of its own, " +
        $"because {NoPartialInterval}.";

    static string Prompts(Bentov bentov, int index, int width)
    {
        var b = bentov.Prompts[index];
        var text = new StringBuilder(Head(b.Sample, "the last token of each", width));
        text.Append(Wrapped.Of(BentovTables.Sides(b.Sides, "gain"), width)).Append('\n');
        text.Append(Correlations(bentov, index, width)).Append('\n');
        text.Append(BentovTables.Lines(b.GainLine, b.DistanceLine, b.Proportionality, b.Crossing, width)).Append('\n');
        text.Append(Confounders(b.Adjustments, b.NotHeldFixed, b.Sublayers, width));
        if (b.Categories.Count > 0) text.Append('\n').Append(Within(b, width));
        return text.ToString();
    }

    /// <summary>The model, its run and how it was read.</summary>
    internal static string Head(GainSample sample, string where, int width) =>
        $"{sample.Source.Label}\n" + Wrapped.Of($"run {sample.Source.Run}: {sample.Source.PromptSet}, --bos {sample.Source.Bos}, {Figures.Of(sample.Texts, "prompt")}, {where}: n = {Figures.Count(sample.Points.Count)}" +
            $"{(sample.LeftOut > 0 ? $"; {Figures.Of(sample.LeftOut, "reading")} left out, without a gain or an entropy" : "")}", width, hang: 2);

    /// <summary>The tables of confounders and of sublayers.</summary>
    internal static string Confounders(
        IReadOnlyList<Adjustment> adjustments, IReadOnlyList<string> notHeldFixed, IReadOnlyList<SublayerSlopes> sublayers, int width)
    {
        var text = new StringBuilder();
        text.Append(BentovTables.Adjustments(adjustments, a => a.OfGain, "G", width)).Append('\n');
        text.Append(BentovTables.Adjustments(adjustments, a => a.OfDistance, "|G−1|", width));
        foreach (string reason in notHeldFixed) text.Append(Wrapped.Of($"Not held fixed: {reason}.", width, hang: 2));
        text.Append('\n').Append(Wrapped.Of("Each sublayer's part of G² − 1 (they add up to it), with the same held fixed but p₁:", width));
        return text.Append(BentovTables.Sublayers(sublayers, width)).ToString();
    }

    static string Correlations(Bentov bentov, int index, int width)
    {
        var b = bentov.Prompts[index];
        var reasons = new Reasons();
        string table = TextTable.Of(Columns,
        [
            Row("r(G, H)", b.OfGain.Pearson, b.OfGain.PearsonP, bentov.Holm.GainPearson),
            Row("ρ(G, H)", b.OfGain.Spearman, b.OfGain.SpearmanP, bentov.Holm.GainSpearman),
            Row("r(|G−1|, H)", b.OfDistance.Pearson, b.OfDistance.PearsonP, bentov.Holm.DistancePearson),
            Row("ρ(|G−1|, H)", b.OfDistance.Spearman, b.OfDistance.SpearmanP, bentov.Holm.DistanceSpearman),
        ], width);
        return table + reasons.Text(width);

        IReadOnlyList<string> Row(string name, Figure<Association> r, Figure<PermutationTest> p, HolmOverModels holm) =>
        [
            name,
            reasons.Cell(r, a => SignedFigures.Of(a.Coefficient), name),
            r.Value is { } a ? reasons.Cell(a.Interval95, SignedFigures.Span, $"interval of {name}") : Figures.Missing,
            reasons.Cell(p, t => SignedFigures.P(t.P), name),
            holm.Adjusted[index].Value is { } h ? SignedFigures.P(h) : Figures.Missing,
        ];
    }

    static string Within(BentovPrompts b, int width)
    {
        var reasons = new Reasons();
        List<IReadOnlyList<string>> rows = [.. b.Categories.Select(c => Row(c.Category, c.Prompts, c.Pearson, c.P, c.Holm)), Row("within all", b.Sample.Points.Count, b.WithinCategories, b.WithinCategoriesP, null)];
        return TextTable.Of(["r(G, H) within", "n", "r", "95 % interval", "p", "Holm"], rows, width) + reasons.Text(width) +
            Wrapped.Of(
                $"p: from permutations within the category; Holm here: over the {Figures.Count(b.Categories.Count(c => c.P.Value is not null))} of them in which it is defined. " +
                "within all: categories' means taken out of both, prompts changing places within their category only.", width);

        IReadOnlyList<string> Row(string name, int n, Figure<Association> r, Figure<PermutationTest> p, Figure<double>? holm) =>
        [
            name, Figures.Count(n), reasons.Cell(r, a => SignedFigures.Of(a.Coefficient), name),
            r.Value is { } a ? reasons.Cell(a.Interval95, SignedFigures.Span, $"interval within {name}") : Figures.Missing,
            p.Value is { } test ? SignedFigures.P(test.P) : Figures.Missing,
            holm?.Value is { } adjusted ? SignedFigures.P(adjusted) : Figures.Missing,
        ];
    }

    static string? PositionsNote(Bentov bentov)
    {
        List<string> with = [.. bentov.Prompts.Where(p => p.Sample.Source.HasPositions).Select(p => p.Sample.Source.Run).Distinct()];
        List<string> without = [.. bentov.Prompts.Where(p => !p.Sample.Source.HasPositions).Select(p => p.Sample.Source.Run).Distinct()];
        if (bentov.Positions is null) return with.Count == 0 ? null : $"Every position was recorded in {string.Join(", ", with)}: --positions reads them all, with intervals by text.";
        return without.Count == 0 ? null : $"No positions but the last were recorded in {string.Join(", ", without)}: measure with --positions all.";
    }

    static string Overview(Bentov bentov, int width) => TextTable.Of(
        ["model", "n", "below 1", "r(G, H)", "Holm", "r(|G−1|, H)", "Holm", "slope"],
        [.. bentov.Prompts.Select(IReadOnlyList<string> (b, i) =>
        [
            b.Sample.Source.Label, Figures.Count(b.Sample.Points.Count), Figures.Count(b.Sides.Below),
            b.OfGain.Pearson.Value is { } r ? Figures.Correlation(r.Coefficient) : Figures.Missing, Holm(bentov.Holm.GainPearson, i),
            (b.OfDistance.Pearson.Value is { } d ? Figures.Correlation(d.Coefficient) : Figures.Missing) + (b.Sides.Sign is null ? "" : "≡"), Holm(bentov.Holm.DistancePearson, i),
            b.GainLine.Value is { } line ? SignedFigures.Of(line.Slope) : Figures.Missing,
        ])], width, indent: "") + (bentov.Prompts.Any(b => b.Sides.Sign is not null) ? "≡: r(G, H) up to its sign by arithmetic, no evidence of its own\n" : "");

    static string Holm(HolmOverModels holm, int index) => holm.Adjusted[index].Value is { } p ? SignedFigures.P(p) : Figures.Missing;
}
