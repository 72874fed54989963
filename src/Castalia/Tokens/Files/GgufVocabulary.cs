using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>The vocabulary inside a GGUF file: byte-level BPE (<c>gpt2</c>) or SentencePiece BPE (<c>llama</c>).</summary>
/// <remarks>
/// <c>tokenizer.ggml.pre</c> names the rule that cuts the text; only names whose rule is certain are read. Control, user-defined and
/// unknown tokens (types 3, 4 and 2) are cut out of the text first, as the tokenizer.json the file was made from does.
/// </remarks>
static class GgufVocabulary
{
    const string TokensKey = "tokenizer.ggml.tokens", TypesKey = "tokenizer.ggml.token_type", MergesKey = "tokenizer.ggml.merges";
    const int Unknown = 2, Control = 3, UserDefined = 4;

    /// <summary>Reads the vocabulary.</summary>
    /// <exception cref="InputException">A kind of vocabulary or pre-tokenizer that is not supported, or keys that contradict each other.</exception>
    public static ITokenizer Read(GgufMetadata metadata, string path)
    {
        string model = metadata.FindString("tokenizer.ggml.model") ?? throw CheckpointErrors.MetadataMissing(path, "tokenizer.ggml.model");
        return model switch
        {
            "gpt2" => Bytes(metadata, path),
            "llama" => SentencePieces(metadata, path),
            _ => throw TokenizerErrors.Unsupported(path, "tokenizer.ggml.model", $"Vocabulary kind '{model}'"),
        };
    }

    static PipelineTokenizer Bytes(GgufMetadata metadata, string path)
    {
        var rules = Rules(metadata, path);
        string[] tokens = Tokens(metadata, path);
        string[] merges = metadata.FindStrings(MergesKey) ?? throw CheckpointErrors.MetadataMissing(path, MergesKey);
        int[]? types = Types(metadata, path, tokens.Length);
        var vocabulary = Vocabulary(path, tokens);
        var around = new Around(metadata, path, tokens.Length, rules.AddsBos);
        return new PipelineTokenizer(new PipelineParts
        {
            Source = $"vocabulary inside {path}",
            AddedTokens = types is null ? [] : [.. Special(types, tokens).Select(id => new AddedToken(id, tokens[id], Normalized: false))],
            Normalizers = rules.Nfc ? [UnicodeNormalization.Nfc] : [],
            Cutters = AddsSpace(metadata) ? [SpaceFirst, .. rules.Cutters] : rules.Cutters,
            Model = new BpeParts { Vocabulary = vocabulary, Merges = Merges(path, merges, vocabulary), IgnoreMerges = rules.IgnoreMerges, SpeltInBytes = true },
            Decoder = Decoders.ByteLevel,
            BosId = around.Bos,
            Prefix = around.Prefix,
            Suffix = around.Suffix,
        });
    }

    /// <summary>How a byte-level vocabulary has the text cut.</summary>
    /// <exception cref="InputException">The file does not say, or by a name that is not known.</exception>
    public static GgufPieceRules Rules(GgufMetadata metadata, string path)
    {
        const string preKey = "tokenizer.ggml.pre";
        string pre = metadata.FindString(preKey) ?? throw TokenizerErrors.Unsupported(path, preKey, "A vocabulary that does not name its pre-tokenizer");
        return GgufPieceRules.Of(pre) ?? throw TokenizerErrors.UnknownPre(path, pre, GgufPieceRules.Names);
    }

    /// <summary>Whether a space is put before a text that begins with none.</summary>
    public static bool AddsSpace(GgufMetadata metadata) => metadata.FindBool("tokenizer.ggml.add_space_prefix") ?? false;

    static void SpaceFirst(Piece piece, List<Piece> into) => into.Add(piece.Text.StartsWith(' ') ? piece : piece with { Text = " " + piece.Text });

    static SentencePieceTokenizer SentencePieces(GgufMetadata metadata, string path)
    {
        const string scoresKey = "tokenizer.ggml.scores";
        string[] tokens = Tokens(metadata, path);
        int[] types = Types(metadata, path, tokens.Length) ?? throw CheckpointErrors.MetadataMissing(path, TypesKey);
        float[] scores = List<float>(metadata, path, scoresKey, "a list of 32-bit floats") ?? throw CheckpointErrors.MetadataMissing(path, scoresKey);
        if (scores.Length != tokens.Length)
            throw TokenizerErrors.Malformed(path, scoresKey, $"There are {scores.Length} scores for {tokens.Length} tokens.");
        _ = Vocabulary(path, tokens);
        var around = new Around(metadata, path, tokens.Length, addsBos: true);
        var pieces = new SentencePieceVocabulary(
            [.. tokens.Select((token, id) => new SentencePiece(token, scores[id], Kind(path, types[id], token)))], $"{path}, {TokensKey}");
        return new SentencePieceTokenizer(new SentencePieceParts
        {
            Source = $"vocabulary inside {path}",
            Pieces = pieces,
            Normalizer = new SentencePieceNormalizer
            {
                AddDummyPrefix = metadata.FindBool("tokenizer.ggml.add_space_prefix") ?? true,
                RemoveExtraWhitespaces = false,
                EscapeWhitespaces = true,
                Charsmap = null,
            },
            ByteFallback = true,
            CutTokens = [.. Special(types, tokens).Select(id => new AddedToken(id, tokens[id], Normalized: false))],
            BosId = around.Bos,
            Prefix = around.Prefix,
            Suffix = around.Suffix,
            Notes = [],
        });
    }

