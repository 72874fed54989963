using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Tokens;
using Xunit;

namespace Castalia.Tests.Tokens;

/// <summary>What a GGUF vocabulary does not say; ids as llama.cpp (LLamaSharp 0.30.0) gives them for the same keys and text, special tokens parsed.</summary>
public sealed class GgufVocabularyDefaultsTests
{
    static readonly string[] Pieces = ["<unk>", "<s>", "</s>", "▁", "a", "b", "ab", "▁a", "▁ab", "<0x63>"];

    static readonly int[] PieceTypes = [2, 3, 3, 1, 1, 1, 1, 1, 1, 6];

    static readonly float[] PieceScores = [0, 0, 0, -9, -8, -7, -1, -3, -2, 0];

    public static TheoryData<string, string, object?, string, int[]> SentencePieces => new()
    {
        { "no BOS named", "general.name", "m", "ab a", [1, 8, 7] },
        { "no BOS named, but wanted", "tokenizer.ggml.add_bos_token", true, "ab a", [1, 8, 7] },
        { "no BOS named, none wanted", "tokenizer.ggml.add_bos_token", false, "ab a", [8, 7] },
        { "no EOS named, but wanted", "tokenizer.ggml.add_eos_token", true, "ab a", [1, 8, 7, 2] },
        { "another BOS", "tokenizer.ggml.bos_token_id", 2u, "ab a", [2, 8, 7] },
        { "no scores", "tokenizer.ggml.scores", null, "ab a", [1, 8, 7] },
        { "whole scores", "tokenizer.ggml.scores", (int[])[0, 0, 0, -9, -8, -7, -1, -3, -2, 0], "ab a", [1, 8, 7] },
        { "more scores than tokens", "tokenizer.ggml.scores", (float[])[.. PieceScores, 5, 5], "ab a", [1, 8, 7] },
        { "no types", "tokenizer.ggml.token_type", null, "ab a", [1, 8, 7] },
        { "types of 0", "tokenizer.ggml.token_type", (int[])[2, 3, 3, 0, 0, 0, 0, 0, 0, 6], "ab a", [1, 8, 7] },
        { "more types than tokens", "tokenizer.ggml.token_type", (int[])[.. PieceTypes, 1], "ab a", [1, 8, 7] },
        { "no type of the unknown token", "tokenizer.ggml.token_type", (int[])[1, 3, 3, 1, 1, 1, 1, 1, 1, 6], "ab a", [1, 8, 7] },
    };

    [Theory]
    [MemberData(nameof(SentencePieces))]
    public void A_SentencePiece_vocabulary(string what, string key, object? value, string text, int[] expected)
    {
        var tokenizer = Read(With(Llama(), key, value));
        Assert.True(expected.SequenceEqual(All(tokenizer, text)), $"{what}: {string.Join(", ", All(tokenizer, text))}");
    }

    [Fact]
    public void Two_tokens_without_a_text_are_two_tokens()
    {
        var values = With(Llama(), "tokenizer.ggml.tokens", (string[])[.. Pieces, "", ""]);
        values["tokenizer.ggml.scores"] = (float[])[.. PieceScores, 0, 0];
        values["tokenizer.ggml.token_type"] = (int[])[.. PieceTypes, 5, 5];
        Assert.Equal([1, 8, 7], All(Read(values), "ab a"));
    }

    public static TheoryData<string, object, int[]> ByteLevel => new()
    {
        { "general.name", "m", [13, 0] },
        { "tokenizer.ggml.add_bos_token", true, [11, 13, 0] },
        { "tokenizer.ggml.add_eos_token", true, [13, 0, 11] },
        { "tokenizer.ggml.pre", "llama-bpe", [11, 13, 0] },
        { "tokenizer.ggml.pre", "tekken", [11, 13, 0] },
    };

    /// <summary>Token 11 was Falcon's BOS and EOS when the format was made.</summary>
    [Theory]
    [MemberData(nameof(ByteLevel))]
    public void A_byte_level_vocabulary_whose_token_11_is_a_control_token(string key, object value, int[] expected) =>
        Assert.Equal(expected, All(Read(With(Gpt2(typeOf11: 3), key, value)), "a!"));

    /// <summary>llama.cpp puts it before every text all the same: [11, 13, 0].</summary>
    [Fact]
    public void A_BOS_that_would_be_ordinary_text_stops_texts_only()
    {
        var error = Assert.Throws<InputException>(() => Read(With(Gpt2(typeOf11: 1), "tokenizer.ggml.pre", "llama-bpe")));
        Assert.Contains("llama.cpp takes token 11 then, here ',', which is no control token", error.Cause, StringComparison.Ordinal);
        Assert.True(TokenizerErrors.IdsWouldDo(error));
        Assert.Equal([13, 0], All(Read(Gpt2(typeOf11: 1)), "a!"));
    }

    /// <summary>llama.cpp's list of names cuts these alike; stablelm2's own tokenizer normalises as Qwen's does.</summary>
    [Theory]
    [InlineData("stablelm2", "qwen2")]
    [InlineData("megrez", "hunyuan")]
    [InlineData("dbrx", "glm4")]
    [InlineData("falcon3", "llama3")]
    [InlineData("exaone4", "gpt-2")]
    [InlineData("exaone", "smollm")]
    [InlineData("poro-chat", "bloom")]
    [InlineData("kanana2", "gpt-4o")]
    public void Names_of_one_rule(string name, string other)
    {
        var one = GgufPieceRules.Of(name)!;
        var two = GgufPieceRules.Of(other)!;
        Assert.Equal(two.PreTokenizer.ToJsonString(), one.PreTokenizer.ToJsonString());
        Assert.Equal((two.IgnoreMerges, two.AddsBos, two.Nfc), (one.IgnoreMerges, one.AddsBos, one.Nfc));
    }

    static Dictionary<string, object> Llama() => new()
    {
        ["tokenizer.ggml.model"] = "llama",
        ["tokenizer.ggml.tokens"] = Pieces,
        ["tokenizer.ggml.scores"] = PieceScores,
        ["tokenizer.ggml.token_type"] = PieceTypes,
    };

    static Dictionary<string, object> Gpt2(int typeOf11) => new()
    {
        ["tokenizer.ggml.model"] = "gpt2",
        ["tokenizer.ggml.pre"] = "gpt-2",
        ["tokenizer.ggml.tokens"] = (string[])[.. Enumerable.Range('!', 12).Select(c => $"{(char)c}"), "<bos>", "a"],
        ["tokenizer.ggml.token_type"] = (int[])[.. Enumerable.Repeat(1, 11), typeOf11, 3, 1],
        ["tokenizer.ggml.merges"] = Array.Empty<string>(),
    };

    static Dictionary<string, object> With(Dictionary<string, object> values, string key, object? value)
    {
        if (value is null) values.Remove(key);
        else values[key] = value;
        return values;
    }

    static IEnumerable<int> All(ITokenizer tokenizer, string text) =>
        [.. tokenizer.DefaultPrefix, .. tokenizer.Encode(text, out _), .. tokenizer.DefaultSuffix];

    static ITokenizer Read(Dictionary<string, object> values) => GgufVocabulary.Read(new GgufMetadata { Values = values, Path = "m.gguf" }, "m.gguf");
}
