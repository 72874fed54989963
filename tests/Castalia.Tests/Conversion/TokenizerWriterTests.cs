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

    public static TheoryData<string> PreTokenizers => [.. GgufPieceRules.Names];

    [Theory]
    [MemberData(nameof(PreTokenizers))]
    public void Every_pre_tokenizer_that_is_read_is_written(string pre)
    {
        using var folder = new TemporaryFolder();
        var metadata = Metadata(Golden("gpt2-style", "tokenizer.json"), pre, addBos: true);
        Assert.Null(TokenizerWriter.Write(metadata, "m.gguf", folder.Path));
        var (inside, written) = (GgufVocabulary.Read(metadata, "m.gguf"), TokenizerFile.Open(folder.Path));
        foreach (string line in File.ReadLines(Golden("gpt2-style", "cases.jsonl")))
        {
            string text = JsonDocument.Parse(line).RootElement.GetProperty("text").GetString()!;
            Assert.Equal(inside.Encode(text, out _), written.Encode(text, out _));
        }
    }

    [Fact]
    public void A_space_before_the_text_is_written_where_nothing_is_cut_before_it()
    {
        using var folder = new TemporaryFolder();
        var values = Metadata(Golden("gpt2-style", "tokenizer.json"), "gpt-2", addBos: false).Values.ToDictionary();
        values["tokenizer.ggml.add_space_prefix"] = true;
        Assert.Null(TokenizerWriter.Write(new() { Values = values }, "m.gguf", folder.Path));
        var written = TokenizerFile.Open(folder.Path);
        Assert.Equal(written.Encode(" the", out _), written.Encode("the", out _));
    }

    [Fact]
    public void A_tokenizer_that_differs_in_any_part_or_cuts_otherwise_is_another()
    {
        var read = (PipelineTokenizer)GgufVocabulary.Read(Metadata(Golden("gpt2-style", "tokenizer.json"), "gpt-2", addBos: true), "m.gguf");
        PipelineParts a = read.Parts;
        Assert.Null(Difference(a with { Source = "elsewhere" }));
        Assert.Equal("the vocabulary would differ", Difference(a with { Model = a.Model with { Vocabulary = With(a.Model.Vocabulary) } }));
        Assert.Equal("the merges would differ", Difference(a with { Model = a.Model with { Merges = [.. a.Model.Merges.Reverse()] } }));
        Assert.Equal("the rules of merging would differ", Difference(a with { Model = a.Model with { IgnoreMerges = true } }));
        Assert.StartsWith("the tokens that are cut out", Difference(a with { AddedTokens = [.. a.AddedTokens.Skip(1)] }));
        Assert.Equal("the normalisation would differ", Difference(a with { Normalizers = [Normalizers.Each(UnicodeNormalization.Nfd)] }));
        Assert.Equal("the decoder would differ", Difference(a with { Decoder = Decoders.Fuse }));
        Assert.Equal("BOS would differ", Difference(a with { BosId = null }));
        Assert.Equal("what stands around a text would differ", Difference(a with { Prefix = [] }));
        foreach (string pre in new[] { "smollm", "llama-bpe", "qwen2", "falcon", "tekken", "gpt-4o", "bloom" })
            Assert.StartsWith("a text would get other tokens: ", Difference(a with { Cutters = GgufPieceRules.Of(pre)!.Cutters }));

        string? Difference(PipelineParts b) => TokenizerCheck.Difference(read, new PipelineTokenizer(b));
        static PieceTable With(PieceTable vocabulary)
        {
            var more = new PieceTable();
            foreach (var (piece, id) in vocabulary) Assert.True(more.TryAdd(piece, id));
            Assert.True(more.TryAdd("more", vocabulary.Count));
            return more;
        }
    }

    [Fact]
    public void A_SentencePiece_vocabulary_is_not_written_and_the_reason_is_given()
    {
        using var folder = new TemporaryFolder();
        string[] tokens = ["<unk>", "<s>", "\u2581", "a", "\u2581a"];
        var metadata = new GgufMetadata
        {
            Values = new Dictionary<string, object>
            {
                ["tokenizer.ggml.model"] = "llama",
                ["tokenizer.ggml.tokens"] = tokens,
                ["tokenizer.ggml.token_type"] = new[] { 2, 3, 1, 1, 1 },
                ["tokenizer.ggml.scores"] = new[] { 0f, 0f, -3f, -2f, -1f },
                ["tokenizer.ggml.bos_token_id"] = 1u,
            },
        };
        Assert.Equal("vocabularies of kind 'llama' are read, but not written as tokenizer.json.", TokenizerWriter.Write(metadata, "m.gguf", folder.Path));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("tokenizer.ggml.model", "bert", "Vocabulary kind 'bert' is not supported. (m.gguf, tokenizer.ggml.model)")]
    [InlineData("tokenizer.ggml.model", "no_vocab", "the file holds no vocabulary.")]
    [InlineData("tokenizer.ggml.pre", "unheard-of", "Pre-tokenizer 'unheard-of' is not one whose rule is known (docs/tokenizers.md lists those). (m.gguf, tokenizer.ggml.pre)")]
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
