using Castalia.Analyses;
using Castalia.Prompts;
using Xunit;
using static Castalia.Tests.Analyses.InMemoryRuns;

namespace Castalia.Tests.Analyses;

public sealed class PromptPairsTests
{
    [Fact]
    public void Prompts_are_paired_by_name_and_text_in_the_order_of_the_first()
    {
        var pairs = PromptPairs.Of(
            [Prompt("a", 1), Prompt("b", 2), Prompt("c", 3), Prompt("d", 4)],
            [Prompt("e", 9), Prompt("d", 7), Prompt("b", 8, text: "other"), Prompt("a", 6)]);
        Assert.Equal([("a", 1.0, 6.0), ("d", 4.0, 7.0)], pairs.Pairs.Select(p => (p.First.Name, p.First.Gain!.Value, p.Second.Gain!.Value)));
        Assert.Equal(["c"], pairs.OnlyFirst);
        Assert.Equal(["e"], pairs.OnlySecond);
        Assert.Equal(["b"], pairs.OtherContent);
    }

    [Fact]
    public void Prompts_of_ids_are_paired_by_their_ids_and_never_with_a_text()
    {
        var pairs = PromptPairs.Of(
            [Prompt("a", 1, text: null, ids: [1, 2]), Prompt("b", 1, text: null, ids: [1, 2]), Prompt("c", 1, text: null, ids: [1, 2])],
            [Prompt("a", 1, text: null, ids: [1, 2]), Prompt("b", 1, text: null, ids: [1, 3]), Prompt("c", 1, ids: [1, 2])]);
        Assert.Equal(["a"], pairs.Pairs.Select(p => p.First.Name));
        Assert.Equal(["b", "c"], pairs.OtherContent);
    }

    [Fact]
    public void Texts_that_two_tokenizers_cut_differently_are_counted_apart_from_those_that_only_begin_otherwise()
    {
        var pairs = PromptPairs.Of(
            [Prompt("a", 1, ids: [1, 2]), Prompt("b", 1, ids: [1, 2]), Prompt("c", 1, ids: [1, 2]), Prompt("d", 1, ids: [0, 1, 2]), Prompt("e", 1, ids: [1, 2])],
            [Prompt("a", 1, ids: [1, 2]), Prompt("b", 1, ids: [4, 5]), Prompt("c", 1, ids: [1, 2, 3]), Prompt("d", 1, ids: [1, 2]), Prompt("e", 1, ids: [0, 1, 2])]);
        Assert.Equal((5, 1, 2, 1), (pairs.Pairs.Count, pairs.SameIds, pairs.OtherBeginning, pairs.OtherLength));
    }
}
