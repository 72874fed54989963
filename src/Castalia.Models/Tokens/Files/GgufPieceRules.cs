using System.Text.Json;
using System.Text.Json.Nodes;

namespace Castalia.Tokens;

/// <summary>How a GGUF file's <c>tokenizer.ggml.pre</c> has the text cut.</summary>
/// <remarks>Stated as the <c>pre_tokenizer</c> of the tokenizer.json that the name stands for, so that it is written as it is read.</remarks>
sealed record GgufPieceRules
{
    static readonly Dictionary<string, Func<GgufPieceRules>> ByName = Build();

    readonly JsonObject _preTokenizer;

    GgufPieceRules(params JsonObject[] inTurn)
    {
        _preTokenizer = inTurn is [var only] ? only : new() { ["type"] = "Sequence", ["pretokenizers"] = new JsonArray([.. inTurn]) };
        var node = new TokenizerNode("tokenizer.ggml.pre", "pre_tokenizer", JsonElement.Parse(_preTokenizer.ToJsonString()));
        (Cutters, _) = PreTokenizerJson.Read(node, addPrefixSpace: null, notes: []);
    }

    /// <summary>The names that are known, in order.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    /// <summary>As in the tokenizer.json the name stands for.</summary>
    public IReadOnlyList<PieceCutter> Cutters { get; }

    /// <summary>A piece of the vocabulary is a token whether or not merges lead to it.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>BOS is added where the file does not say.</summary>
    public bool AddsBos { get; init; }

    /// <summary>The text is brought to NFC first.</summary>
    public bool Nfc { get; init; }

    /// <summary>The cutters as tokenizer.json has them.</summary>
    public JsonObject PreTokenizer => _preTokenizer.DeepClone().AsObject();

    /// <summary>The rules behind a name (llama.cpp's list); null for one that is not known.</summary>
    public static GgufPieceRules? Of(string pre) => ByName.TryGetValue(pre, out var build) ? build() : null;

    /// <summary>ByteLevel as tokenizer.json spells it, be it pre-tokenizer, post-processor or decoder.</summary>
    public static JsonObject ByteLevel(bool addPrefixSpace, bool useRegex) => new()
    {
        ["type"] = "ByteLevel",
        ["add_prefix_space"] = addPrefixSpace,
        ["trim_offsets"] = true,
        ["use_regex"] = useRegex,
    };

    // Functions: to build all of them takes longer than to read a vocabulary.
    static Dictionary<string, Func<GgufPieceRules>> Build()
    {
        Func<GgufPieceRules> gpt2 = () => new(Gpt2()), digits = () => new(Digits(eachAlone: true), Gpt2());
        Func<GgufPieceRules> llama3 = () => new(Isolated(KnownPatterns.Llama3), Bytes()) { IgnoreMerges = true, AddsBos = true };
        Func<GgufPieceRules> qwen2 = () => new(Isolated(KnownPatterns.Qwen2), Bytes()) { Nfc = true }, neox = () => gpt2() with { Nfc = true };
        Func<GgufPieceRules> gpt4o = () => new(Isolated(KnownPatterns.Gpt4o), Bytes()), bloom = () => new(Isolated(KnownPatterns.Bloom), Bytes());
        // Patterns of the above under names whose normalisation, if any, is not known: none, as in llama.cpp.
        Func<GgufPieceRules> asQwen2 = () => qwen2() with { Nfc = false }, asLlama3 = () => llama3() with { IgnoreMerges = false, AddsBos = false };
        return new(StringComparer.Ordinal)
        {
            ["stablelm2"] = qwen2,
            ["kormo"] = asQwen2,
            ["f2llmv2"] = asQwen2,
            ["megrez"] = asQwen2,
            ["hunyuan"] = asQwen2,
            ["solar-open"] = asQwen2,
            ["grok-2"] = asQwen2,
            ["dbrx"] = asLlama3,
            ["smaug-bpe"] = asLlama3,
            ["glm4"] = asLlama3,
            ["chatglm-bpe"] = asLlama3,
            ["falcon3"] = llama3,
            ["falcon-h1"] = llama3,
            ["pixtral"] = llama3,
            ["midm-2.0"] = llama3,
            ["lfm2"] = llama3,
            ["gigachat"] = gpt2,
            ["a.x-4.0"] = gpt2,
            ["mellum"] = gpt2,
            ["exaone4"] = gpt2,
            ["trillion"] = gpt2,
            ["granite-docling"] = gpt2,
            ["exaone"] = digits,
            ["minerva-7b"] = digits,
            ["mellum2"] = digits,
            ["poro-chat"] = bloom,
            ["gpt3-finnish"] = bloom,
            ["viking"] = () => new(Isolated(KnownPatterns.Bloom), Isolated(Pattern.Regex(@"\p{N}")), Bytes()),
            ["kanana2"] = gpt4o,
            ["talkie"] = gpt4o,
            ["minimax-m2"] = gpt4o,
            ["gpt-2"] = gpt2,
            ["phi-2"] = gpt2,
            ["jais"] = gpt2,
            ["olmo"] = neox,
            ["mpt"] = neox,
            ["smollm"] = digits,
            ["starcoder"] = digits,
            ["refact"] = digits,
            ["codeshell"] = digits,
            ["command-r"] = () => digits() with { Nfc = true },
            ["falcon"] = () => new(
                new() { ["type"] = "Punctuation", ["behavior"] = "Contiguous" }, Gpt2(), Digits(eachAlone: false),
                Isolated(Pattern.Regex("[0-9][0-9][0-9]"))),
            ["bloom"] = bloom,
            ["llama-bpe"] = llama3,
            ["llama3"] = llama3,
            ["llama-v3"] = llama3,
            ["qwen2"] = qwen2,
            ["deepseek-r1-qwen"] = qwen2,
            ["tekken"] = () => new(Isolated(KnownPatterns.Tekken), Bytes()) { IgnoreMerges = true, AddsBos = true },
            ["gpt-4o"] = gpt4o,
            ["llama4"] = gpt4o,
        };
    }

    static JsonObject Bytes() => ByteLevel(addPrefixSpace: false, useRegex: false);

    static JsonObject Gpt2() => ByteLevel(addPrefixSpace: false, useRegex: true);

    static JsonObject Digits(bool eachAlone) => new() { ["type"] = "Digits", ["individual_digits"] = eachAlone };

    static JsonObject Isolated(Pattern pattern) => new()
    {
        ["type"] = "Split",
        ["pattern"] = new JsonObject { ["Regex"] = pattern.Source },
        ["behavior"] = "Isolated",
        ["invert"] = false,
    };
}
