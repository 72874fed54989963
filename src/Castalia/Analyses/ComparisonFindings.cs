using Castalia.Statistics;
using Castalia.Wording;

namespace Castalia.Analyses;

/// <summary>What was compared and what it came to, in sentences.</summary>
static class ComparisonFindings
{
    const int NamesShown = 8;

    /// <summary>What A and B are, which prompts both have, and in what else the two differ.</summary>
    public static IEnumerable<string> Compared(Comparison c)
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
        $"{side}: {m.Name} of {m.Settings.Run} ({m.Settings.PromptSet}, {Figures.Of(m.Prompts.Count, "prompt")}, --bos {m.Settings.Bos}, --activation {m.Settings.Activation}, {m.Settings.ShortSoftware})";

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

    /// <summary>What the test of equivalence came to, or why nothing says that the two are equal.</summary>
    public static string Equivalence(Comparison c) => (c.Margin, c.Estimates[0].Equivalence) switch
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
