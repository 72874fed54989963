using System.Text.Json;
using Castalia.Errors;
using Castalia.Tokens;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Tokens;

public sealed class PipelineTokenizerTests
{
    static readonly string Folder = Path.Combine(Shared.Repository, "tests", "golden", "tokenizers");

    [Fact]
    public void Half_a_surrogate_pair_is_refused() => Assert.Contains(
        "Character 1 of the text is half a surrogate pair (U+D800)",
        Assert.Throws<InputException>(() => Small().Encode("a\uD800b", out _)).Message);

    [Fact]
    public void An_id_nobody_has_is_refused() =>
        Assert.Contains("Token id 5000", Assert.Throws<InputException>(() => Small().Decode([5000])).Message);

    /// <summary>A vocabulary of two letters: the other bytes are left out and counted, and their neighbours meet.</summary>
    [Fact]
    public void Bytes_without_a_token_are_dropped_and_counted()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("tokenizer.json", """
            {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]},
             "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}}
            """);
        var tokenizer = TokenizerFile.Load(path);
        Assert.Equal([2, 0], tokenizer.Encode("aébca", out int dropped));
        Assert.Equal(3, dropped);
        Assert.Contains("no token for 241 of the bytes", Assert.Single(tokenizer.Notes));
        Assert.Empty(Small().Notes);
    }

    /// <summary>The longest of the added tokens that begin leftmost; neighbours do not disturb each other.</summary>
    [Fact]
    public void Added_tokens_are_cut_leftmost_and_longest()
    {
        var tokens = new AddedTokens([new(1, "<a", false), new(2, "<a>", false), new(3, "a>b", false)]);
        Assert.Equal(
            [("x", null), ("<a>", 2), ("<a>", 2), ("b", null), ("<a>", 2), ("b", null), ("<a", 1), ("-", null), ("a>b", 3)],
            tokens.Cut(new Piece("x<a><a>b<a>b<a-a>b")).Select(part => (part.Piece.Text, part.Id)));
    }

    [Fact]
    public void The_byte_alphabet_spells_every_byte_differently()
    {
        char[] spelling = [.. Enumerable.Range(0, 256).Select(b => ByteAlphabet.Of((byte)b))];
        Assert.Equal(256, spelling.Distinct().Count());
        Assert.Equal(('Ġ', 'Ċ', '!', 'é'), (spelling[' '], spelling['\n'], spelling['!'], spelling[0xE9]));
        for (int b = 0; b < 256; b++) Assert.True(ByteAlphabet.TryByte(spelling[b], out byte back) && back == b);
    }

    /// <summary>One piece of 20,000 letters, which the merging must not take by trying every pair again.</summary>
    [Fact]
    public void A_word_without_end_is_encoded()
    {
        var tokenizer = Small();
        string text = new('a', 20000);
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text, out _)));
    }

    [Fact]
    public void The_texts_of_the_trained_model_have_their_ids()
    {
        var tokenizer = TokenizerFile.Open(Shared.Path("real", "checkpoints", "smollm2-135m"));
        var golden = JsonDocument.Parse(File.ReadAllText(Shared.Path("golden", "real", "smollm2-135m-q4_1", "golden.json")));
        var prompts = golden.RootElement.GetProperty("prompts").EnumerateArray().ToList();
        Assert.Equal(30, prompts.Count);
        Assert.All(prompts, prompt => Assert.Equal(
            prompt.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()),
            tokenizer.Encode(prompt.GetProperty("text").GetString()!, out _)));
    }

    static ITokenizer Small() => TokenizerFile.Load(Path.Combine(Folder, "gpt2-style", "tokenizer.json"));
}
