using Castalia.Errors;
using Castalia.Tokens;
using Xunit;

namespace Castalia.Tests.Tokens;

public sealed class TokenizerConfigTests
{
    const string Json = """
        {"model": {"type": "BPE", "vocab": {"a": 0, "<s>": 1, "</s>": 2, "b": 3, "Ġ": 4, "<x>": 5}, "merges": []},
         "added_tokens": [{"id": 1, "content": "<s>"}, {"id": 2, "content": "</s>"}],
         "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false},
         "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "</s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
           "special_tokens": {"</s>": {"id": "</s>", "ids": [2], "tokens": ["</s>"]}}}}
        """;

    /// <summary>What stands around a text, and whether the run says that two files contradict each other.</summary>
    [Theory]
    [InlineData("{}", "2", "", false)]
    [InlineData("""{"tokenizer_class": "GPT2Tokenizer", "add_bos_token": false}""", "2", "", true)]
    [InlineData("""{"tokenizer_class": "PreTrainedTokenizerFast", "add_bos_token": true}""", "2", "", false)]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer"}""", "1", "", true)]
    [InlineData("""{"tokenizer_class": "LlamaTokenizerFast", "bos_token": {"content": "</s>"}}""", "2", "", false)]
    [InlineData("""{"tokenizer_class": "LlamaTokenizerFast", "add_bos_token": false, "add_eos_token": true}""", "", "2", true)]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "add_eos_token": true, "eos_token": "<e>"}""", "1", "6", true)]
    [InlineData("""{"tokenizer_class": "GemmaTokenizer", "bos_token": "<s>", "add_eos_token": true, "eos_token": "</s>"}""", "1", "2", true)]
    public void Special_tokens_stand_where_transformers_puts_them(string config, string prefix, string suffix, bool noted)
    {
        var tokenizer = Open(config);
        Assert.Equal(prefix, string.Join(' ', tokenizer.DefaultPrefix));
        Assert.Equal(suffix, string.Join(' ', tokenizer.DefaultSuffix));
        Assert.Equal(noted, tokenizer.Notes.Any(note => note.StartsWith("tokenizer.json adds [2] before and [] after a text", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("""{"tokenizer_class": "GemmaTokenizer"}""", "add_bos_token is true, and there is no bos_token")]
    [InlineData("""{"tokenizer_class": "LlamaTokenizer", "bos_token": null}""", "add_bos_token is true, and there is no bos_token")]
    [InlineData("""{"added_tokens_decoder": {"7": {"content": "a"}}}""", "The added token 'a' has the id 7 here")]
    [InlineData("""{"added_tokens_decoder": {"x": {"content": "a"}}}""", "'x' is not a token id")]
    public void What_cannot_be_is_an_error(string config, string expected) =>
        Assert.Contains(expected, Assert.Throws<InputException>(() => Open(config)).Message, StringComparison.Ordinal);

    /// <summary>Tokens that only the configuration names are cut out of texts, as transformers does.</summary>
    [Fact]
    public void Tokens_of_the_configuration_are_cut_out()
    {
        Assert.Empty(Open("{}").Encode("<x>", out _)); // three bytes that this small vocabulary lacks
        Assert.Equal([0, 5, 3], Open("""{"unk_token": "<x>"}""").Encode("a<x>b", out _));
        Assert.Equal([0, 6, 3], Open("""{"added_tokens_decoder": {"9": {"content": "<y>", "rstrip": true}}}""").Encode("a<y> b", out _));
    }

    [Fact]
    public void Add_prefix_space_of_the_configuration_holds_and_is_told()
    {
        var tokenizer = Open("""{"add_prefix_space": true}""");
        Assert.Equal([4, 0], tokenizer.Encode("a", out _));
        Assert.Contains(tokenizer.Notes, note => note.StartsWith("tokenizer_config.json sets add_prefix_space to true", StringComparison.Ordinal));
    }

    [Fact]
    public void The_older_map_of_special_tokens_names_BOS_where_nothing_else_does()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("tokenizer.json", Json);
        folder.Write("special_tokens_map.json", """{"bos_token": "<s>"}""");
        Assert.Equal(1, TokenizerFile.Open(path).BosId);
    }

    [Fact]
    public void An_added_token_is_numbered_as_the_reference_does_and_the_run_says_so()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = TokenizerFile.Open(folder.Write("tokenizer.json", """
            {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}, "added_tokens": [{"id": 7, "content": "<s>"}]}
            """));
        Assert.Equal([0, 2, 1], tokenizer.Encode("a<s>b", out _));
        Assert.Contains("the id 7; the reference numbers it 2", tokenizer.Notes[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"tokenizer_class": "RobertaTokenizer"}""", "A vocab.json of class 'RobertaTokenizer' is not supported")]
    [InlineData("""{"add_bos_token": true, "bos_token": null}""", "add_bos_token is true, and there is no bos_token")]
    public void A_vocabulary_of_another_class_is_refused(string config, string expected)
    {
        using var folder = new TemporaryFolder();
        folder.Write("merges.txt", "#version: 0.2\na b\n");
        folder.Write("tokenizer_config.json", config);
        string path = folder.Write("vocab.json", """{"a": 0, "b": 1, "ab": 2}""");
        Assert.Contains(expected, Assert.Throws<InputException>(() => TokenizerFile.Open(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a b c", "line 2: No pair: 'a b c'")]
    [InlineData("a c", "line 2: The merge needs 'c'")]
    [InlineData(null, "There is no merges.txt beside the vocabulary")]
    public void Merges_that_cannot_be_read_are_refused(string? line, string expected)
    {
        using var folder = new TemporaryFolder();
        if (line is not null) folder.Write("merges.txt", $"#version: 0.2\n{line}\n");
        string path = folder.Write("vocab.json", """{"a": 0, "b": 1, "ab": 2}""");
        var error = Assert.Throws<InputException>(() => TokenizerFile.Open(path));
        Assert.Contains(expected, $"{error.Place[(error.Place.LastIndexOf(", ", StringComparison.Ordinal) + 2)..]}: {error.Cause} {error.Cause}", StringComparison.Ordinal);
    }

    /// <summary>OPT's way: GPT-2's files, and the end token before each text.</summary>
    [Fact]
    public void BOS_of_a_vocabulary_comes_from_the_configuration()
    {
        using var folder = new TemporaryFolder();
        folder.Write("merges.txt", "#version: 0.2\na b\n");
        folder.Write("tokenizer_config.json", """{"tokenizer_class": "GPT2Tokenizer", "add_bos_token": true, "bos_token": "</s>", "add_prefix_space": true}""");
        folder.Write("vocab.json", """{"a": 0, "b": 1, "ab": 2, "</s>": 3, "Ġ": 4}""");
        var tokenizer = TokenizerFile.Open(folder.Path);
        Assert.Equal([3], tokenizer.DefaultPrefix);
        Assert.Equal([4, 2, 3, 4, 0], tokenizer.Encode("ab</s>a", out _));
    }

    static ITokenizer Open(string config)
    {
        using var folder = new TemporaryFolder();
        folder.Write("tokenizer_config.json", config);
        return TokenizerFile.Open(folder.Write("tokenizer.json", Json));
    }
}