    // GGUF's types are sentencepiece's own.
    static SentencePieceKind Kind(string path, int type, string token) => Enum.IsDefined((SentencePieceKind)type)
        ? (SentencePieceKind)type
        : throw TokenizerErrors.Malformed(path, TypesKey, $"Token '{token}' is of type {type}; known are 1 to 6.");

    static IEnumerable<int> Special(int[] types, string[] tokens) =>
        Enumerable.Range(0, tokens.Length).Where(id => types[id] is Unknown or Control or UserDefined && tokens[id].Length > 0);

    static string[] Tokens(GgufMetadata metadata, string path) =>
        metadata.FindStrings(TokensKey) ?? throw CheckpointErrors.MetadataMissing(path, TokensKey);

    static int[]? Types(GgufMetadata metadata, string path, int count)
    {
        int[]? types = List<int>(metadata, path, TypesKey, "a list of 32-bit integers");
        return types is null || types.Length == count
            ? types
            : throw TokenizerErrors.Malformed(path, TypesKey, $"There are {types.Length} token types for {count} tokens.");
    }

    static T[]? List<T>(GgufMetadata metadata, string path, string key, string expected) => !metadata.Values.TryGetValue(key, out object? value)
        ? null
        : value as T[] ?? throw CheckpointErrors.MetadataType(path, key, expected, value is Array list ? $"a list of {list.Length}" : $"{value}");

    /// <summary>BOS and EOS, and where they are put.</summary>
    sealed class Around
    {
        public Around(GgufMetadata metadata, string path, int count, bool addsBos)
        {
            Bos = Special(metadata, path, "bos", count);
            int? eos = Special(metadata, path, "eos", count);
            // A default that finds no token is dropped; what the file says must be possible.
            bool add = metadata.FindBool("tokenizer.ggml.add_bos_token") ?? (addsBos && Bos is not null);
            Prefix = add ? [Bos ?? throw CheckpointErrors.MetadataMissing(path, "tokenizer.ggml.bos_token_id")] : [];
            Suffix = (metadata.FindBool("tokenizer.ggml.add_eos_token") ?? false)
                ? [eos ?? throw CheckpointErrors.MetadataMissing(path, "tokenizer.ggml.eos_token_id")]
                : [];
        }

        public int? Bos { get; }

        public IReadOnlyList<int> Prefix { get; }

        public IReadOnlyList<int> Suffix { get; }
    }

    static PieceTable Vocabulary(string path, string[] tokens)
    {
        var vocabulary = new PieceTable(tokens.Length);
        for (int id = 0; id < tokens.Length; id++)
            if (!vocabulary.TryAdd(tokens[id], id))
                throw TokenizerErrors.Malformed(path, TokensKey, $"Token '{tokens[id]}' stands twice, as {vocabulary[tokens[id]]} and {id}.");
        return vocabulary.Count > 0 ? vocabulary : throw TokenizerErrors.Malformed(path, TokensKey, "The vocabulary is empty.");
    }

    static List<BpeMerge> Merges(string path, string[] merges, PieceTable vocabulary)
    {
        var list = new List<BpeMerge>(merges.Length);
        for (int i = 0; i < merges.Length; i++)
        {
            // A space inside a piece is spelt otherwise, so the one space parts the pair.
            string pair = merges[i];
            int space = pair.IndexOf(' ');
            if (space < 1 || space == pair.Length - 1 || pair.IndexOf(' ', space + 1) >= 0)
                throw TokenizerErrors.Malformed(path, MergesKey, $"Merge {i + 1} is not a pair: '{pair}'.");
            if (!BpeJson.TryMerge(pair.AsSpan(0, space), pair.AsSpan(space + 1), "", vocabulary, out var merge))
                throw TokenizerErrors.Malformed(path, MergesKey,
                    $"Merge {i + 1} needs '{BpeJson.MissingOf(pair[..space], pair[(space + 1)..], "", vocabulary)}', which is not in the vocabulary.");
            list.Add(merge);
        }
        return list;
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
