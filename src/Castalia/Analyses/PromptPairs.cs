namespace Castalia.Analyses;

/// <summary>The prompts that two models have in common: the same name and the same text, or the same ids where there is no text.</summary>
/// <param name="Pairs">Prompts of both, in the order of the first.</param>
/// <param name="OnlyFirst">Names that only the first has.</param>
/// <param name="OnlySecond">Names that only the second has.</param>
/// <param name="OtherContent">Names that both have, with another text or other ids: not paired.</param>
sealed record PromptPairs(
    IReadOnlyList<(MeasuredPrompt First, MeasuredPrompt Second)> Pairs,
    IReadOnlyList<string> OnlyFirst, IReadOnlyList<string> OnlySecond, IReadOnlyList<string> OtherContent)
{
    /// <summary>Names of prompts left out because both were fed the same ids, where nothing but the ids differs between the two.</summary>
    public IReadOnlyList<string> FedAlike { get; init; } = [];

    /// <summary>Without the pairs of the same ids: of one model their figures are equal whatever is asked, and would only dilute the difference.</summary>
    public PromptPairs WithoutSameIds() => this with
    {
        Pairs = [.. Pairs.Where(p => !HaveSameIds(p))],
        FedAlike = [.. Pairs.Where(HaveSameIds).Select(p => p.First.Name)],
    };

    static bool HaveSameIds((MeasuredPrompt First, MeasuredPrompt Second) pair) => pair.First.Ids.SequenceEqual(pair.Second.Ids);

    /// <summary>Pairs of the same tokens but for what stands before them on one side: another BOS policy.</summary>
    public int OtherBeginning => Pairs.Count(p => p.First.Ids.Count != p.Second.Ids.Count && HaveSameEnd(p.First.Ids, p.Second.Ids));

    /// <summary>Other pairs with a text that is another number of tokens on either side: another tokenizer.</summary>
    public int OtherLength => Pairs.Count(p => p.First.Ids.Count != p.Second.Ids.Count && !HaveSameEnd(p.First.Ids, p.Second.Ids));

    /// <summary>Pairs whose ids are the same.</summary>
    public int SameIds => Pairs.Count(HaveSameIds);

    /// <summary>Finds them.</summary>
    public static PromptPairs Of(IReadOnlyList<MeasuredPrompt> first, IReadOnlyList<MeasuredPrompt> second)
    {
        var named = second.ToDictionary(p => p.Name, StringComparer.Ordinal);
        var both = first.Where(p => named.ContainsKey(p.Name)).Select(p => (First: p, Second: named[p.Name])).ToList();
        var shared = both.Select(p => p.First.Name).ToHashSet(StringComparer.Ordinal);
        return new(
            [.. both.Where(Same)],
            [.. first.Select(p => p.Name).Where(name => !shared.Contains(name))],
            [.. second.Select(p => p.Name).Where(name => !shared.Contains(name))],
            [.. both.Where(p => !Same(p)).Select(p => p.First.Name)]);
    }

    static bool HaveSameEnd(IReadOnlyList<int> one, IReadOnlyList<int> other)
    {
        int shared = Math.Min(one.Count, other.Count);
        return one.Skip(one.Count - shared).SequenceEqual(other.Skip(other.Count - shared));
    }

    static bool Same((MeasuredPrompt First, MeasuredPrompt Second) pair) => (pair.First.Text, pair.Second.Text) switch
    {
        (null, null) => pair.First.Ids.SequenceEqual(pair.Second.Ids),
        var (a, b) => a == b,
    };
}
