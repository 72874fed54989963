using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>The vocabulary inside a GGUF file: byte-level BPE (<c>gpt2</c>) or SentencePiece BPE (<c>llama</c>).</summary>
/// <remarks>
/// <c>tokenizer.ggml.pre</c> names the rule that cuts the text; only names whose rule is certain are read. Control, user-defined and
/// unknown tokens (types 3, 4 and 2) are cut out of the text first, as the tokenizer.json the file was made from does. What the file does not
/// state is llama.cpp's default: BOS 1 and EOS 2 of <c>llama</c>, 11 for both of <c>gpt2</c>, scores of 0, tokens of the ordinary type.
/// </remarks>
static class GgufVocabulary
{
    const string TokensKey = "tokenizer.ggml.tokens", TypesKey = "tokenizer.ggml.token_type", MergesKey = "tokenizer.ggml.merges";
    const int Undefined = 0, Normal = 1, Unknown = 2, Control = 3, UserDefined = 4, Byte = 6;

    /// <summary>Reads the vocabulary.</summary>
    /// <exception cref="InputException">A kind of vocabulary or pre-tokenizer that is not supported, or keys that contradict each other.</exception>
    public static ITokenizer Read(GgufMetadata metadata, string path) => Malformed.Unless(path, () => OfKind(metadata, path));

    /// <summary>Makes sure that a tokenizer from elsewhere is the model's: the tokens of both are the same.</summary>
    /// <exception cref="InputException">They are not.</exception>
    public static void CheckSameTokens(ITokenizer tokenizer, GgufMetadata metadata)
    {
        string[] tokens = Tokens(metadata, metadata.Path);
        for (int id = 0; id < tokenizer.IdCount; id++)
        {
            string expected = id < tokens.Length ? tokens[id] : "none", found = Printed(tokenizer, id) ?? expected;
            if (found != expected || id >= tokens.Length) throw TokenizerErrors.OtherTokens(tokenizer.Source, metadata.Path, id, found, expected);
        }

        static string? Printed(ITokenizer tokenizer, int id)
        {
            try
            {
                return tokenizer.Piece(id);
            }
            catch (InputException)
            {
                return null; // an id without a token
            }
        }
    }

