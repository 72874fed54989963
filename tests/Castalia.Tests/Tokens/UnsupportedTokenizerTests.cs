using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Tokens;
using Xunit;

namespace Castalia.Tests.Tokens;

public sealed class UnsupportedTokenizerTests
{
    const string Model = """ "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]} """;
    const string Bytes = """ "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false} """;

    /// <summary>What stands in the file, and what the message must name.</summary>
    public static TheoryData<string, string> Files => new()
    {
        { "{", "Not valid JSON" },
        { "[]", "'[]' is not an object" },
        { "{}", "There is no 'model'" },
        { """{"model": 3}""", "'3' is not an object" },
        { $$"""{ {{Model}}, {{Model}}, {{Bytes}} }""", "Not valid JSON" },
        { """{"model": {"type": "Unigram", "vocab": []}}""", "Model type 'Unigram' is not supported" },
        { """{"model": {"type": "WordPiece", "vocab": {}}}""", "Model type 'WordPiece'" },
        { """{"model": {"type": "WordLevel", "vocab": {}}}""", "Model type 'WordLevel'" },
        { With("\"dropout\": 0.1"), "BPE dropout of 0.1" },
        { With("\"unk_token\": \"<unk>\""), "unk_token '<unk>'" },
        { With("\"byte_fallback\": true"), "byte_fallback is not supported" },
        { With("\"fuse_unk\": true"), "fuse_unk is not supported" },
        { With("\"continuing_subword_prefix\": \"##\""), "continuing_subword_prefix '##'" },
        { With("\"end_of_word_suffix\": \"</w>\""), "end_of_word_suffix '</w>'" },
        { With("\"ignore_merges\": 1"), "'1' is not true or false" },
        { $$"""{"model": {"type": "BPE", "vocab": {}, "merges": []}, {{Bytes}} }""", "The vocabulary is empty" },
        { $$"""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}, {{Bytes}} }""", "Id 0 stands twice, the second time for 'b'" },
        { $$"""{"model": {"type": "BPE", "vocab": {"a": "0"}, "merges": []}, {{Bytes}} }""", "'\"0\"' is not a token id" },
        { $$"""{"model": {"type": "BPE", "vocab": {"a": -1}, "merges": []}, {{Bytes}} }""", "'-1' is not a token id" },
        { $$"""{"model": {"type": "BPE", "vocab": {"a": 0} }, {{Bytes}} }""", "There is no 'merges'" },
        { $$"""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a a a"]}, {{Bytes}} }""", "Merge 1 is not a pair: 'a a a'" },
        { $$"""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b"]}, {{Bytes}} }""", "Merge 1 needs 'ab', which is not in the vocabulary" },
        { $$"""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [["a", 1]]}, {{Bytes}} }""", "'1' is not a string" },
        { $$"""{ {{Model}} }""", "A pre-tokenizer without ByteLevel" },
        { $$"""{ {{Model}}, "pre_tokenizer": null }""", "A pre-tokenizer without ByteLevel" },
        { Pre("""{"type": "Whitespace"}"""), "Pre-tokenizer 'Whitespace' is not supported" },
        { Pre("""{"type": "Metaspace", "replacement": "▁"}"""), "Pre-tokenizer 'Metaspace'" },
        { Pre("""{"type": "Split", "pattern": {"Regex": "[aeiou]"}, "behavior": "Isolated"}"""), "Split pattern '[aeiou]'" },
        { Pre("""{"type": "Split", "pattern": {"String": " "}, "behavior": "Isolated"}"""), "Split pattern" },
        { Pre("""{"type": "Split", "pattern": {"Regex": "x"}, "behavior": "Removed"}"""), "Split behaviour 'Removed'" },
        { Pre("""{"type": "Split", "pattern": {"Regex": "x"}, "behavior": "Isolated", "invert": true}"""), "An inverted split" },
        { Pre("""{"type": "Sequence", "pretokenizers": [{"type": "ByteLevel", "add_prefix_space": false}, {"type": "Digits"}]}"""), "Pre-tokenizer 'Digits' after ByteLevel" },
        { $$"""{ {{Model}}, {{Bytes}}, "normalizer": {"type": "Lowercase"} }""", "Normaliser 'Lowercase'" },
        { $$"""{ {{Model}}, {{Bytes}}, "normalizer": {"type": "NFKC"} }""", "Normaliser 'NFKC'" },
        { $$"""{ {{Model}}, {{Bytes}}, "post_processor": {"type": "BertProcessing"} }""", "Post-processor 'BertProcessing'" },
        { $$"""{ {{Model}}, {{Bytes}}, "decoder": {"type": "WordPiece"} }""", "Decoder 'WordPiece'" },
        { $$"""{ {{Model}}, {{Bytes}}, "padding": {"strategy": "BatchLongest"} }""", "A padding rule" },
        { $$"""{ {{Model}}, {{Bytes}}, "truncation": {"max_length": 8} }""", "A truncation rule" },
        { Added("""{"id": 3, "content": "<s>", "single_word": true}"""), "single_word of the added token '<s>'" },
        { Added("""{"id": 3, "content": "<s>", "lstrip": true}"""), "lstrip of the added token '<s>'" },
        { Added("""{"id": 3, "content": "<s>", "rstrip": true}"""), "rstrip of the added token '<s>'" },
        { Added("""{"id": 3, "content": ""}"""), "An added token has no text" },
        { Added("""{"content": "<s>"}"""), "There is no 'id'" },
    };

    static string With(string feature) => $$"""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [], {{feature}}}, {{Bytes}} }""";

    static string Pre(string preTokenizer) => $$"""{ {{Model}}, "pre_tokenizer": {{preTokenizer}} }""";

