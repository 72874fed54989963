using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>Reads <c>vocab.json</c> with <c>merges.txt</c>: byte-level BPE as transformers builds it from the two.</summary>
/// <remarks>
/// The files hold no pre-tokenizer; the class in tokenizer_config.json means one. GPT-2's and CodeGen's, and Qwen 2's, are certain here;
/// others are refused by name.
/// </remarks>
static class VocabAndMerges
{
    const string Gpt2 = "<|endoftext|>";

    /// <summary>The tokenizer of a vocabulary with its merges beside it.</summary>
    /// <exception cref="InputException">Damaged, incomplete, or of a class that is not supported.</exception>
    public static PipelineParts Read(string path)
    {
        var config = TokenizerConfig.Beside(path);
        bool qwen = config.Class is "Qwen2Tokenizer" or "Qwen2TokenizerFast";
        if (!qwen && config.Class is not (null or "GPT2Tokenizer" or "GPT2TokenizerFast" or "CodeGenTokenizer" or "CodeGenTokenizerFast"))
            throw TokenizerErrors.Unsupported(path, "tokenizer_class", $"A vocab.json of class '{config.Class}'");
        using var document = JsonFile.ReadDocument(path);
        var vocabulary = BpeJson.Vocabulary(new TokenizerNode(path, "", document.RootElement));
        string merges = Path.Combine(Path.GetDirectoryName(path)!, "merges.txt");
        var added = config.WithTokens(Added(path, vocabulary), vocabulary);
        if (vocabulary.TryGetValue(Gpt2, out int end) && added.All(t => t.Content != Gpt2)) // the classes' own default for all three
            added = [.. added, new AddedToken(end, Gpt2, Normalized: false)];
        int? Find(string token) => added.FirstOrDefault(t => t.Content == token)?.Id ?? (vocabulary.TryGetValue(token, out int id) ? id : null);
        int? bos = config.BosId(Find) ?? (qwen ? null : Find(Gpt2));
        bool addBos = config.AddBos ?? false;
        return new PipelineParts
        {
            Source = path,
            AddedTokens = added,
            Normalizers = qwen ? [UnicodeNormalization.Nfc] : [],
            Cutters = qwen
                ? [PieceCutters.Split(KnownPatterns.Qwen2, SplitBehavior.Isolated), PieceCutters.ByteLevel(config.AddPrefixSpace ?? false, useRegex: false)]
                : [PieceCutters.ByteLevel(config.AddPrefixSpace ?? false, useRegex: true)],
            Model = new BpeParts { Vocabulary = vocabulary, Merges = Merges(merges, vocabulary), SpeltInBytes = true },
            Decoder = Decoders.ByteLevel,
            BosId = bos,
            Prefix = addBos ? [bos ?? throw TokenizerErrors.BosWithoutToken(path, "add_bos_token", "bos_token")] : [],
        };
    }

    static List<BpeMerge> Merges(string path, PieceTable vocabulary)
    {
        if (!File.Exists(path)) throw TokenizerErrors.NoMerges(path);
        var list = new List<BpeMerge>();
        string[] lines = System.Text.Encoding.UTF8.GetString(InputFile.Bytes(path)).TrimStart((char)0xFEFF).Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd('\r');
            if (line.StartsWith("#version", StringComparison.Ordinal) || (line.Length == 0 && i == lines.Length - 1)) continue;
            string place = $"line {i + 1}";
            if (line.Split(' ') is not [string left, string right]) throw TokenizerErrors.Malformed(path, place, $"No pair: '{line}'.");
            if (!BpeJson.TryMerge(left, right, "", vocabulary, out var merge))
                throw TokenizerErrors.Malformed(
                    path, place, $"The merge needs '{BpeJson.MissingOf(left, right, "", vocabulary)}', which is not in the vocabulary.");
            list.Add(merge);
        }
        return list;
    }

    /// <summary>added_tokens.json, which older folders have: contents and ids.</summary>
    static List<AddedToken> Added(string path, PieceTable vocabulary)
    {
        string file = Path.Combine(Path.GetDirectoryName(path)!, "added_tokens.json");
        if (!File.Exists(file)) return [];
        using var document = JsonFile.ReadDocument(file);
        var added = new List<AddedToken>();
        foreach (var (content, id) in new TokenizerNode(file, "", document.RootElement).Members())
        {
            if (content.Length == 0) throw id.Wrong("An added token has no text.");
            if (vocabulary.TryGetValue(content, out int own) && own != id.Id) throw id.Wrong($"'{content}' has the id {own} in the vocabulary.");
            added.Add(new AddedToken(id.Id, content, Normalized: false));
        }
        return added;
    }
}
