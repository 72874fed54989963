using System.Text.Json.Nodes;
using Castalia.Checkpoints;

namespace Castalia.Training;

/// <summary>The tokenizer of a generated language: a character a token, in files that every reader of tokenizer.json understands.</summary>
/// <remarks>"&lt;s&gt;" begins a text and is put before it, "." ends a sentence, "→" is the mark; every other token is a syllable of Hangul, U+AC00 and its id.</remarks>
static class LanguageTokenizer
{
    const string BeginningText = "<s>";

    const char FirstSyllable = '\uAC00';

    /// <summary>A token as it is written.</summary>
    public static string Piece(int token) => token switch
    {
        Language.Beginning => BeginningText,
        Language.Stop => ".",
        Language.Mark => "→",
        _ => ((char)(FirstSyllable + token)).ToString(),
    };

    /// <summary>The files, by their names.</summary>
    /// <param name="vocabulary">Tokens.</param>
    public static Dictionary<string, string> Files(int vocabulary) => new(StringComparer.Ordinal)
    {
        ["tokenizer.json"] = JsonText.Of(Tokenizer(vocabulary)),
        ["tokenizer_config.json"] = JsonText.Of(new()
        {
            ["tokenizer_class"] = "PreTrainedTokenizerFast",
            ["bos_token"] = BeginningText,
            ["eos_token"] = BeginningText,
            ["clean_up_tokenization_spaces"] = false,
        }),
    };

    static JsonObject Tokenizer(int vocabulary) => new()
    {
        ["version"] = "1.0",
        ["truncation"] = null,
        ["padding"] = null,
        ["added_tokens"] = new JsonArray(new JsonObject
        {
            ["id"] = Language.Beginning,
            ["content"] = BeginningText,
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = true,
        }),
        ["normalizer"] = null,
        ["pre_tokenizer"] = null,
        ["post_processor"] = new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = new JsonArray(Item("SpecialToken", BeginningText, 0), Item("Sequence", "A", 0)),
            ["pair"] = new JsonArray(Item("SpecialToken", BeginningText, 0), Item("Sequence", "A", 0), Item("Sequence", "B", 1)),
            ["special_tokens"] = new JsonObject
            {
                [BeginningText] = new JsonObject { ["id"] = BeginningText, ["ids"] = new JsonArray(Language.Beginning), ["tokens"] = new JsonArray(BeginningText) },
            },
        },
        ["decoder"] = new JsonObject { ["type"] = "Fuse" },
        ["model"] = new JsonObject
        {
            ["type"] = "BPE",
            ["dropout"] = null,
            ["unk_token"] = null,
            ["continuing_subword_prefix"] = null,
            ["end_of_word_suffix"] = null,
            ["fuse_unk"] = false,
            ["byte_fallback"] = false,
            ["vocab"] = new JsonObject(Enumerable.Range(0, vocabulary).Select(token => KeyValuePair.Create(Piece(token), (JsonNode?)token))),
            ["merges"] = new JsonArray(),
        },
    };

    static JsonObject Item(string kind, string id, int type) => new() { [kind] = new JsonObject { ["id"] = id, ["type_id"] = type } };
}