    static string Added(string token) => $$"""{ {{Model}}, {{Bytes}}, "added_tokens": [{{token}}] }""";

    [Theory]
    [MemberData(nameof(Files))]
    public void It_is_refused_by_name(string json, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("tokenizer.json", json);
        var error = Assert.Throws<InputException>(() => TokenizerFile.Load(path));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Place, StringComparison.Ordinal);
        Assert.NotEmpty(error.Remedy);
    }

    [Theory]
    [InlineData("unsupported-unigram", "Model type 'Unigram'")]
    [InlineData("unsupported-wordpiece", "Model type 'WordPiece'")]
    public void A_real_file_of_another_kind_is_refused_by_name(string name, string expected) => Assert.Contains(
        expected,
        Assert.Throws<InputException>(() => TokenizerFile.Load(Path.Combine(Shared.Repository, "tests", "golden", "tokenizers", name, "tokenizer.json"))).Message);

    [Theory]
    [InlineData("sentencepiece-llama-legacy")]
    [InlineData("sentencepiece-gemma")]
    [InlineData("sentencepiece-metaspace")]
    public void SentencePiece_is_refused_by_name(string name) => Assert.Contains(
        "is not supported",
        Assert.Throws<InputException>(() => TokenizerFile.Load(Shared.Path("golden", "tokenizers", name, "tokenizer.json"))).Message);

    [Fact]
    public void A_BOS_token_outside_the_vocabulary_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("tokenizer.json", $$"""{ {{Model}}, {{Bytes}} }""");
        folder.Write("tokenizer_config.json", """{"bos_token": {"content": "<s>"}}""");
        Assert.Contains("BOS token '<s>' is not in the vocabulary", Assert.Throws<InputException>(() => TokenizerFile.Load(path)).Message);
        folder.Write("tokenizer_config.json", """{"bos_token": "ab"}""");
        Assert.Equal(2, TokenizerFile.Load(path).BosId);
    }

#pragma warning disable CA1861 // a table, read once
    public static TheoryData<string, object?, string> Metadata => new()
    {
        { "tokenizer.ggml.model", "llama", "Vocabulary kind 'llama'" },
        { "tokenizer.ggml.model", "bert", "Vocabulary kind 'bert'" },
        { "tokenizer.ggml.pre", "tekken", "Pre-tokenizer 'tekken'" },
        { "tokenizer.ggml.pre", null, "does not name its pre-tokenizer" },
        { "tokenizer.ggml.pre", 3u, "Key 'tokenizer.ggml.pre' is 3; expected a string" },
        { "tokenizer.ggml.tokens", null, "Key 'tokenizer.ggml.tokens' is not in the file" },
        { "tokenizer.ggml.tokens", new[] { "a", "b", "a" }, "Token 'a' stands twice, as 0 and 2" },
        { "tokenizer.ggml.merges", null, "Key 'tokenizer.ggml.merges' is not in the file" },
        { "tokenizer.ggml.merges", new[] { "ab" }, "Merge 1 is not a pair: 'ab'" },
        { "tokenizer.ggml.merges", new[] { "b a" }, "Merge 1 needs 'ba'" },
        { "tokenizer.ggml.token_type", new[] { 1, 1 }, "There are 2 token types for 3 tokens" },
        { "tokenizer.ggml.bos_token_id", 7u, "Id 7 is outside the vocabulary of 3" },
        { "tokenizer.ggml.add_bos_token", "yes", "Key 'tokenizer.ggml.add_bos_token' is the text 'yes'" },
    };
#pragma warning restore CA1861

    [Theory]
    [MemberData(nameof(Metadata))]
    public void A_GGUF_vocabulary_that_is_not_understood_is_refused(string key, object? value, string expected)
    {
        var values = Vocabulary();
        if (value is null) values.Remove(key);
        else values[key] = value;
        Assert.Contains(expected, Assert.Throws<InputException>(() => Read(values)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_GGUF_vocabulary_says_what_is_put_around_a_text()
    {
        var values = Vocabulary();
        values["tokenizer.ggml.add_bos_token"] = true;
        values["tokenizer.ggml.bos_token_id"] = 1u;
        var tokenizer = Read(values);
        Assert.Equal([1], tokenizer.DefaultPrefix);
        Assert.Equal([2], tokenizer.Encode("ab", out _));
    }

    /// <summary>llama.cpp adds a BOS to Llama 3's vocabulary unless the file says otherwise, and many files do not say.</summary>
    [Fact]
    public void A_Llama_3_vocabulary_that_does_not_say_adds_a_bos()
    {
        var values = Vocabulary();
        values["tokenizer.ggml.bos_token_id"] = 1u;
        Assert.Empty(Read(values).DefaultPrefix);
        values["tokenizer.ggml.pre"] = "llama-bpe";
        Assert.Equal([1], Read(values).DefaultPrefix);
        values["tokenizer.ggml.add_bos_token"] = false;
        Assert.Empty(Read(values).DefaultPrefix);
    }

    static ITokenizer Read(Dictionary<string, object> values) =>
        GgufVocabulary.Read(new GgufMetadata { Values = values, Path = "m.gguf" }, "m.gguf");

    static Dictionary<string, object> Vocabulary() => new()
    {
        ["tokenizer.ggml.model"] = "gpt2",
        ["tokenizer.ggml.pre"] = "gpt-2",
        ["tokenizer.ggml.tokens"] = new[] { "a", "b", "ab" },
        ["tokenizer.ggml.merges"] = new[] { "a b" },
        ["tokenizer.ggml.token_type"] = new[] { 1, 1, 1 },
    };
}
