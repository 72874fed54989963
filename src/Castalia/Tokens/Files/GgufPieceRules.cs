namespace Castalia.Tokens;

/// <summary>How a GGUF file's <c>tokenizer.ggml.pre</c> has the text cut.</summary>
/// <param name="Cutters">As in the tokenizer.json the name stands for.</param>
/// <param name="IgnoreMerges">A piece of the vocabulary is a token whether or not merges lead to it.</param>
/// <param name="AddsBos">BOS is added where the file does not say.</param>
/// <param name="Nfc">The text is brought to NFC first.</param>
sealed record GgufPieceRules(IReadOnlyList<PieceCutter> Cutters, bool IgnoreMerges = false, bool AddsBos = false, bool Nfc = false)
{
    static readonly PieceCutter Bytes = PieceCutters.ByteLevel(addPrefixSpace: false, useRegex: false);
    static readonly PieceCutter Gpt2 = PieceCutters.ByteLevel(addPrefixSpace: false, useRegex: true);
    static readonly PieceCutter EachDigit = PieceCutters.At(CodeClasses.IsNumeric, SplitBehavior.Isolated);

    static readonly Dictionary<string, GgufPieceRules> ByName = Build();

    /// <summary>The names that are known, in order.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    /// <summary>The rules behind a name (llama.cpp's list); null for one that is not known.</summary>
    public static GgufPieceRules? Of(string pre) => ByName.GetValueOrDefault(pre);

    static Dictionary<string, GgufPieceRules> Build()
    {
        GgufPieceRules gpt2 = new([Gpt2]), digits = new([EachDigit, Gpt2]), llama3 = new([Isolated(KnownPatterns.Llama3), Bytes], true, true);
        GgufPieceRules qwen2 = new([Isolated(KnownPatterns.Qwen2), Bytes], Nfc: true), neox = gpt2 with { Nfc = true };
        return new(StringComparer.Ordinal)
        {
            ["gpt-2"] = gpt2,
            ["phi-2"] = gpt2,
            ["jais"] = gpt2,
            ["olmo"] = neox,
            ["mpt"] = neox,
            ["smollm"] = digits,
            ["starcoder"] = digits,
            ["refact"] = digits,
            ["codeshell"] = digits,
            ["command-r"] = digits with { Nfc = true },
            ["falcon"] = new(
            [
                PieceCutters.At(CodeClasses.IsPunctuation, SplitBehavior.Contiguous), Gpt2,
                PieceCutters.At(CodeClasses.IsNumeric, SplitBehavior.Contiguous), Isolated(Pattern.Regex("[0-9][0-9][0-9]")),
            ]),
            ["bloom"] = new([Isolated(KnownPatterns.Bloom), Bytes]),
            ["llama-bpe"] = llama3,
            ["llama3"] = llama3,
            ["llama-v3"] = llama3,
            ["qwen2"] = qwen2,
            ["deepseek-r1-qwen"] = qwen2,
            ["tekken"] = new([Isolated(KnownPatterns.Tekken), Bytes], true, true),
            ["gpt-4o"] = new([Isolated(KnownPatterns.Gpt4o), Bytes]),
            ["llama4"] = new([Isolated(KnownPatterns.Gpt4o), Bytes]),
        };
    }

    static PieceCutter Isolated(Pattern pattern) => PieceCutters.Split(pattern, SplitBehavior.Isolated);
}
