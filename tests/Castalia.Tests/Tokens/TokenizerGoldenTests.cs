using System.Text.Json;
using Castalia.Tokens;
using Xunit;

namespace Castalia.Tests.Tokens;

public sealed class TokenizerGoldenTests
{
    /// <summary>Small tokenizers of each style lie with the project.</summary>
    [Theory]
    [InlineData("gpt2-style")]
    [InlineData("neox-style")]
    [InlineData("llama3-style")]
    [InlineData("qwen2-style")]
    [InlineData("smollm-style")]
    public void A_small_tokenizer_gives_every_golden_line(string name)
    {
        string folder = Path.Combine(Shared.Repository, "tests", "golden", "tokenizers", name);
        Check(TokenizerFile.Load(Path.Combine(folder, "tokenizer.json")), Path.Combine(folder, "cases.jsonl"), least: 290);
    }

    [Theory]
    [InlineData("real-pythia", "tokenizers/pythia/tokenizer.json")]
    [InlineData("real-gpt2", "tokenizers/gpt2/tokenizer.json")]
    [InlineData("real-smollm2", "checkpoints/smollm2-135m/tokenizer.json")]
    public void A_real_tokenizer_gives_every_golden_line(string name, string file) => Check(
        TokenizerFile.Load(Shared.Path("real", file)), Shared.Path("golden", "tokenizers", name, "cases.jsonl"), least: 350);

    [Fact]
    public void The_vocabulary_inside_a_GGUF_file_is_the_same_tokenizer() => Check(
        TokenizerFile.Open(Shared.Path("real", "checkpoints", "smollm2-135m", "smollm2-135m-instruct.Q4_1.gguf")),
        Shared.Path("golden", "tokenizers", "real-smollm2", "cases.jsonl"), least: 350);

    static void Check(ITokenizer tokenizer, string cases, int least)
    {
        int count = 0;
        foreach (string line in File.ReadLines(cases))
        {
            var golden = JsonDocument.Parse(line).RootElement;
            string text = golden.GetProperty("text").GetString()!;
            int[] ids = [.. golden.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32())];
            int[] withSpecial = [.. golden.GetProperty("ids_with_special").EnumerateArray().Select(id => id.GetInt32())];
            var actual = tokenizer.Encode(text, out _);
            Assert.True(ids.SequenceEqual(actual), $"line {count + 1}, {JsonSerializer.Serialize(text)}: {string.Join(' ', actual)}, not {string.Join(' ', ids)}");
            Assert.Equal(withSpecial, (int[])[.. tokenizer.DefaultPrefix, .. actual, .. tokenizer.DefaultSuffix]);
            Assert.Equal(golden.GetProperty("decoded").GetString(), tokenizer.Decode(ids));
            count++;
        }
        Assert.True(count >= least, $"{cases} holds {count} lines.");
    }
}
