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
            if (GgufVocabulary.Read(metadata, file) is not ByteLevelBpe tokenizer)
                return $"vocabularies of kind '{metadata.FindString("tokenizer.ggml.model")}' are read, but not written as tokenizer.json.";
            ByteLevelParts parts = tokenizer.Parts;
            Save(folder, Files[0], Tokenizer(parts, metadata.Values.GetValueOrDefault("tokenizer.ggml.token_type") as int[]));
            Save(folder, Files[1], Settings(parts, metadata));
            if (!Same(parts, TokenizerJson.Read(Path.Combine(folder, Files[0]))))
                throw new NotSupportedException("it would be read back as another tokenizer.");
            return null;
        }
        catch (Exception e) when (e is InputException or NotSupportedException)
        {
            foreach (string name in Files) File.Delete(Path.Combine(folder, name));
            return e is InputException input ? $"{input.Cause} ({input.Place})" : e.Message;
        }
    }

    static void Save(string folder, string name, JsonObject document) =>
        File.WriteAllText(Path.Combine(folder, name), document.ToJsonString(Json) + "\n");

    static JsonObject Tokenizer(ByteLevelParts parts, int[]? types) => new()
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
            ["special"] = types?[t.Id] == Control,
        })]),
        ["normalizer"] = Normalizer(parts),
        ["pre_tokenizer"] = PreTokenizer(parts),
        ["post_processor"] = PostProcessor(parts),
        ["decoder"] = ByteLevel(addPrefixSpace: false, useRegex: true),
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["ignore_merges"] = parts.IgnoreMerges,
            ["vocab"] = new JsonObject(parts.Vocabulary.OrderBy(p => p.Value).Select(p => KeyValuePair.Create(p.Key, (JsonNode?)p.Value))),
            // As texts, which every version of the reference library reads; a piece never holds a space.
            ["merges"] = new JsonArray([.. parts.Merges.Select(merge => (JsonNode?)merge)]),
        },
    };

    static JsonObject? Normalizer(ByteLevelParts parts) => parts.Normalizers switch
    {
        [] => null,
        [var one] when one == CanonicalNormalization.Nfc => new JsonObject { ["type"] = "NFC" },
        [var one] when one == CanonicalNormalization.Nfd => new JsonObject { ["type"] = "NFD" },
        _ => throw new NotSupportedException("its normalisation has no name in tokenizer.json."),
    };

    static JsonObject PreTokenizer(ByteLevelParts parts)
    {
        bool endsWithGpt2 = parts.Rules is [.., PieceRule.Gpt2]; // which ByteLevel does by itself
        JsonObject last = ByteLevel(parts.AddPrefixSpace, endsWithGpt2);
        var before = parts.Rules.Take(parts.Rules.Count - (endsWithGpt2 ? 1 : 0)).Select(Rule).ToList();
        return before.Count == 0
            ? last
            : new JsonObject { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray([.. before, last]) };
    }

    static JsonObject Rule(PieceRule rule) => rule switch
    {
        PieceRule.SingleDigits or PieceRule.DigitRuns => new JsonObject
        {
            ["type"] = "Digits",
            ["individual_digits"] = rule == PieceRule.SingleDigits,
        },
        _ => new JsonObject
        {
            ["type"] = "Split",
            ["pattern"] = new JsonObject
            {
                ["Regex"] = PieceRules.PatternOf(rule) ?? throw new NotSupportedException($"rule {rule} has no pattern."),
            },
            ["behavior"] = "Isolated",
            ["invert"] = false,
        },
    };

    static JsonObject ByteLevel(bool addPrefixSpace, bool useRegex) => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = addPrefixSpace,
        ["trim_offsets"] = true,
        ["use_regex"] = useRegex,
    };

    static JsonObject PostProcessor(ByteLevelParts parts)
    {
        JsonObject trimming = ByteLevel(addPrefixSpace: true, useRegex: true);
        if (parts.Prefix.Count + parts.Suffix.Count == 0) return trimming;
        var text = parts.Vocabulary.ToDictionary(p => p.Value, p => p.Key);
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

    static JsonObject Settings(ByteLevelParts parts, GgufMetadata metadata)
    {
        var settings = new JsonObject { ["tokenizer_class"] = "PreTrainedTokenizerFast", ["clean_up_tokenization_spaces"] = false };
        string[] tokens = metadata.FindStrings("tokenizer.ggml.tokens")!;
        foreach (var (gguf, key) in new[] { ("bos", "bos_token"), ("eos", "eos_token"), ("unknown", "unk_token"), ("padding", "pad_token") })
            if (metadata.FindInteger($"tokenizer.ggml.{gguf}_token_id") is { } id && id >= 0 && id < tokens.Length) settings[key] = tokens[id];
        if (metadata.FindString("tokenizer.chat_template") is { } template) settings["chat_template"] = template;
        return settings;
    }

    static bool Same(ByteLevelParts a, ByteLevelParts b) =>
        a.Vocabulary.Count == b.Vocabulary.Count && a.Vocabulary.All(p => b.Vocabulary.TryGetValue(p.Key, out int id) && id == p.Value) &&
        a.Merges.SequenceEqual(b.Merges) && a.AddedTokens.OrderBy(t => t.Id).SequenceEqual(b.AddedTokens) &&
        a.Normalizers.SequenceEqual(b.Normalizers) && a.Rules.SequenceEqual(b.Rules) && a.AddPrefixSpace == b.AddPrefixSpace &&
        a.IgnoreMerges == b.IgnoreMerges && a.BosId == b.BosId && a.Prefix.SequenceEqual(b.Prefix) && a.Suffix.SequenceEqual(b.Suffix);
}
