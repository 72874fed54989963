using Castalia.Errors;
using Castalia.PromptFiles;
using Castalia.Prompts;
using Xunit;

namespace Castalia.Tests.PromptFiles;

public sealed class PromptSetsTests
{
    static readonly IReadOnlyList<Prompt> Set = PromptSets.BuiltIn("standard-25");

    [Fact]
    public void Standard_25_is_five_categories_of_five_in_the_order_of_the_study() =>
        Assert.Equal(
            [("factual", 5), ("syntactic", 5), ("cliché", 5), ("novel", 5), ("nonsense", 5)],
            Set.GroupBy(p => p.Category!).Select(g => (g.Key, g.Count())));

    [Fact]
    public void Its_sentences_are_short_open_ended_and_equally_long_in_every_category()
    {
        Assert.All(Set, p => Assert.InRange(Words(p), 5, 9));
        Assert.All(Set, p => Assert.DoesNotContain(p.Text![^1], ".!? "));
        Assert.All(Set.GroupBy(p => p.Category), category => Assert.Equal(34, category.Sum(Words)));
        Assert.Equal(25, Set.Select(p => p.Text).Distinct().Count());
    }

    [Fact]
    public void A_set_that_does_not_exist_is_refused_with_those_that_do()
    {
        var refusal = Assert.Throws<InputException>(() => PromptSets.BuiltIn("standard-24"));
        Assert.Equal("There is no built-in set of prompts named 'standard-24'.", refusal.Cause);
        Assert.Equal(
            "Built in: standard-25, standard-200, running-24. A file of your own is named with its extension: .jsonl, .csv or .txt.",
            refusal.Remedy);
    }

    [Fact]
    public void Every_set_is_built_in_and_its_name_ends_with_its_count() =>
        Assert.All(PromptSets.Names, name => Assert.Equal(name.Split('-')[^1], $"{PromptSets.BuiltIn(name).Count}"));

    internal static int Words(Prompt prompt) => prompt.Text!.Split(' ').Length;
}
