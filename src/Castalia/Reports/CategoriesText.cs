using System.Globalization;
using System.Text;
using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia categories</c> prints for people.</summary>
public static class CategoriesText
{
    const string Legend =
        "Gain: of the last block, ‖h_L‖/‖h_{L−1}‖, last token; entropy: of the predicted next token, nats. Mean ± standard deviation; 95 % BCa bootstrap " +
        "interval of the mean. Comparisons by ranks: Kruskal–Wallis with its effect size ε² (share of the rank variance, 0 to 1), then Dunn for every pair, " +
        "Holm over the pairs of one model. A difference between categories is one between these prompts: categories also differ in length and entropy, which is why " +
        "gains are compared again with both regressed out.";

    /// <summary>Every page, lines ended by LF.</summary>
    /// <param name="all">One entry per model and run.</param>
    /// <param name="folder">Where the runs are.</param>
    /// <param name="seed">Of the bootstrap.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static string Of(IReadOnlyList<Categories> all, string folder, long seed, int width)
    {
        var text = new StringBuilder();
        text.Append($"Runs in {folder}: {Figures.Of(all.Select(c => c.Sample.Source.Run).Distinct().Count(), "run")}, {Figures.Of(all.Count, "sample")}. Seed {seed}.\n\n")
            .Append(Wrapped.Of(Legend, width));
        foreach (var categories in all) text.Append('\n').Append(Page(categories, width));
        return text.ToString();
    }

    static string Page(Categories c, int width)
    {
        var text = new StringBuilder(BentovText.Head(c.Sample, "the last token of each", width));
        if (c.Groups.Count == 0)
            return text.Append(Wrapped.Of(c.Sample.Points.Count == 0 ? "There are no readings."
                : c.Sample.Points.Any(p => p.Category is null) ? "Not every prompt has a category, so there is nothing to compare: give each one in the prompt file (field category)."
                : $"Every prompt has the category {c.Sample.Points[0].Category}, so there is nothing to compare.", width)).ToString();
        text.Append('\n').Append(Groups(c, width));
        List<string> small = [.. c.Groups.Where(g => g.IsSmall).Select(g => $"{g.Category} ({g.Gain.N})")];
        if (small.Count > 0)
            text.Append(Wrapped.Of($"n is small, below {CategoryGroup.Small}, in {string.Join(", ", small)}: such means move much with a single prompt, and their intervals are too narrow.", width));
        text.Append('\n').Append(Tests(c, width));
        text.Append('\n').Append(Residuals(c, width));
        return text.Append('\n').Append(Pairs(c, width)).ToString();
    }

    static string Groups(Categories c, int width)
    {
        var reasons = new Reasons();
        return TextTable.Of(["category", "n", "gain ± sd", "95 % interval", "below 1", "entropy", "tokens"], [.. c.Groups.Select(IReadOnlyList<string> (g) =>
        [
            g.Category, Figures.Count(g.Gain.N), Figures.MeanAndSd(g.Gain), reasons.Cell(g.Gain.Interval95, i => $"{Figures.Real(i.Low)}–{Figures.Real(i.High)}", $"interval of {g.Category}"),
            SignedFigures.Share(g.Below, g.Gain.N), Short(g.Entropy, "0.00"), Short(g.Tokens, "0.0"),
        ])], width) + reasons.Text(width);
    }

    static string Tests(Categories c, int width)
    {
        var reasons = new Reasons();
        string table = TextTable.Of(["Kruskal–Wallis of", "H", "df", "p", "ε²"],
        [
            Row("gain", c.OfGain.Test), Row("entropy", c.OfEntropy.Test), Row("tokens", c.OfTokens.Test),
            Row($"gain less {Free(c)}", c.OfAdjusted.Test),
        ], width);
        string covariance = c.Covariance.Value is { } f
            ? Wrapped.Of(FormattableString.Invariant($"In one model with {string.Join(" and ", c.RegressedOut)} (analysis of covariance): categories add F({f.Df1}, {f.Df2}) = {f.F:0.00}, ") +
                $"p {(f.P < 0.0001 ? "< 0.0001" : $"= {SignedFigures.P(f.P)}")}, {f.PartialR2.ToString("0 %", CultureInfo.InvariantCulture)} of the variance left by those.", width, hang: 2)
            : Wrapped.Of($"{Figures.Missing} analysis of covariance: undefined, because {c.Covariance.UndefinedBecause}.", width, hang: 2);
        return table + reasons.Text(width) + covariance;

        IReadOnlyList<string> Row(string name, Figure<KruskalWallisTest> test) =>
        [
            name, reasons.Cell(test, t => Figures.Real(t.H), name),
            test.Value is { } t ? Figures.Count(t.Df) : Figures.Missing,
            test.Value is { } p ? SignedFigures.P(p.P) : Figures.Missing,
            test.Value is { } e ? Figures.Real(e.EpsilonSquared) : Figures.Missing,
        ];
    }

    static string Residuals(Categories c, int width)
    {
        var reasons = new Reasons();
        string left = string.Concat(c.NotRegressedOut.Select(reason => Wrapped.Of($"Not regressed out: {reason}.", width, hang: 2)));
        return TextTable.Of([$"gain less {Free(c)}", "n", "mean", "95 % interval"], [.. c.Groups.Select(IReadOnlyList<string> (g) =>
        [
            g.Category, Figures.Count(g.Gain.N), reasons.Cell(g.Adjusted.Mean, SignedFigures.Of, g.Category),
            reasons.Cell(g.Adjusted.Interval95, SignedFigures.Span, $"interval of {g.Category}"),
        ])], width) + left + reasons.Text(width) +
            Wrapped.Of("Residuals understate categories that go with length or entropy; the analysis of covariance puts neither first.", width);
    }

    static string Pairs(Categories c, int width)
    {
        if (c.OfGain.Pairs.Count == 0) return Wrapped.Of("No pairs are compared, because the test of gain is undefined.", width);
        bool adjusted = c.OfAdjusted.Pairs.Count > 0;
        List<string> header = ["Dunn, gain", "z", "p", "Holm", .. adjusted ? new[] { "z resid.", "p", "Holm" } : []];
        return TextTable.Of(header, [.. c.OfGain.Pairs.Select(IReadOnlyList<string> (pair, i) =>
            [$"{pair.First} − {pair.Second}", .. Cells(pair), .. adjusted ? Cells(c.OfAdjusted.Pairs[i]) : []])], width);

        static string[] Cells(CategoryPair p) => [Figures.Correlation(p.Z), SignedFigures.P(p.P), SignedFigures.P(p.PHolm)];
    }

    static string Free(Categories c) => c.RegressedOut.Count == 0 ? "nothing" : string.Join(", ", c.RegressedOut);

    /// <summary>Mean ± standard deviation in few digits.</summary>
    static string Short(Estimate e, string format) =>
        $"{e.Mean.Value?.ToString(format, CultureInfo.InvariantCulture) ?? Figures.Missing} ± {e.Sd.Value?.ToString(format, CultureInfo.InvariantCulture) ?? Figures.Missing}";
}
