using System.Text;
using Castalia.Analyses;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia compare</c> prints for people.</summary>
public static class CompareText
{
    const int NamesShown = 8, MostColumns = 24;

    static readonly string[] Titles = ["", "gain", "entropy", "attn alignment", "MLP alignment"];

    /// <summary>The page, lines ended by LF.</summary>
    /// <param name="c">The comparison.</param>
    /// <param name="store">Folder of the runs.</param>
    /// <param name="width">Columns of the terminal.</param>
    public static string Of(Comparison c, string store, int width)
    {
        var text = new StringBuilder($"Runs in {store}\n");
        Line(Side("A", c.First));
        Line(Side("B", c.Second));
        if (Identity(c) is { } identity) Line(identity);
        Line(Prompts(c.Pairs));
        foreach (string tokens in Tokens(c.Pairs)) Line(tokens);
        if (c.Differently.Count > 0)
            Line($"A and B were not measured with the same {string.Join(", nor the same ", c.Differently)}: a difference is not one between the models alone.");
        if (c.First.Vocabulary != c.Second.Vocabulary)
            Line($"The vocabularies differ ({Figures.Count(c.First.Vocabulary)} rows in A, {Figures.Count(c.Second.Vocabulary)} in B): their entropies are about different pieces of text.");
        text.Append('\n').Append(Wrapped.Of(
            "Last block, last token; A − B prompt by prompt. gain: ‖h_L‖/‖h_{L−1}‖; entropy of the next token, nats; alignment: ⟨what the sublayer adds, h⟩/‖h‖² with h " +
            "what enters the block. sd with n−1; d_z: mean/sd of the differences; two-sided p of Student's t, Wilcoxon's signed ranks and the exact sign test, " +
            $"Holm: each adjusted over the {Adjusted(c)} of these figures that have one. BCa: {Figures.Count(Describe.Resamples)} resamples, seed {c.Seed}.", width));
        text.Append('\n').Append(TextTable.Of(Titles, Rows(c.Estimates), width));
        text.Append(TestFigures.Reasons(c.Estimates.SelectMany(Undefined), width));
        foreach (var e in c.Estimates.Where(e => e.LeftOut > 0))
            text.Append(Wrapped.Of($"{e.Measure.Title}: {Figures.Of(e.LeftOut, "pair")} left out, where it is undefined in A or B.", width));
        text.Append("\n  Differences A − B, prompts in each column\n");
        foreach (var e in c.Estimates.Take(2).Where(e => e.Differences.Count > 0))
            text.Append($"  {e.Measure.Title,-8} {HistogramLine.Of(e.Differences, MostColumns)}\n");
        text.Append('\n').Append(Wrapped.Of(Equivalence(c), width));
        return text.ToString();

        void Line(string line) => text.Append(Wrapped.Of(line, width, hang: 2));
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
        List<string> parts = [$"{Figures.Of(p.Pairs.Count, "prompt")} in both, by name and text{(p.FedAlike.Count > 0 ? ", and fed other ids" : "")}"];
        Add("left out, because both were fed the same ids, on which one model cannot differ", p.FedAlike);
        Add("only in A", p.OnlyFirst);
        Add("only in B", p.OnlySecond);
        Add("of the same name with another text", p.OtherContent);
        return string.Join("; ", parts) + ".";

        void Add(string what, IReadOnlyList<string> names)
        {
            if (names.Count > 0)
                parts.Add($"{names.Count} {what} ({string.Join(", ", names.Take(NamesShown))}{(names.Count > NamesShown ? $" and {names.Count - NamesShown} more" : "")})");
        }
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

    static int Adjusted(Comparison c) => c.Estimates.Count(e => e.T.Value is not null);

    static List<IReadOnlyList<string>> Rows(IReadOnlyList<PairedEstimate> all)
    {
        return
        [
            Row("n", e => Figures.Count(e.Difference.N)),
            Row("mean A", e => TestFigures.Signed(e.MeanFirst.Value)),
            Row("mean B", e => TestFigures.Signed(e.MeanSecond.Value)),
            Row("A − B", e => TestFigures.Signed(e.Difference.Mean.Value)),
            Row("sd", e => TestFigures.Signed(e.Difference.Sd.Value)),
            Row("95 % BCa", e => TestFigures.Ends(e.Difference.Interval95.Value)),
            Row("95 % t", e => TestFigures.Ends(e.T.Value?.Interval95)),
            Row("d_z", e => TestFigures.Signed(e.Effect.Value?.CohenD)),
            Row("t: p", e => TestFigures.P(e.T.Value?.PTwoSided)),
            Row("  Holm", e => TestFigures.P(e.THolm.Value)),
            Row("Wilc.: p", e => TestFigures.P(e.Wilcoxon.Value?.PTwoSided)),
            Row("  Holm", e => TestFigures.P(e.WilcoxonHolm.Value)),
            Row("A > B", e => FormattableString.Invariant($"{e.Differences.Count(d => d > 0)} of {e.Differences.Count}")),
            Row("sign: p", e => TestFigures.P(e.Sign.Value?.PTwoSided)),
            Row("  Holm", e => TestFigures.P(e.SignHolm.Value)),
        ];

        IReadOnlyList<string> Row(string name, Func<PairedEstimate, string> cell) => [name, .. all.Select(cell)];
    }

    static IEnumerable<(string, string, string?)> Undefined(PairedEstimate e) =>
    [
        (e.Measure.Title, "mean", e.MeanFirst.UndefinedBecause),
        (e.Measure.Title, "sd", e.Difference.Sd.UndefinedBecause),
        (e.Measure.Title, "BCa interval", e.Difference.Interval95.UndefinedBecause),
        (e.Measure.Title, "t", e.T.UndefinedBecause),
        (e.Measure.Title, "d_z", e.Effect.UndefinedBecause),
        (e.Measure.Title, "Wilcoxon", e.Wilcoxon.UndefinedBecause),
        (e.Measure.Title, "sign test", e.Sign.UndefinedBecause),
    ];

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
