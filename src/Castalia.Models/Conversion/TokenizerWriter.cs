using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Tokens;

namespace Castalia.Conversion;

/// <summary>The vocabulary inside a GGUF file → tokenizer.json and tokenizer_config.json.</summary>
static class TokenizerWriter
{
    /// <summary>The reason given for a file without a vocabulary.</summary>
    public const string NoVocabulary = "the file holds no vocabulary.";

    const int Control = 3; // tokenizer.ggml.token_type

    static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    static readonly string[] Files = ["tokenizer.json", "tokenizer_config.json"];

    /// <summary>Writes both and reads them back.</summary>
    /// <returns>Why there is no tokenizer; null where it was written and reads back as the same.</returns>
    public static string? Write(GgufMetadata metadata, string file, string folder)
    {
        if (metadata.FindString("tokenizer.ggml.model") is null or "none" or "no_vocab") return NoVocabulary;
        try
        {
            if (GgufVocabulary.Read(metadata, file) is not PipelineTokenizer tokenizer)
                return $"vocabularies of kind '{metadata.FindString("tokenizer.ggml.model")}' are read, but not written as tokenizer.json.";
            Save(folder, Files[0], Tokenizer(tokenizer.Parts, metadata, file));
            Save(folder, Files[1], Settings(metadata));
            var written = new PipelineTokenizer(TokenizerJson.Read(Path.Combine(folder, Files[0])));
            return TokenizerCheck.Difference(tokenizer, written) is { } what
                ? throw new NotSupportedException($"it would be read back as another tokenizer: {what}.")
                : null;
        }
        catch (Exception e) when (e is InputException or NotSupportedException)
        {
            foreach (string name in Files) File.Delete(Path.Combine(folder, name));
            return e is InputException input ? $"{input.Cause} ({input.Place})" : e.Message;
        }
    }

    static void Save(string folder, string name, JsonObject document) =>
        File.WriteAllText(Path.Combine(folder, name), document.ToJsonString(Json) + "\n");

    static JsonObject Tokenizer(PipelineParts parts, GgufMetadata metadata, string file) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray([.. parts.AddedTokens.OrderBy(t => t.Id).Select(t => new JsonObject
        {
            ["id"] = t.Id,
            ["content"] = t.Content,
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = t.Normalized,
            ["special"] = IsControl(metadata, t.Id),
        })]),
        ["normalizer"] = Normalizer(parts),
        ["pre_tokenizer"] = PreTokenizer(metadata, file),
        ["post_processor"] = PostProcessor(parts),
        ["decoder"] = GgufPieceRules.ByteLevel(addPrefixSpace: false, useRegex: true),
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = parts.Model.IgnoreMerges,
            ["vocab"] = new JsonObject(parts.Model.Vocabulary.OrderBy(p => p.Value).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
            // As texts, which every version of the reference library reads; a piece never holds a space.
            ["merges"] = new JsonArray([.. metadata.FindStrings("tokenizer.ggml.merges")!.Select(merge => (JsonNode?)merge)]),
        },
    };

    static bool IsControl(GgufMetadata metadata, int id) => metadata.Values.GetValueOrDefault("tokenizer.ggml.token_type") is int[] types && types[id] == Control;

    static JsonObject? Normalizer(PipelineParts parts) => parts.Normalizers switch
    {
        [] => null,
        [var one] when one == UnicodeNormalization.Nfc => new JsonObject { ["type"] = "NFC" },
        _ => throw new NotSupportedException("its normalisation has no name in tokenizer.json."),
    };

    static JsonObject PreTokenizer(GgufMetadata metadata, string file)
    {
        JsonObject rules = GgufVocabulary.Rules(metadata, file).PreTokenizer;
        if (!GgufVocabulary.AddsSpace(metadata)) return rules;
        // The space comes before all else; of tokenizer.json's parts only ByteLevel puts it, and not before another has cut.
        if ((string?)rules["type"] != "ByteLevel")
            throw new NotSupportedException("tokenizer.ggml.add_space_prefix together with its pre-tokenizer cannot be said in tokenizer.json.");
        rules["add_prefix_space"] = true;
        return rules;
    }

    static JsonObject PostProcessor(PipelineParts parts)
    {
        JsonObject trimming = GgufPieceRules.ByteLevel(addPrefixSpace: true, useRegex: true);
        if (parts.Prefix.Count + parts.Suffix.Count == 0) return trimming;
        var text = parts.Model.Vocabulary.ToDictionary(p => p.Value, p => p.Key);
        var special = new JsonObject();
        foreach (int id in parts.Prefix.Concat(parts.Suffix).Distinct())
            special[text[id]] = new JsonObject { ["id"] = text[id], ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(text[id]) };
        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray([.. Around("A", 0)]),
            ["pair"] = new JsonArray([.. Around("A", 0), .. Around("B", 1)]),
            ["special_tokens"] = special,
        };

        IEnumerable<JsonNode> Around(string sequence, int type) =>
        [
            .. parts.Prefix.Select(id => Item("SpecialToken", text[id], type)), Item("Sequence", sequence, type),
            .. parts.Suffix.Select(id => Item("SpecialToken", text[id], type)),
        ];
    }

    static JsonObject Item(string kind, string id, int type) => new() { [kind] = new JsonObject { ["id"] = id, ["type_id"] = type } };

    static JsonObject Settings(GgufMetadata metadata)
    {
        var settings = new JsonObject { ["tokenizer_class"] = "PreTrainedTokenizerFast", ["clean_up_tokenization_spaces"] = false };
        string[] tokens = metadata.FindStrings("tokenizer.ggml.tokens")!;
        foreach (var (gguf, key) in new[] { ("bos", "bos_token"), ("eos", "eos_token"), ("unknown", "unk_token"), ("padding", "pad_token") })
            if (metadata.FindInteger($"tokenizer.ggml.{gguf}_token_id") is { } id && id >= 0 && id < tokens.Length) settings[key] = tokens[id];
        if (metadata.FindString("tokenizer.chat_template") is { } template) settings["chat_template"] = template;
        return settings;
    }
}
