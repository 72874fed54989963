using Castalia.PromptFiles;
using Castalia.Prompts;
using Xunit;
using static Castalia.Tests.PromptFiles.PromptSetsTests;

namespace Castalia.Tests.PromptFiles;

public sealed class Running24Tests
{
    static readonly IReadOnlyList<Prompt> Set = PromptSets.BuiltIn("running-24");

    [Fact]
    public void It_is_three_texts_of_each_of_eight_kinds()
    {
        string[] kinds = ["explanation", "story", "dialogue", "instructions", "letter", "experiment", "weather", "history"];
        Assert.Equal(kinds.SelectMany(kind => new[] { kind, kind, kind }), Set.Select(p => p.Category));
        Assert.Equal(kinds.SelectMany(kind => new[] { $"{kind}-1", $"{kind}-2", $"{kind}-3" }), Set.Select(p => p.Name));
    }

    [Fact]
    public void Each_is_one_paragraph_of_160_to_200_words()
    {
        Assert.All(Set, p => Assert.InRange(Words(p), 160, 200));
        Assert.All(Set, p => Assert.Contains(p.Text![^1], ".\""));
        Assert.All(Set, p => Assert.DoesNotContain("  ", p.Text));
        Assert.All(Set, p => Assert.All(p.Text!, c => Assert.InRange(c, ' ', '~')));
    }

    [Fact]
    public void No_sentence_stands_twice_in_it_or_in_the_running_text_of_the_documents()
    {
        var sentences = Set.Select(p => p.Text!)
            .Concat(File.ReadLines(Path.Combine(Shared.Repository, "docs", "running-text.txt")))
            .SelectMany(text => text.Split(['.', '!', '?'], StringSplitOptions.TrimEntries))
            .Where(sentence => sentence.Count(c => c == ' ') >= 4);
        Assert.All(sentences.GroupBy(sentence => sentence), same => Assert.Single(same));
    }
}