    static ITokenizer OfKind(GgufMetadata metadata, string path)
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
        var around = new Around(metadata, path, tokens, rules.AddsBos, bosByDefault: 11, eosByDefault: 11, id => types?[id] == Control);
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
        return GgufPieceRules.Of(pre) ?? throw TokenizerErrors.UnknownPre(path, pre);
    }

    /// <summary>Whether a space is put before a text that begins with none.</summary>
    public static bool AddsSpace(GgufMetadata metadata) => metadata.FindBool("tokenizer.ggml.add_space_prefix") ?? false;

    static void SpaceFirst(Piece piece, List<Piece> into) => into.Add(piece.Text.StartsWith(' ') ? piece : piece with { Text = " " + piece.Text });

    static SentencePieceTokenizer SentencePieces(GgufMetadata metadata, string path)
    {
        const string scoresKey = "tokenizer.ggml.scores";
        string[] tokens = Tokens(metadata, path);
        int[] types = WithUnknown(Types(metadata, path, tokens.Length) ?? [.. tokens.Select(TypeOf)], tokens, metadata, path);
        float[] scores = metadata.Values.GetValueOrDefault(scoresKey) is int[] whole
            ? Array.ConvertAll(whole, score => (float)score)
            : List<float>(metadata, path, scoresKey, "a list of 32-bit floats") ?? new float[tokens.Length];
        if (scores.Length < tokens.Length)
            throw TokenizerErrors.Malformed(path, scoresKey, $"There are {scores.Length} scores for {tokens.Length} tokens.");
        _ = Vocabulary(path, tokens);
        var around = new Around(metadata, path, tokens, addsBos: true, bosByDefault: 1, eosByDefault: 2, _ => true);
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

    /// <summary>The type of a token in a file without types: bytes are told by their spelling.</summary>
    static int TypeOf(string token) => ByteToken.TryRead(token, out _) ? Byte : Normal;

    /// <summary>The types with an unknown token: where none has that type it is the one that is named, or token 0, unless a text can spell it.</summary>
    static int[] WithUnknown(int[] types, string[] tokens, GgufMetadata metadata, string path)
    {
        if (types.Contains(Unknown) || tokens.Length == 0) return types;
        int id = Special(metadata, path, "unknown", tokens.Length) ?? 0;
        if (tokens[id] is not ['<', .., '>'] and not ['[', .., ']'])
            throw TokenizerErrors.Unsupported(path, "tokenizer.ggml.unknown_token_id", $"A vocabulary whose unknown token is '{tokens[id]}'");
        types = [.. types];
        types[id] = Unknown;
        return types;
    }

    // GGUF's types are sentencepiece's own; 0 stands for none.
    static SentencePieceKind Kind(string path, int type, string token) => type == Undefined ? SentencePieceKind.Normal : Enum.IsDefined((SentencePieceKind)type)
        ? (SentencePieceKind)type
        : throw TokenizerErrors.Malformed(path, TypesKey, $"Token '{token}' is of type {type}; known are 1 to 6.");

    static IEnumerable<int> Special(int[] types, string[] tokens) =>
        Enumerable.Range(0, tokens.Length).Where(id => types[id] is Unknown or Control or UserDefined && tokens[id].Length > 0);

    // A token without a text is given the one that llama.cpp gives it.
    static string[] Tokens(GgufMetadata metadata, string path)
    {
        string[] tokens = metadata.FindStrings(TokensKey) ?? throw CheckpointErrors.MetadataMissing(path, TokensKey);
        return tokens.Contains("") ? [.. tokens.Select((token, id) => token.Length > 0 ? token : FormattableString.Invariant($"[EMPTY_{id}]"))] : tokens;
    }

    static int[]? Types(GgufMetadata metadata, string path, int count)
    {
        int[]? types = List<int>(metadata, path, TypesKey, "a list of 32-bit integers");
        return types is null || types.Length >= count
            ? types
            : throw TokenizerErrors.Malformed(path, TypesKey, $"There are {types.Length} token types for {count} tokens.");
    }

    static T[]? List<T>(GgufMetadata metadata, string path, string key, string expected) => !metadata.Values.TryGetValue(key, out object? value)
        ? null
        : value as T[] ?? throw CheckpointErrors.MetadataType(path, key, expected, value is Array list ? $"a list of {list.Length}" : $"{value}");

    /// <summary>BOS and EOS, and where they are put.</summary>
    sealed class Around
    {
        readonly string _path;
        readonly string[] _tokens;
        readonly Func<int, bool> _isControl;

        public Around(
            GgufMetadata metadata, string path, string[] tokens, bool addsBos, int bosByDefault, int eosByDefault, Func<int, bool> isControl)
        {
            (_path, _tokens, _isControl) = (path, tokens, isControl);
            int? bos = Special(metadata, path, "bos", tokens.Length), eos = Special(metadata, path, "eos", tokens.Length);
            int? otherwise = bosByDefault < tokens.Length ? bosByDefault : null;
            // A default that finds no token is dropped; what the file says must be possible.
            bool add = metadata.FindBool("tokenizer.ggml.add_bos_token") ?? (addsBos && (bos ?? otherwise) is not null);
            Prefix = add ? [bos ?? Default("bos", bosByDefault)] : [];
            Suffix = (metadata.FindBool("tokenizer.ggml.add_eos_token") ?? false) ? [eos ?? Default("eos", eosByDefault)] : [];
            Bos = bos ?? (otherwise is { } id && isControl(id) ? id : null);
        }

        /// <summary>The default, where the vocabulary has it and it is a token that no text spells.</summary>
        int Default(string name, int id)
        {
            string key = $"tokenizer.ggml.{name}_token_id";
            if (id >= _tokens.Length) throw CheckpointErrors.MetadataMissing(_path, key);
            return _isControl(id) ? id : throw TokenizerErrors.UnnamedToken(_path, key, name.ToUpperInvariant(), id, _tokens[id]);
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
