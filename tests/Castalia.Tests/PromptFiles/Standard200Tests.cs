using Castalia.PromptFiles;
using Castalia.Prompts;
using Xunit;
using static Castalia.Tests.PromptFiles.PromptSetsTests;

namespace Castalia.Tests.PromptFiles;

public sealed class Standard200Tests
{
    static readonly IReadOnlyList<Prompt> Set = PromptSets.BuiltIn("standard-200");

    static readonly IReadOnlyList<IGrouping<string, Prompt>> Categories = [.. Set.GroupBy(p => p.Category!)];

    [Fact]
    public void It_is_standard_25_followed_by_thirty_five_more_in_each_category()
    {
        Assert.Equal(PromptSets.BuiltIn("standard-25").Select(Content), Set.Take(25).Select(Content));
        Assert.Equal(
            [("factual", 35), ("syntactic", 35), ("cliché", 35), ("novel", 35), ("nonsense", 35)],
            Set.Skip(25).GroupBy(p => p.Category!).Select(g => (g.Key, g.Count())));
        Assert.All(Categories, category => Assert.Equal(
            Enumerable.Range(1, 40).Select(i => $"{category.Key}-{i}"), category.Select(p => p.Name)));

        static (string, string?, string?) Content(Prompt p) => (p.Name, p.Category, p.Text);
    }

    [Fact]
    public void Every_sentence_is_its_own_and_stops_before_its_end()
    {
        Assert.Equal(200, Set.Select(p => p.Text!.ToLowerInvariant()).Distinct().Count());
        Assert.All(Set, p => Assert.True(char.IsAsciiLetterLower(p.Text![^1]) || p.Text[^1] == 'I', p.Text));
        Assert.All(Set, p => Assert.True(char.IsAsciiLetterUpper(p.Text![0]), p.Text));
        Assert.All(Set, p => Assert.All(p.Text!, c => Assert.True(char.IsAscii(c), p.Text)));
        Assert.All(Set, p => Assert.DoesNotContain("  ", p.Text));
    }

    [Fact]
    public void No_beginning_is_used_more_than_three_times_and_no_sentence_is_another_with_two_words_exchanged()
    {
        Assert.All(Set.GroupBy(p => string.Join(' ', p.Text!.Split(' ').Take(2))), same => Assert.InRange(same.Count(), 1, 3));
        for (int i = 0; i < Set.Count; i++)
            for (int j = 0; j < i; j++)
                Assert.True(Exchanged(Set[i].Text!.Split(' '), Set[j].Text!.Split(' ')) > 2, $"{Set[i].Text} / {Set[j].Text}");

        static int Exchanged(string[] a, string[] b) => a.Length != b.Length ? int.MaxValue : a.Zip(b).Count(pair => pair.First != pair.Second);
    }

    [Fact]
    public void Words_and_characters_are_balanced_over_the_categories()
    {
        Assert.All(Set, p => Assert.InRange(Words(p), 5, 12));
        AssertWithin(0.6, category => category.Average(Words));
        AssertWithin(5.5, category => category.Average(p => p.Text!.Length));
    }

    [Fact]
    public void Every_category_has_equally_many_prompts_of_each_number_of_tokens_of_SmolLM2()
    {
        var tokens = TokenCounts.Of(Set, TokenCounts.SmolLM2);
        var first = Sorted(Categories[0]);
        Assert.All(Categories, category => Assert.Equal(first, Sorted(category)));

        List<int> Sorted(IEnumerable<Prompt> category) => [.. category.Select(p => tokens[p.Name]).Order()];
    }

    [Theory]
    [InlineData(TokenCounts.Gpt2, 0.15)]
    [InlineData(TokenCounts.Pythia, 0.2)]
    [InlineData(TokenCounts.Mistral, 0.6)]
    public void Tokens_of_other_tokenizers_are_balanced_nearly_as_well(string tokenizer, double within)
    {
        var tokens = TokenCounts.Of(Set, tokenizer);
        AssertWithin(within, category => category.Average(p => tokens[p.Name]));
        double p = TokenCounts.KruskalWallisP([.. Categories.Select(category => category.Select(prompt => tokens[prompt.Name]).ToList())]);
        Assert.True(p > 0.5, $"p = {p}");
    }

    static void AssertWithin(double range, Func<IEnumerable<Prompt>, double> figure)
    {
        double[] figures = [.. Categories.Select(figure)];
        Assert.True(figures.Max() - figures.Min() <= range, string.Join(", ", figures));
    }
}
