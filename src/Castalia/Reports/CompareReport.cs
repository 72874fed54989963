using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia compare</c> prints for people.</summary>
static class CompareReport
{
    const int NamesShown = 8;

    /// <summary>The page.</summary>
    /// <param name="c">The comparison.</param>
    /// <param name="store">Folder of the runs.</param>
    public static Page Of(Comparison c, string store) => new(Blocks(c, store));

    static IEnumerable<PageBlock> Blocks(Comparison c, string store)
    {
        yield return new Line($"Runs in {store}");
        yield return new Remarks([.. Compared(c)]);
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
        yield return new Paragraph(Equivalence(c));
    }

    /// <summary>What A and B are, which prompts both have, and in what else the two differ.</summary>
    static IEnumerable<string> Compared(Comparison c)
    {
        yield return Side("A", c.First);
        yield return Side("B", c.Second);
        if (Identity(c) is { } identity) yield return identity;
        yield return Prompts(c.Pairs);
        foreach (string tokens in Tokens(c.Pairs)) yield return tokens;
        if (c.Differently.Count > 0)
            yield return $"A and B were not measured with the same {string.Join(", nor the same ", c.Differently)}: a difference is not one between the models alone.";
        if (c.First.Vocabulary != c.Second.Vocabulary)
            yield return $"The vocabularies differ ({Figures.Count(c.First.Vocabulary)} rows in A, {Figures.Count(c.Second.Vocabulary)} in B): their entropies are about different pieces of text.";
    }

    static string Side(string side, MeasuredModel m) =>
        $"{side}: {m.Name} of {m.Settings.Run} ({m.Settings.PromptSet}, {Figures.Of(m.Prompts.Count, "prompt")}, --bos {m.Settings.Bos}, --activation {m.Settings.Activation}, {RunLegend.Software(m.Settings)})";

    static string? Identity(Comparison c) => (c.AreRepeats, c.AreOneModel) switch
    {
        (true, _) => $"A and B are one model measured twice: the same weights ({c.First.Identity.ShortName}), arithmetic and token ids. Nothing but the software can differ, " +
            "and equal figures are no finding.",
        (_, true) => $"A and B are one model under two settings: the same weights ({c.First.Identity.ShortName}).",
        _ => c.First.Name == c.Second.Name ? $"A and B are two models of one name: weights {c.First.Identity.ShortName} and {c.Second.Identity.ShortName}." : null,
    };

    static string Prompts(PromptPairs p)
    {
        return $"{Figures.Of(p.Pairs.Count, "prompt")} in both, by name and text{(p.FedAlike.Count > 0 ? ", and fed other ids" : "")}" +
            Not("left out, because both were fed the same ids, on which one model cannot differ", p.FedAlike) +
            Not("only in A", p.OnlyFirst) + Not("only in B", p.OnlySecond) + Not("of the same name with another text", p.OtherContent) + ".";

        static string Not(string what, IReadOnlyList<string> names) => names.Count == 0 ? ""
            : $"; {names.Count} {what} ({string.Join(", ", names.Take(NamesShown))}{(names.Count > NamesShown ? $" and {names.Count - NamesShown} more" : "")})";
    }

    /// <summary>How the tokens of the texts differ; none where all ids are the same.</summary>
    static IEnumerable<string> Tokens(PromptPairs p)
    {
        string all = $"({p.Pairs.Sum(pair => pair.First.Ids.Count)} tokens in A, {p.Pairs.Sum(pair => pair.Second.Ids.Count)} in B, over all prompts)";
        if (p.OtherBeginning > 0)
            yield return $"{p.OtherBeginning} of {Figures.Of(p.Pairs.Count, "prompt")} end in the same tokens and have more before them in A or in B {all}.";
        if (p.OtherLength > 0)
            yield return $"{p.OtherLength} of {Figures.Of(p.Pairs.Count, "text")} are another number of tokens in A than in B {all}: the last tokens, which are compared, need " +
                "not hold the same piece of text.";
        int otherIds = p.Pairs.Count - p.SameIds - p.OtherBeginning - p.OtherLength;
        if (otherIds > 0) yield return $"{otherIds} of {Figures.Of(p.Pairs.Count, "text")} are as many tokens in A as in B, but not the same ids: two tokenizers.";
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

    static string Equivalence(Comparison c) => (c.Margin, c.Estimates[0].Equivalence) switch
    {
        ({ } margin, { Value: { } test }) =>
            $"Equivalence of the mean gain within ±{TestFigures.Round(margin)}, two one-sided t tests: p = {TestFigures.P(test.P)}; 90 % interval of A − B " +
            $"{TestFigures.Interval(test.Interval90)}. " + (test.P < 0.05
                ? "Equivalent at the 5 % level, for whoever holds that margin to be nothing."
                : "Not shown to be equivalent, which is not shown to differ."),
        (not null, { UndefinedBecause: { } because }) => $"{Figures.Missing} no test of equivalence, because {because}.",
        _ => "No --margin was given, so nothing here says that the two are equal: a large p is no evidence of that.",
    };
}
