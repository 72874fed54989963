using System.Globalization;
using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia categories</c> prints for people.</summary>
static class CategoriesReport
{
    const string Legend =
        "Gain: of the last block, ‖h_L‖/‖h_{L−1}‖, last token; entropy: of the predicted next token, nats. Mean ± standard deviation; 95 % BCa bootstrap " +
        "interval of the mean. Comparisons by ranks: Kruskal–Wallis with its effect size ε² (share of the rank variance, 0 to 1), then Dunn for every pair, " +
        "Holm over the pairs of one model. A difference between categories is one between these prompts: categories also differ in length and entropy, which is why " +
        "gains are compared again with both regressed out.";

    /// <summary>The page.</summary>
    /// <param name="all">One entry per model and run.</param>
    /// <param name="folder">Where the runs are.</param>
    /// <param name="seed">Of the bootstrap.</param>
    public static Page Of(IReadOnlyList<Categories> all, string folder, long seed) => new([
        new Line($"Runs in {folder}: {Figures.Of(all.Select(c => c.Sample.Source.Run).Distinct().Count(), "run")}, {Figures.Of(all.Count, "sample")}. Seed {seed}."),
        new Gap(), new Paragraph(Legend), .. all.SelectMany(Sample),
    ]);

    static IEnumerable<PageBlock> Sample(Categories c)
    {
        yield return new Gap();
        foreach (var block in Cells.Head(c.Sample, "the last token of each")) yield return block;
        if (c.Groups.Count == 0)
        {
            yield return new Paragraph(c.Sample.Points.Count == 0 ? "There are no readings."
                : c.Sample.Points.Any(p => p.Category is null) ? "Not every prompt has a category, so there is nothing to compare: give each one in the prompt file (field category)."
                : $"Every prompt has the category {c.Sample.Points[0].Category}, so there is nothing to compare.");
            yield break;
        }
        yield return new Gap();
        yield return new Table(["category", "n", "gain ± sd", "95 % interval", "below 1", "entropy", "tokens"], [.. c.Groups.Select(Group)]) { Caption = "Gain by category" };
        List<string> small = [.. c.Groups.Where(g => g.IsSmall).Select(g => $"{g.Category} ({g.Gain.N})")];
        if (small.Count > 0)
            yield return new Paragraph($"n is small, below {CategoryGroup.Small}, in {string.Join(", ", small)}: such means move much with a single prompt, and their intervals are too narrow.");
        yield return new Gap();
        yield return new Table(["Kruskal–Wallis of", "H", "df", "p", "ε²"],
            [Test("gain", c.OfGain.Test), Test("entropy", c.OfEntropy.Test), Test("tokens", c.OfTokens.Test), Test($"gain less {Free(c)}", c.OfAdjusted.Test)])
        { Caption = "Differences between categories" };
        yield return new Paragraph(c.Covariance.Value is { } f
            ? FormattableString.Invariant($"In one model with {string.Join(" and ", c.RegressedOut)} (analysis of covariance): categories add F({f.Df1}, {f.Df2}) = {f.F:0.00}, ") +
              $"p {(f.P < 0.0001 ? "< 0.0001" : $"= {SignedFigures.P(f.P)}")}, {f.PartialR2.ToString("0 %", CultureInfo.InvariantCulture)} of the variance left by those."
            : $"{Figures.Missing} analysis of covariance: undefined, because {c.Covariance.UndefinedBecause}.", Hang: 2);
        yield return new Gap();
        yield return new Table([$"gain less {Free(c)}", "n", "mean", "95 % interval"], [.. c.Groups.Select(IReadOnlyList<Cell> (g) =>
        [
            g.Category, Cell.Count(g.Gain.N), Cell.Of(g.Adjusted.Mean, SignedFigures.Of, g.Category), Cell.Of(g.Adjusted.Interval95, SignedFigures.Span, "interval", g.Category),
        ])])
        { Caption = "Gain with length and entropy regressed out" };
        foreach (string reason in c.NotRegressedOut) yield return new Paragraph($"Not regressed out: {reason}.", Hang: 2);
        yield return new Paragraph("Residuals understate categories that go with length or entropy; the analysis of covariance puts neither first.");
        yield return new Gap();
        yield return Pairs(c);
    }

    static IReadOnlyList<Cell> Group(CategoryGroup g) =>
    [
        g.Category, Cell.Count(g.Gain.N), Cells.MeanAndSd(g.Gain), Cell.Of(g.Gain.Interval95, Cells.Span, "interval", g.Category), Cells.Share(g.Below, g.Gain.N),
        Short(g.Entropy, "0.00"), Short(g.Tokens, "0.0"),
    ];

    static IReadOnlyList<Cell> Test(string name, Figure<KruskalWallisTest> test) =>
    [
        name, Cell.Of(test, t => Figures.Real(t.H), name), Cell.Of(test, t => Figures.Count(t.Df)), Cell.Of(test, t => SignedFigures.P(t.P)), Cell.Of(test, t => Figures.Real(t.EpsilonSquared)),
    ];

    static PageBlock Pairs(Categories c)
    {
        if (c.OfGain.Pairs.Count == 0) return new Paragraph("No pairs are compared, because the test of gain is undefined.");
        bool adjusted = c.OfAdjusted.Pairs.Count > 0;
        return new Table(["Dunn, gain", "z", "p", "Holm", .. adjusted ? new Column[] { "z resid.", "p", "Holm" } : []], [.. c.OfGain.Pairs.Select(IReadOnlyList<Cell> (pair, i) =>
            [$"{pair.First} − {pair.Second}", .. Dunn(pair), .. adjusted ? Dunn(c.OfAdjusted.Pairs[i]) : []])])
        { Caption = "Pairs of categories" };

        static Cell[] Dunn(CategoryPair p) => [Cell.Number(p.Z, Figures.Correlation), Cell.Number(p.P, SignedFigures.P), Cell.Number(p.PHolm, SignedFigures.P)];
    }

    static string Free(Categories c) => c.RegressedOut.Count == 0 ? "nothing" : string.Join(", ", c.RegressedOut);

    /// <summary>Mean ± standard deviation in few digits.</summary>
    static string Short(Estimate e, string format) =>
        $"{e.Mean.Value?.ToString(format, CultureInfo.InvariantCulture) ?? Figures.Missing} ± {e.Sd.Value?.ToString(format, CultureInfo.InvariantCulture) ?? Figures.Missing}";
}
