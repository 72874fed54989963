using Castalia.Tests.Checkpoints;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>Verbs over GGUF files whose vocabulary, or whose weights, are not all there.</summary>
public sealed class GgufVocabularyVerbTests
{
    const string Expected = """{"ids":[2],"pieces":["ab"]}""";

    [Fact]
    public void Tokens_needs_no_weights()
    {
        using var folder = new TemporaryFolder();
        string prompts = folder.Write("p.txt", "ab");
        Prints(Expected, folder.Write("vocabulary.gguf", Vocabulary("gpt-2").File()), prompts);
        Prints(Expected, folder.Write("unread.gguf", Vocabulary("gpt-2").Tensor("a", [256], 999, 0).File()), prompts);
        Prints(Expected, folder.Write("cut.gguf", Vocabulary("gpt-2").Tensor("a", [1 << 20], 0, 0).File()), prompts);
        folder.Write("m-00001-of-00003.gguf", Vocabulary("gpt-2").File());
        Prints(Expected, folder.Write("m-00002-of-00003.gguf", "nothing"u8.ToArray()), prompts);
    }

    [Fact]
    public void An_unknown_pre_tokenizer_stops_texts_only()
    {
        using var folder = new TemporaryFolder();
        string model = folder.Write("m.gguf", Whole("unheard-of")), runs = Path.Combine(folder.Path, "runs");
        string ids = folder.Write("ids.jsonl", """{"ids": [0, 1, 2]}"""), text = folder.Write("p.txt", "ab");
        foreach (string[] verb in new string[][] { ["measure", model, "--prompts", ids, "--out", runs], ["describe", model] })
        {
            var (code, _, error) = CommandLineTests.Castalia(verb);
            Assert.True(code == 0, error);
        }
        var refused = CommandLineTests.Castalia(["measure", model, "--prompts", text, "--out", runs]);
        Assert.Equal(2, refused.Code);
        Assert.Contains("put the model's own tokenizer.json into a folder with the file and name the folder", refused.Error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    /// <summary>The remedy that the error above names.</summary>
    [Fact]
    public void A_tokenizer_json_beside_the_file_cuts_texts_if_its_tokens_are_the_file_s()
    {
        using var folder = new TemporaryFolder();
        folder.Write("m.gguf", Whole("unheard-of"));
        string prompts = folder.Write("p.txt", "ab"), tokenizer = Path.Combine(folder.Path, "tokenizer.json");
        File.WriteAllText(tokenizer, Json("ab"));
        Prints(Expected, folder.Path, prompts);
        var (code, _, error) = CommandLineTests.Castalia(["measure", folder.Path, "--prompts", prompts, "--out", Path.Combine(folder.Path, "runs")]);
        Assert.True(code == 0, error);
        File.WriteAllText(tokenizer, Json("ba"));
        (code, _, error) = CommandLineTests.Castalia(["tokens", folder.Path, "--prompts", prompts]);
        Assert.Equal(2, code);
        Assert.Contains("Token 2 is 'ba' in the tokenizer beside the file and 'ab' in the file", error.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    static string Json(string third) =>
        $$"""
        {"added_tokens": [], "normalizer": null, "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
         "post_processor": null, "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
         "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "{{third}}": 2}, "merges": ["{{third[0]}} {{third[1]}}"] } }
        """;

    static GgufBytes Vocabulary(string pre)
    {
        var file = new GgufBytes();
        foreach (var (key, value) in Keys(pre)) SyntheticGguf.Add(file, key, value);
        return file;
    }

    static byte[] Whole(string pre) => SyntheticGguf.File("llama", others: Keys(pre));

    static Dictionary<string, object> Keys(string pre) => new()
    {
        ["tokenizer.ggml.model"] = "gpt2",
        ["tokenizer.ggml.pre"] = pre,
        ["tokenizer.ggml.tokens"] = (string[])["a", "b", "ab"],
        ["tokenizer.ggml.token_type"] = (int[])[1, 1, 1],
        ["tokenizer.ggml.merges"] = (string[])["a b"],
    };

    static void Prints(string expected, string path, string prompts)
    {
        var (code, output, error) = CommandLineTests.Castalia(["tokens", path, "--prompts", prompts, "--json"]);
        Assert.True(code == 0, error);
        Assert.Equal(expected, output.TrimEnd());
    }
}
