using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>The byte-level BPE vocabulary inside a GGUF file.</summary>
/// <remarks>
/// <c>tokenizer.ggml.pre</c> names the rule that cuts the text; only names whose rule is certain are read. Control and user-defined
/// tokens (types 3 and 4) are cut out of the text first, as the tokenizer.json the file was made from does.
/// </remarks>
static class GgufVocabulary
{
    const int Control = 3, UserDefined = 4;

    /// <summary>Reads the vocabulary.</summary>
    /// <exception cref="InputException">A kind of vocabulary or pre-tokenizer that is not supported, or keys that contradict each other.</exception>
    public static ITokenizer Read(GgufMetadata metadata, string path)
    {
        const string preKey = "tokenizer.ggml.pre", tokensKey = "tokenizer.ggml.tokens";
        string model = metadata.FindString("tokenizer.ggml.model") ?? throw CheckpointErrors.MetadataMissing(path, "tokenizer.ggml.model");
        if (model != "gpt2") throw TokenizerErrors.Unsupported(path, "tokenizer.ggml.model", $"Vocabulary kind '{model}'");
        string pre = metadata.FindString(preKey) ?? throw TokenizerErrors.Unsupported(path, preKey, "A vocabulary that does not name its pre-tokenizer");
        var (rules, ignoreMerges, addsBos) = RulesOf(pre) ?? throw TokenizerErrors.Unsupported(path, preKey, $"Pre-tokenizer '{pre}'");
        string[] tokens = metadata.FindStrings(tokensKey) ?? throw CheckpointErrors.MetadataMissing(path, tokensKey);
        string[] merges = metadata.FindStrings("tokenizer.ggml.merges") ?? throw CheckpointErrors.MetadataMissing(path, "tokenizer.ggml.merges");
        int[]? types = metadata.Values.GetValueOrDefault("tokenizer.ggml.token_type") as int[];
        if (types is not null && types.Length != tokens.Length)
            throw TokenizerErrors.Malformed(path, "tokenizer.ggml.token_type", $"There are {types.Length} token types for {tokens.Length} tokens.");
        var vocabulary = Vocabulary(path, tokens);
        CheckMerges(path, merges, vocabulary);
        int? bos = Special(metadata, path, "bos", tokens.Length), eos = Special(metadata, path, "eos", tokens.Length);
        return new ByteLevelBpe(new ByteLevelParts
        {
            Source = $"vocabulary inside {path}",
            Vocabulary = vocabulary,
            Merges = merges,
            AddedTokens = types is null ? [] : [.. Enumerable.Range(0, tokens.Length)
                .Where(id => types[id] is Control or UserDefined && tokens[id].Length > 0)
                .Select(id => new AddedToken(id, tokens[id], Normalized: false))],
            Normalizers = pre == "qwen2" ? [CanonicalNormalization.Nfc] : [],
            Rules = rules,
            AddPrefixSpace = metadata.FindBool("tokenizer.ggml.add_space_prefix") ?? false,
            IgnoreMerges = ignoreMerges,
            BosId = bos,
            Prefix = (metadata.FindBool("tokenizer.ggml.add_bos_token") ?? addsBos) ? [bos ?? throw CheckpointErrors.MetadataMissing(path, "tokenizer.ggml.bos_token_id")] : [],
            Suffix = (metadata.FindBool("tokenizer.ggml.add_eos_token") ?? false) ? [eos ?? throw CheckpointErrors.MetadataMissing(path, "tokenizer.ggml.eos_token_id")] : [],
        });
    }

    /// <summary>llama.cpp's rule behind a name, whether it ignores merges for whole pieces, and whether a BOS is added where the file does not say.</summary>
    static (IReadOnlyList<PieceRule> Rules, bool IgnoreMerges, bool AddsBos)? RulesOf(string pre) => pre switch
    {
        "gpt-2" => ([PieceRule.Gpt2], false, false),
        "smollm" => ([PieceRule.SingleDigits, PieceRule.Gpt2], false, false),
        "llama-bpe" => ([PieceRule.Llama3], true, true),
        "qwen2" => ([PieceRule.Qwen2], false, false),
        _ => null,
    };

    static Dictionary<string, int> Vocabulary(string path, string[] tokens)
    {
        var vocabulary = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        for (int id = 0; id < tokens.Length; id++)
            if (!vocabulary.TryAdd(tokens[id], id))
                throw TokenizerErrors.Malformed(path, "tokenizer.ggml.tokens", $"Token '{tokens[id]}' stands twice, as {vocabulary[tokens[id]]} and {id}.");
        return vocabulary.Count > 0 ? vocabulary : throw TokenizerErrors.Malformed(path, "tokenizer.ggml.tokens", "The vocabulary is empty.");
    }

    static void CheckMerges(string path, string[] merges, Dictionary<string, int> vocabulary)
    {
        for (int i = 0; i < merges.Length; i++)
        {
            // A space inside a piece is spelt otherwise, so the one space parts the pair.
            int space = merges[i].IndexOf(' ', StringComparison.Ordinal);
            if (space <= 0 || space == merges[i].Length - 1)
                throw TokenizerErrors.Malformed(path, "tokenizer.ggml.merges", $"Merge {i + 1} is not a pair: '{merges[i]}'.");
            string whole = string.Concat(merges[i].AsSpan(0, space), merges[i].AsSpan(space + 1));
            if (!vocabulary.ContainsKey(whole))
                throw TokenizerErrors.Malformed(path, "tokenizer.ggml.merges", $"Merge {i + 1} needs '{whole}', which is not in the vocabulary.");
        }
    }

    static int? Special(GgufMetadata metadata, string path, string name, int count)
    {
        string key = $"tokenizer.ggml.{name}_token_id";
        return metadata.FindInteger(key) switch
        {
            null => null,
            long id when id < 0 || id >= count => throw TokenizerErrors.Malformed(path, key, $"Id {id} is outside the vocabulary of {count}."),
            long id => (int)id,
        };
    }
}
