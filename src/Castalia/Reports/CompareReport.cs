using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia compare</c> prints for people.</summary>
static class CompareReport
{
    /// <summary>The page.</summary>
    /// <param name="c">The comparison.</param>
    /// <param name="store">Folder of the runs.</param>
    public static Page Of(Comparison c, string store) => new(Blocks(c, store));

    static IEnumerable<PageBlock> Blocks(Comparison c, string store)
    {
        yield return new Line($"Runs in {store}");
        yield return new Remarks([.. ComparisonFindings.Compared(c)]);
        yield return new Gap();
        yield return new Paragraph(
            "Last block, last token; A − B prompt by prompt. gain: ‖h_L‖/‖h_{L−1}‖; entropy of the next token, nats; alignment: ⟨what the sublayer adds, h⟩/‖h‖² with h " +
            "what enters the block. sd with n−1; d_z: mean/sd of the differences; two-sided p of Student's t, Wilcoxon's signed ranks and the exact sign test, " +
            $"Holm: each adjusted over the {c.Estimates.Count(e => e.T.Value is not null)} of these figures that have one. BCa: {Figures.Count(Describe.Resamples)} resamples, seed {c.Seed}.");
        yield return new Gap();
        yield return new Table(["", "gain", "entropy", "attn alignment", "MLP alignment"], Rows(c.Estimates)) { Caption = "Figures of A and of B, and their differences" };
        foreach (var e in c.Estimates.Where(e => e.LeftOut > 0))
            yield return new Paragraph($"{e.Measure.Title}: {Figures.Of(e.LeftOut, "pair")} left out, where it is undefined in A or B.");
        var spread = c.Estimates.Take(2).Where(e => e.Differences.Count > 0).Select(e => (e.Measure.Title, e.Differences)).ToList();
        if (spread.Count > 0)
        {
            yield return new Gap();
            yield return new Spread("Differences A − B, prompts in each column", spread);
        }
        yield return new Gap();
        yield return new Paragraph(ComparisonFindings.Equivalence(c));
    }

    static IReadOnlyList<IReadOnlyList<Cell>> Rows(IReadOnlyList<PairedEstimate> all)
    {
        return
        [
            Row("n", e => Cell.Count(e.Difference.N)),
            Number("mean A", e => e.MeanFirst, m => m, "mean", TestFigures.Signed),
            Number("mean B", e => e.MeanSecond, m => m, "mean", TestFigures.Signed),
            Number("A − B", e => e.Difference.Mean, m => m, null, TestFigures.Signed),
            Number("sd", e => e.Difference.Sd, sd => sd, "sd", TestFigures.Signed),
            Row("95 % BCa", e => Cell.Of(e.Difference.Interval95, i => TestFigures.Ends(i), "BCa interval", e.Measure.Title)),
            Row("95 % t", e => Cell.Of(e.T, t => TestFigures.Ends(t.Interval95), "t", e.Measure.Title)),
            Number("d_z", e => e.Effect, d => d.CohenD, "d_z", TestFigures.Signed),
            Number("t: p", e => e.T, t => t.PTwoSided, "t", P),
            Number("  Holm", e => e.THolm, p => p, null, P),
            Number("Wilc.: p", e => e.Wilcoxon, w => w.PTwoSided, "Wilcoxon", P),
            Number("  Holm", e => e.WilcoxonHolm, p => p, null, P),
            Row("A > B", e => FormattableString.Invariant($"{e.Differences.Count(d => d > 0)} of {e.Differences.Count}")),
            Number("sign: p", e => e.Sign, s => s.PTwoSided, "sign test", P),
            Number("  Holm", e => e.SignHolm, p => p, null, P),
        ];

        IReadOnlyList<Cell> Row(string name, Func<PairedEstimate, Cell> cell) => [name, .. all.Select(cell)];

        IReadOnlyList<Cell> Number<T>(string name, Func<PairedEstimate, Figure<T>> figure, Func<T, double> number, string? what, Func<double, string> text) where T : struct =>
            Row(name, e => Cell.Of(figure(e).Then(value => Figure<double>.Of(number(value))), text, what, e.Measure.Title));

        string P(double p) => TestFigures.P(p);
    }
}
