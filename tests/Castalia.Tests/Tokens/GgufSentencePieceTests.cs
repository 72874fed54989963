using Castalia.Checkpoints;
using Castalia.Tokens;
using Xunit;

namespace Castalia.Tests.Tokens;

public sealed class GgufSentencePieceTests
{
    static readonly string Folder = Path.Combine(Shared.Repository, "tests", "golden", "tokenizers");

    /// <summary>
    /// The vocabulary of a tokenizer.model as converters write it. Special tokens are cut out as by the tokenizer.json; the longest
    /// user-defined run of spaces is found first, as by the sentencepiece library (a tokenizer.json with a normaliser joins runs by rank).
    /// </summary>
    [Theory]
    [InlineData("sentencepiece-llama-legacy", "sentencepiece-llama-legacy", null, 1u, 294)]
    [InlineData("sentencepiece-llama-legacy", "sentencepiece-llama-legacy-model", null, 1u, 250)]
    [InlineData("sentencepiece-gemma", "sentencepiece-gemma-model", false, 2u, 250)]
    public void It_gives_the_ids_of_the_files_it_was_made_from(string name, string cases, bool? addSpacePrefix, uint bos, int least)
    {
        var model = SentencePieceModel.Read(Path.Combine(Folder, name, "tokenizer.model"));
        var values = new Dictionary<string, object>
        {
            ["tokenizer.ggml.model"] = "llama",
            ["tokenizer.ggml.pre"] = "default",
            // Converters write spaces into user-defined pieces, for they are looked for in the raw text.
            ["tokenizer.ggml.tokens"] = model.Pieces.Select(p => p.Kind == SentencePieceKind.UserDefined ? p.Text.Replace('▁', ' ') : p.Text).ToArray(),
            ["tokenizer.ggml.scores"] = model.Pieces.Select(p => p.Score).ToArray(),
            ["tokenizer.ggml.token_type"] = model.Pieces.Select(p => (int)p.Kind).ToArray(),
            ["tokenizer.ggml.bos_token_id"] = bos,
        };
        if (addSpacePrefix is { } add) values["tokenizer.ggml.add_space_prefix"] = add;
        var tokenizer = GgufVocabulary.Read(new GgufMetadata { Values = values, Path = "m.gguf" }, "m.gguf");
        Assert.Equal([(int)bos], tokenizer.DefaultPrefix);
        int count = 0;
        foreach (string line in File.ReadLines(Path.Combine(Folder, cases, "cases.jsonl")))
        {
            var golden = System.Text.Json.JsonDocument.Parse(line).RootElement;
            string text = golden.GetProperty("text").GetString()!;
            // The library takes special tokens for text, and a typed ▁ for a space.
            if (cases.EndsWith("-model", StringComparison.Ordinal) && text.AsSpan().ContainsAny('▁', '<')) continue;
            count++;
            Assert.Equal(golden.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), tokenizer.Encode(text, out _));
        }
        Assert.True(count >= least, $"{count} lines");
    }
}
