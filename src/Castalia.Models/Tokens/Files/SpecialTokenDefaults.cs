namespace Castalia.Tokens;

/// <summary>The special tokens that a class of transformers 4.46 names by itself where the files name none.</summary>
/// <remarks>Read off the constructors of its fast tokenizers; a class that is not listed names none.</remarks>
static class SpecialTokenDefaults
{
    const string End = "<|endoftext|>";

    static readonly Dictionary<string, string> Nothing = [];
    static readonly Dictionary<string, string> Gpt2 = new() { ["bos_token"] = End, ["eos_token"] = End, ["unk_token"] = End };
    static readonly Dictionary<string, string> Qwen2 = new() { ["eos_token"] = End, ["unk_token"] = End, ["pad_token"] = End };
    static readonly Dictionary<string, string> Llama = new() { ["bos_token"] = "<s>", ["eos_token"] = "</s>", ["unk_token"] = "<unk>" };
    static readonly Dictionary<string, string> Bloom = new(Llama) { ["pad_token"] = "<pad>" };
    static readonly Dictionary<string, string> Gemma = new()
    {
        ["bos_token"] = "<bos>",
        ["eos_token"] = "<eos>",
        ["unk_token"] = "<unk>",
        ["pad_token"] = "<pad>",
    };
    static readonly Dictionary<string, string> Cohere = new()
    {
        ["bos_token"] = "<BOS_TOKEN>",
        ["eos_token"] = "<|END_OF_TURN_TOKEN|>",
        ["unk_token"] = "<UNK>",
    };
    static readonly Dictionary<string, string> CodeLlama = new(Llama)
    {
        ["prefix_token"] = "▁<PRE>",
        ["middle_token"] = "▁<MID>",
        ["suffix_token"] = "▁<SUF>",
        ["eot_token"] = "▁<EOT>",
    };

    /// <summary>Special tokens by their key.</summary>
    /// <param name="name">The class, with or without "Fast"; null for none.</param>
    public static IReadOnlyDictionary<string, string> Of(string? name) => Plain(name) switch
    {
        "GPT2Tokenizer" or "CodeGenTokenizer" or "GPTNeoXTokenizer" => Gpt2,
        "Qwen2Tokenizer" => Qwen2,
        "LlamaTokenizer" => Llama,
        "CodeLlamaTokenizer" => CodeLlama,
        "BloomTokenizer" => Bloom,
        "GemmaTokenizer" => Gemma,
        "CohereTokenizer" => Cohere,
        _ => Nothing,
    };

    /// <summary>Whether a class sets its padding token by itself, be it to none: then a padding rule does not name one.</summary>
    public static bool NamesPadding(string? name) => Plain(name) is "GPTNeoXTokenizer" or "Qwen2Tokenizer" or "BloomTokenizer" or "GemmaTokenizer";

    static string? Plain(string? name) => name is not null && name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name;
}
