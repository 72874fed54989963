using Castalia.Errors;
using Castalia.Prompts;
using Castalia.Tokens;
using Xunit;

namespace Castalia.Tests.Prompts;

public sealed class TokenizationTests
{
    static readonly Prompt Text = new() { Name = "1", Text = "ab", Place = "p.txt, line 1" };
    static readonly Prompt Ids = new() { Name = "2", Ids = [7, 8], Place = "p.jsonl, line 2" };

    [Theory]
    [InlineData(BosPolicy.None, new[] { 97, 98 }, 0)]
    [InlineData(BosPolicy.Default, new[] { 1, 2, 97, 98, 3 }, 2)]
    [InlineData(BosPolicy.Always, new[] { 1, 97, 98 }, 1)]
    internal void A_text_is_fed_with_what_the_policy_puts_around_it(BosPolicy bos, int[] ids, int added)
    {
        var prompt = Assert.Single(Tokenization.Of([Text], new Letters(BosId: 1), bos, "m"));
        Assert.Equal(ids, prompt.Ids);
        Assert.Equal(added, prompt.Added);
    }

    [Fact]
    public void Always_adds_no_second_bos_before_one_that_was_typed() =>
        Assert.Equal([97, 98], Assert.Single(Tokenization.Of([Text], new Letters(BosId: 97), BosPolicy.Always, "m")).Ids);

    [Theory]
    [InlineData(BosPolicy.None)]
    [InlineData(BosPolicy.Default)]
    [InlineData(BosPolicy.Always)]
    internal void Given_ids_are_fed_as_they_are_with_and_without_a_tokenizer(BosPolicy bos)
    {
        Assert.Equal([7, 8], Assert.Single(Tokenization.Of([Ids], new Letters(BosId: 1), bos, "m")).Ids);
        Assert.Equal([7, 8], Assert.Single(Tokenization.Of([Ids], null, bos, "m")).Ids);
    }

    [Fact]
    public void A_text_without_a_tokenizer_and_a_bos_that_does_not_exist_are_refused()
    {
        var without = Assert.Throws<InputException>(() => Tokenization.Of([Text], null, BosPolicy.None, "m"));
        Assert.Equal(("The prompt is a text, and m has no tokenizer.", "p.txt, line 1"), (without.Cause, without.Place));
        Assert.Throws<InputException>(() => Tokenization.Of([Text], new Letters(BosId: null), BosPolicy.Always, "m"));
    }

    /// <summary>A tokenizer whose tokens are the characters of a text.</summary>
    sealed record Letters(int? BosId) : ITokenizer
    {
        public string Source => "letters";
        public int IdCount => 128;
        public IReadOnlyList<int> DefaultPrefix => [1, 2];
        public IReadOnlyList<int> DefaultSuffix => [3];
        public IReadOnlyList<string> Notes => [];
        public string Decode(IReadOnlyList<int> ids) => string.Concat(ids.Select(Piece));
        public string Piece(int id) => $"{(char)id}";

        public IReadOnlyList<int> Encode(string text, out int droppedBytes)
        {
            droppedBytes = 0;
            return [.. text.Select(c => (int)c)];
        }
    }
}
