using System.Text;
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
    /// <summary>The tokenizer of a vocabulary with its merges beside it.</summary>
    /// <exception cref="InputException">Damaged, incomplete, or of a class that is not supported.</exception>
    public static PipelineParts Read(string path)
    {
        var config = TokenizerConfig.Beside(path, classIfNone: "GPT2Tokenizer");
        bool qwen = config.Class is "Qwen2Tokenizer" or "Qwen2TokenizerFast";
        if (!qwen && config.Class is not ("GPT2Tokenizer" or "GPT2TokenizerFast" or "CodeGenTokenizer" or "CodeGenTokenizerFast"))
            throw TokenizerErrors.Unsupported(path, "tokenizer_class", $"A vocab.json of class '{config.Class}'");
        using var document = JsonFile.ReadDocument(path);
        var vocabulary = BpeJson.Vocabulary(new TokenizerNode(path, "", document.RootElement));
        string merges = Path.Combine(Path.GetDirectoryName(path)!, "merges.txt");
        var notes = new List<string>();
        var added = new AddedTokenList(vocabulary);
        config.AddTokens(added, token => vocabulary.TryGetValue(token, out int id) ? id : null, padding: null, notes);
        int? bos = config.BosId(added.Find);
        bool addBos = config.AddBos ?? false;
        return new PipelineParts
        {
            Source = path,
            AddedTokens = added.Tokens,
            Normalizers = qwen ? [UnicodeNormalization.Nfc] : [],
            Cutters = qwen
                ? [PieceCutters.Split(KnownPatterns.Qwen2, SplitBehavior.Isolated), PieceCutters.ByteLevel(config.AddPrefixSpace ?? false, useRegex: false)]
                : [PieceCutters.ByteLevel(config.AddPrefixSpace ?? false, useRegex: true)],
            Model = new BpeParts { Vocabulary = vocabulary, Merges = Merges(merges, vocabulary, qwen, notes), SpeltInBytes = true },
            Decoder = Decoders.ByteLevel,
            BosId = bos,
            Prefix = addBos ? [bos ?? throw TokenizerErrors.BosWithoutToken(path, "add_bos_token", "bos_token")] : [],
            Notes = notes,
        };
    }

    static List<BpeMerge> Merges(string path, PieceTable vocabulary, bool qwen, List<string> notes)
    {
        if (!File.Exists(path)) throw TokenizerErrors.NoMerges(path);
        var list = new List<BpeMerge>();
        string[] lines = Text(path).Split('\n');
        if (!qwen && (!IsHeader(lines[0]) || lines[^1].TrimEnd('\r').Length > 0))
            notes.Add("merges.txt has no '#version' line at its beginning or no line end at its end; transformers leaves out the first and the last line of " +
                "the file whatever they hold, and so it is done here.");
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd('\r');
            if (qwen ? IsHeader(line) || line.Length == 0 : i == 0 || i == lines.Length - 1) continue;
            string place = $"line {i + 1}";
            if (line.Split(' ') is not [string left, string right]) throw TokenizerErrors.Malformed(path, place, $"No pair: '{line}'.");
            if (!BpeJson.TryMerge(left, right, "", vocabulary, out var merge))
                throw TokenizerErrors.Malformed(
                    path, place, $"The merge needs '{BpeJson.MissingOf(left, right, "", vocabulary)}', which is not in the vocabulary.");
            list.Add(merge);
        }
        return list;
    }

    static bool IsHeader(string line) => line.StartsWith("#version", StringComparison.Ordinal);

    static string Text(string path)
    {
        byte[] bytes = InputFile.Bytes(path);
        ReadOnlySpan<byte> text = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? bytes.AsSpan(3) : bytes;
        return System.Text.Unicode.Utf8.IsValid(text) ? Encoding.UTF8.GetString(text) : throw TokenizerErrors.Malformed(path, "text", "It is not valid UTF-8.");
    }
}
