using Castalia.PromptFiles;
using Castalia.Prompts;
using Xunit;

namespace Castalia.Tests.PromptFiles;

/// <summary>The tables of docs/prompts.md are what the sets come to.</summary>
public sealed class PromptsPageTests
{
    static readonly string Page = File.ReadAllText(Path.Combine(Shared.Repository, "docs", "prompts.md"));

    [Fact]
    public void The_tables_of_words_and_characters_are_right()
    {
        AssertTable("| category | prompts | words | characters |", PromptSets.Standard200, Words, Characters);
        AssertTable("| kind | texts | words | characters |", PromptSets.Running24, Words, Characters);

        static double Words(Prompt p) => PromptSetsTests.Words(p);
        static double Characters(Prompt p) => p.Text!.Length;
    }

    [Fact]
    public void The_tables_of_tokens_are_right()
    {
        AssertTable("| category | prompts | SmolLM2 | GPT-2, GPT-J | Pythia | Mistral 7B |", PromptSets.Standard200, Tokenizers(PromptSets.Standard200));
        AssertTable("| kind | texts | SmolLM2 | GPT-2, GPT-J | Pythia | Mistral 7B |", PromptSets.Running24, Tokenizers(PromptSets.Running24));
    }

    [Fact]
    public void The_numbers_of_tokens_that_every_category_has_are_right()
    {
        var tokens = TokenCounts.Of(PromptSets.BuiltIn(PromptSets.Standard200), TokenCounts.SmolLM2);
        var counts = tokens.Where(pair => pair.Key.StartsWith("factual-", StringComparison.Ordinal)).GroupBy(pair => pair.Value).OrderBy(g => g.Key).ToList();
        AssertShown($"| tokens | {string.Join(" | ", counts.Select(g => g.Key))} |");
        AssertShown($"| prompts | {string.Join(" | ", counts.Select(g => g.Count()))} |");
    }

    [Theory]
    [InlineData(TokenCounts.Gpt2, "GPT-2")]
    [InlineData(TokenCounts.Pythia, "Pythia")]
    [InlineData(TokenCounts.Mistral, "Mistral")]
    public void The_tests_of_equal_lengths_are_right(string tokenizer, string name)
    {
        var set = PromptSets.BuiltIn(PromptSets.Standard200);
        var tokens = TokenCounts.Of(set, tokenizer);
        double p = TokenCounts.KruskalWallisP([.. set.GroupBy(q => q.Category).Select(g => g.Select(q => tokens[q.Name]).ToList())]);
        AssertShown(FormattableString.Invariant($"{p:F2} ({name})"));
    }

    static Func<Prompt, double>[] Tokenizers(string set) =>
    [
        .. new[] { TokenCounts.SmolLM2, TokenCounts.Gpt2, TokenCounts.Pythia, TokenCounts.Mistral }
            .Select(tokenizer => TokenCounts.Of(PromptSets.BuiltIn(set), tokenizer))
            .Select(tokens => (Func<Prompt, double>)(p => tokens[p.Name])),
    ];

    static void AssertTable(string header, string set, params Func<Prompt, double>[] lengths)
    {
        var rows = PromptSets.BuiltIn(set).GroupBy(p => p.Category).Select(category =>
            $"| {category.Key} | {category.Count()} | {string.Join(" | ", lengths.Select(length => Mean(category.Select(length))))} |");
        string rule = string.Concat(Enumerable.Repeat(" --- |", lengths.Length + 2));
        AssertShown($"{header}\n|{rule}\n{string.Join('\n', rows)}\n");
    }

    /// <summary>Mean and, in brackets, the range.</summary>
    static string Mean(IEnumerable<double> lengths) =>
        FormattableString.Invariant($"{lengths.Average():F2} ({lengths.Min()}–{lengths.Max()})");

    static void AssertShown(string text) => Assert.True(Page.Contains(text, StringComparison.Ordinal), $"docs/prompts.md does not show:\n{text}");
}
