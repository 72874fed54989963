using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Conversion;
using Castalia.Tokens;
using Xunit;

namespace Castalia.Tests.Conversion;

/// <summary>Vocabularies as GGUF files hold them, written as tokenizer.json.</summary>
public sealed class TokenizerWriterTests
{
    [Theory]
    [InlineData("gpt2-style", "gpt-2", true)]
    [InlineData("smollm-style", "smollm", false)]
    [InlineData("llama3-style", "llama-bpe", true)]
    [InlineData("qwen2-style", "qwen2", false)]
    public void What_is_written_gives_the_ids_of_the_vocabulary_inside(string style, string pre, bool addBos)
    {
        using var folder = new TemporaryFolder();
        var metadata = Metadata(Golden(style, "tokenizer.json"), pre, addBos);
        Assert.Null(TokenizerWriter.Write(metadata, "m.gguf", folder.Path));
        var inside = GgufVocabulary.Read(metadata, "m.gguf");
        var written = TokenizerFile.Load(Path.Combine(folder.Path, "tokenizer.json"));
        Assert.Equal((inside.IdCount, inside.BosId), (written.IdCount, written.BosId));
        Assert.Equal(addBos ? [(int)inside.BosId!] : [], written.DefaultPrefix);
        Assert.Equal(inside.DefaultSuffix, written.DefaultSuffix);
        int lines = 0;
        foreach (string line in File.ReadLines(Golden(style, "cases.jsonl")))
        {
            string text = JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!;
            var ids = inside.Encode(text, out int dropped);
            Assert.Equal(ids, written.Encode(text, out int alsoDropped));
            Assert.Equal(dropped, alsoDropped);
            Assert.Equal(inside.Decode(ids), written.Decode(ids));
            lines++;
        }
        Assert.True(lines > 290);
        var settings = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "tokenizer_config.json")))!;
        Assert.Equal("{{ messages }}", (string?)settings["chat_template"]);
        Assert.Equal(inside.Piece(inside.BosId!.Value), (string?)settings["bos_token"]);
    }

    [Theory]
    [InlineData("tokenizer.ggml.model", "bert", "Vocabulary kind 'bert' is not supported. (m.gguf, tokenizer.ggml.model)")]
    [InlineData("tokenizer.ggml.model", "no_vocab", "the file holds no vocabulary.")]
    [InlineData("tokenizer.ggml.pre", "unheard-of", "Pre-tokenizer 'unheard-of' is not supported. (m.gguf, tokenizer.ggml.pre)")]
    public void A_vocabulary_that_is_not_understood_is_not_written_and_the_reason_is_given(string key, string value, string reason)
    {
        using var folder = new TemporaryFolder();
        var values = Metadata(Golden("gpt2-style", "tokenizer.json"), "gpt-2", false).Values.ToDictionary();
        values[key] = value;
        Assert.Equal(reason, TokenizerWriter.Write(new() { Values = values }, "m.gguf", folder.Path));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void One_that_would_be_read_back_as_another_is_not_written()
    {
        using var folder = new TemporaryFolder();
        var values = Metadata(Golden("smollm-style", "tokenizer.json"), "smollm", false).Values.ToDictionary();
        values["tokenizer.ggml.add_space_prefix"] = true; // digits are cut before it would be added
        Assert.Contains("add_space_prefix", TokenizerWriter.Write(new() { Values = values }, "m.gguf", folder.Path));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    static string Golden(string style, string file) => Path.Combine(Shared.Repository, "tests", "golden", "tokenizers", style, file);

    /// <summary>A tokenizer.json as llama.cpp's converter puts it into metadata.</summary>
    static GgufMetadata Metadata(string file, string pre, bool addBos)
    {
        var json = JsonNode.Parse(File.ReadAllText(file))!;
        var added = json["added_tokens"]!.AsArray().ToDictionary(t => (int)t!["id"]!, t => (string)t!["content"]!);
        var pieces = json["model"]!["vocab"]!.AsObject().ToDictionary(p => (int)p.Value!, p => p.Key);
        foreach (var (id, content) in added) pieces[id] = content;
        int count = pieces.Keys.Max() + 1, bos = added.Keys.Min();
        return new()
        {
            Values = new Dictionary<string, object>
            {
                ["tokenizer.ggml.model"] = "gpt2",
                ["tokenizer.ggml.pre"] = pre,
                ["tokenizer.ggml.tokens"] = Enumerable.Range(0, count).Select(id => pieces[id]).ToArray(),
                ["tokenizer.ggml.token_type"] = Enumerable.Range(0, count).Select(id => added.ContainsKey(id) ? 3 : 1).ToArray(),
                ["tokenizer.ggml.merges"] = json["model"]!["merges"]!.AsArray()
                    .Select(m => m is JsonArray pair ? $"{(string)pair[0]!} {(string)pair[1]!}" : (string)m!).ToArray(),
                ["tokenizer.ggml.bos_token_id"] = (uint)bos,
                ["tokenizer.ggml.add_bos_token"] = addBos,
                ["tokenizer.chat_template"] = "{{ messages }}",
            },
        };
    }
}
