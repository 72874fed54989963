using System.Text.Json;
using Castalia.Tokens;
using Xunit;

namespace Castalia.Tests.Tokens;

public sealed class TokenizerGoldenTests
{
    static readonly string Folder = Path.Combine(Shared.Repository, "tests", "golden", "tokenizers");

    /// <summary>Small tokenizers of each style lie with the project; each is opened as a folder, the way a checkpoint's is.</summary>
    [Theory]
    [InlineData("bloom-style")]
    [InlineData("codegen-style")]
    [InlineData("falcon-style")]
    [InlineData("gpt2-style")]
    [InlineData("llama3-style")]
    [InlineData("neox-style")]
    [InlineData("opt-style")]
    [InlineData("prefix-space-style")]
    [InlineData("qwen2-style")]
    [InlineData("sentencepiece-gemma")]
    [InlineData("sentencepiece-gemma-model")]
    [InlineData("sentencepiece-llama-legacy")]
    [InlineData("sentencepiece-llama-legacy-model")]
    [InlineData("sentencepiece-metaspace")]
    [InlineData("sentencepiece-nmt-nfkc-model")]
    [InlineData("sentencepiece-suffix-model")]
    [InlineData("sentencepiece-user-defined-model")]
    [InlineData("smollm-style")]
    public void A_small_tokenizer_gives_every_golden_line(string name) =>
        Check(TokenizerFile.Open(Path.Combine(Folder, name)), Path.Combine(Folder, name, "cases.jsonl"), least: 294);

    /// <summary>Features that no family above has, drawn at random; see tests/golden/tokenizers/README.md.</summary>
    [Fact]
    public void Tokenizers_of_odd_features_give_every_golden_line()
    {
        string[] folders = Directory.GetDirectories(Path.Combine(Folder, "variants"));
        Assert.Equal(16, folders.Length);
        foreach (string folder in folders) Check(TokenizerFile.Open(folder), Path.Combine(folder, "cases.jsonl"), least: 120);
    }

    /// <summary>The same tokenizer from its other files, and from each file by itself.</summary>
    [Theory]
    [InlineData("gpt2-style", "vocab.json", "gpt2-style")]
    [InlineData("gpt2-style", "tokenizer.json", "gpt2-style")]
    [InlineData("sentencepiece-gemma", "tokenizer.model", "sentencepiece-gemma-model")]
    [InlineData("sentencepiece-llama-legacy", "tokenizer.model", "sentencepiece-llama-legacy-model")]
    [InlineData("sentencepiece-metaspace", "tokenizer.model", "sentencepiece-llama-legacy-model")]
    public void A_file_by_itself_gives_every_golden_line(string name, string file, string cases) =>
        Check(TokenizerFile.Open(Path.Combine(Folder, name, file)), Path.Combine(Folder, cases, "cases.jsonl"), least: 294);

    /// <summary>A folder that has nothing but the two files of older checkpoints.</summary>
    [Fact]
    public void A_folder_of_vocabulary_and_merges_gives_every_golden_line()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in new[] { "vocab.json", "merges.txt", "tokenizer_config.json" })
            folder.Write(file, File.ReadAllText(Path.Combine(Folder, "gpt2-style", file)));
        var tokenizer = TokenizerFile.Open(folder.Path);
        Assert.EndsWith("vocab.json", tokenizer.Source, StringComparison.Ordinal);
        Check(tokenizer, Path.Combine(Folder, "gpt2-style", "cases.jsonl"), least: 294);
    }

    /// <summary>Every folder of goldens, so that one that is added is not forgotten.</summary>
    [Fact]
    public void Every_folder_of_the_reference_material_gives_every_line()
    {
        string[] folders = Directory.GetDirectories(Shared.Path("golden", "tokenizers"));
        Assert.True(folders.Length >= 21, $"{folders.Length} folders");
        foreach (string folder in folders.Where(f => !Path.GetFileName(f).StartsWith("unsupported-", StringComparison.Ordinal)))
            Check(TokenizerFile.Open(TokenizerOf(folder)), Path.Combine(folder, "cases.jsonl"), least: 294);
    }

    [Theory]
    [InlineData("real-pythia", "tokenizers/pythia/tokenizer.json")]
    [InlineData("real-gpt2", "tokenizers/gpt2/tokenizer.json")]
    [InlineData("real-mistral-model", "tokenizers/mistral/tokenizer.model")]
    [InlineData("real-smollm2", "checkpoints/smollm2-135m/tokenizer.json")]
    public void A_real_tokenizer_gives_every_golden_line(string name, string file) => Check(
        TokenizerFile.Open(Shared.Path("real", file)), Shared.Path("golden", "tokenizers", name, "cases.jsonl"), least: 352);

    [Fact]
    public void The_vocabulary_inside_a_GGUF_file_is_the_same_tokenizer() => Check(
        TokenizerFile.Open(Shared.Path("real", "checkpoints", "smollm2-135m", "smollm2-135m-instruct.Q4_1.gguf")),
        Shared.Path("golden", "tokenizers", "real-smollm2", "cases.jsonl"), least: 352);

    /// <summary>A real tokenizer's folder holds only where its file is.</summary>
    static string TokenizerOf(string folder)
    {
        string source = Path.Combine(folder, "source.json");
        return File.Exists(source)
            ? Path.GetFullPath(Path.Combine(folder, JsonDocument.Parse(File.ReadAllText(source)).RootElement.GetProperty("tokenizer").GetString()!))
            : folder;
    }

    internal static void Check(ITokenizer tokenizer, string cases, int least)
    {
        int count = 0;
        foreach (string line in File.ReadLines(cases))
        {
            count++;
            var golden = JsonDocument.Parse(line).RootElement;
            string text = golden.GetProperty("text").GetString()!;
            int[] ids = Ids(golden, "ids"), withSpecial = Ids(golden, "ids_with_special");
            string place = $"{cases}, line {count}, {JsonSerializer.Serialize(text)}";
            var actual = tokenizer.Encode(text, out _);
            Assert.True(ids.SequenceEqual(actual), $"{place}: {string.Join(' ', actual)}, not {string.Join(' ', ids)}");
            Assert.True(withSpecial.SequenceEqual([.. tokenizer.DefaultPrefix, .. actual, .. tokenizer.DefaultSuffix]), $"{place}: special tokens");
            if (!golden.TryGetProperty("decoded", out var decoded)) continue; // the goldens of the sentencepiece library have none
            string back = tokenizer.Decode(ids);
            Assert.True(decoded.GetString() == back, $"{place}: decoded to {JsonSerializer.Serialize(back)}, not {decoded.GetRawText()}");
        }
        Assert.True(count >= least, $"{cases} holds {count} lines.");
    }

    static int[] Ids(JsonElement golden, string name) => [.. golden.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];
}
