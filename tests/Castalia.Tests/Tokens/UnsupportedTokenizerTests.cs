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
        { With("\"ignore_merges\": 1"), "'1' is not true or false" },
        { $$"""{"model": {"type": "BPE", "vocab": {}, "merges": []}, {{Bytes}} }""", "The vocabulary is empty" },
        { $$"""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 0}, "merges": []}, {{Bytes}} }""", "Id 0 stands twice, the second time for 'b'" },
        { $$"""{"model": {"type": "BPE", "vocab": {"a": "0"}, "merges": []}, {{Bytes}} }""", "'\"0\"' is not a token id" },
        { $$"""{"model": {"type": "BPE", "vocab": {"a": -1}, "merges": []}, {{Bytes}} }""", "'-1' is not a token id" },
        { $$"""{"model": {"type": "BPE", "vocab": {"a": 0} }, {{Bytes}} }""", "There is no 'merges'" },
        { $$"""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a a a"]}, {{Bytes}} }""", "Merge 1 is not a pair: 'a a a'" },
        { $$"""{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b"]}, {{Bytes}} }""", "Merge 1 needs 'ab', which is not in the vocabulary" },
        { $$"""{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [["a", 1]]}, {{Bytes}} }""", "'1' is not a string" },
        { $$"""{ {{Model}}, {{Bytes}}, "decoder": {"type": "WordPiece"} }""", "Decoder 'WordPiece'" },
        { $$"""{ {{Model}}, {{Bytes}}, "padding": {"strategy": "BatchLongest"} }""", "A padding rule" },
        { $$"""{ {{Model}}, {{Bytes}}, "truncation": {"max_length": 8} }""", "A truncation rule" },
        { With("\"unk_token\": \"<unk>\""), "The unknown token '<unk>' is not in the vocabulary" },
        { With("\"vocab_size\": 3"), "The key 'model.vocab_size' is not known" },
        { $$"""{ {{Model}}, {{Bytes}}, "chat_template": "" }""", "The key 'chat_template' is not known" },
        { Pre("""{"type": "UnicodeScripts"}"""), "Pre-tokenizer 'UnicodeScripts' is not supported" },
        { Pre("""{"type": "Whitespace", "tabs": true}"""), "The key 'pre_tokenizer.tabs' is not known" },
        { Pre("""{"type": "Sequence", "pretokenizers": [{"type": "Digits"}, {"type": "Luhn"}]}"""), "Pre-tokenizer 'Luhn'" },
        { Pre("""{"type": "Split", "pattern": {"Regex": "x"}, "behavior": "Joined"}"""), "Split behaviour 'Joined'" },
        { Pre("""{"type": "Split", "pattern": {"String": ""}, "behavior": "Isolated"}"""), "An empty pattern" },
        { Pre("""{"type": "Split", "pattern": {"Regex": "(a)\\1"}, "behavior": "Isolated"}"""), "The pattern '(a)\\1' is not supported: '\\1'" },
        { Pre("""{"type": "Split", "pattern": {"Regex": "\\p{Klingon}"}, "behavior": "Isolated"}"""), "'\\p{Klingon}'" },
        { Pre("""{"type": "Metaspace", "replacement": "__"}"""), "is not a single character" },
        { Pre("""{"type": "Metaspace", "replacement": "_", "prepend_scheme": "last"}"""), "The prepend scheme 'last'" },
        { Pre("""{"type": "Metaspace", "replacement": "_", "prepend_scheme": "first", "add_prefix_space": false}"""), "add_prefix_space is false" },
        { $$"""{ {{Model}}, {{Bytes}}, "normalizer": {"type": "Precompiled", "precompiled_charsmap": ""} }""", "Normaliser 'Precompiled'" },
        { $$"""{ {{Model}}, {{Bytes}}, "normalizer": {"type": "BertNormalizer"} }""", "Normaliser 'BertNormalizer'" },
        { $$"""{ {{Model}}, {{Bytes}}, "normalizer": {"type": "NFC", "version": 9} }""", "The key 'normalizer.version' is not known" },
        { $$"""{ {{Model}}, {{Bytes}}, "post_processor": {"type": "Doubling"} }""", "Post-processor 'Doubling'" },
        { $$"""{ {{Model}}, {{Bytes}}, "decoder": {"type": "CTC"} }""", "Decoder 'CTC'" },
        { Added("""{"id": 0, "content": "b"}"""), "'b' has the id 0 here and 1 in the vocabulary" },
        {
            """{"model": {"type": "BPE", "vocab": {"a": 0, "b": 2}, "merges": []}, "added_tokens": [{"id": 2, "content": "<s>"}]}""",
            "Id 2 stands for 'b' and for the added token '<s>'"
        },
        { Added("""{"id": 3, "content": "<s>"}, {"id": 4, "content": "<s>"}"""), "The added token '<s>' stands twice" },
        { Added("""{"id": 3, "content": "<s>", "color": "red"}"""), "The key 'added_tokens[0].color' is not known" },
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
        { "tokenizer.ggml.model", "t5", "Vocabulary kind 't5'" },
        { "tokenizer.ggml.model", "llama", "A vocabulary whose unknown token is 'a' is not supported" },
        { "tokenizer.ggml.model", "bert", "Vocabulary kind 'bert'" },
        { "tokenizer.ggml.pre", "superbpe", "Pre-tokenizer 'superbpe' is not one whose rule is known" },
        { "tokenizer.ggml.bos_token_id", uint.MaxValue, "Id 4294967295 is outside the vocabulary of 3" },
        { "tokenizer.ggml.pre", null, "does not name its pre-tokenizer" },
        { "tokenizer.ggml.pre", 3u, "Key 'tokenizer.ggml.pre' is 3; expected a string" },
        { "tokenizer.ggml.tokens", null, "Key 'tokenizer.ggml.tokens' is not in the file" },
        { "tokenizer.ggml.tokens", new[] { "a", "b", "a" }, "Token 'a' stands twice, as 0 and 2" },
        { "tokenizer.ggml.merges", null, "Key 'tokenizer.ggml.merges' is not in the file" },
        { "tokenizer.ggml.merges", new[] { "ab" }, "Merge 1 is not a pair: 'ab'" },
        { "tokenizer.ggml.merges", new[] { "b a" }, "Merge 1 needs 'ba'" },
        { "tokenizer.ggml.token_type", new[] { 1L, 1L, 1L }, "Key 'tokenizer.ggml.token_type' is a list of 3; expected a list of 32-bit integers" },
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
    public void The_names_that_are_known_are_those_of_the_document()
    {
        string list = string.Join(", ", GgufPieceRules.Names);
        var values = Vocabulary();
        values["tokenizer.ggml.pre"] = "default";
        Assert.Contains("docs/tokenizers.md", Assert.Throws<InputException>(() => Read(values)).Cause, StringComparison.Ordinal);
        Assert.Contains($"must be one of: {list}.", File.ReadAllText(Path.Combine(Shared.Repository, "docs", "tokenizers.md")), StringComparison.Ordinal);
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
