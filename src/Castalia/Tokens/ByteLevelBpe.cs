using System.Text;
using Castalia.Errors;
using Microsoft.ML.Tokenizers;

namespace Castalia.Tokens;

/// <summary>What a byte-level BPE tokenizer is made of, whichever file it came in.</summary>
sealed record ByteLevelParts
{
    /// <summary>Where it was read from.</summary>
    public required string Source { get; init; }

    /// <summary>Id of each piece.</summary>
    public required IReadOnlyDictionary<string, int> Vocabulary { get; init; }

    /// <summary>"left right" in order of rank.</summary>
    public required IReadOnlyList<string> Merges { get; init; }

    /// <summary>Tokens cut out of the text first.</summary>
    public required IReadOnlyList<AddedToken> AddedTokens { get; init; }

    /// <summary>Unicode normalisations in order.</summary>
    public required IReadOnlyList<Func<string, string>> Normalizers { get; init; }

    /// <summary>Rules that cut the text, each applied to what the one before left.</summary>
    public required IReadOnlyList<PieceRule> Rules { get; init; }

    /// <summary>A stretch of text that does not begin with a space is given one.</summary>
    public required bool AddPrefixSpace { get; init; }

    /// <summary>A piece that is in the vocabulary is a token whether or not merges lead to it.</summary>
    public required bool IgnoreMerges { get; init; }

    /// <summary>See <see cref="ITokenizer.BosId"/>.</summary>
    public required int? BosId { get; init; }

    /// <summary>See <see cref="ITokenizer.DefaultPrefix"/>.</summary>
    public required IReadOnlyList<int> Prefix { get; init; }

    /// <summary>See <see cref="ITokenizer.DefaultSuffix"/>.</summary>
    public required IReadOnlyList<int> Suffix { get; init; }
}

/// <summary>Byte-level byte-pair encoding: added tokens out, normalise, cut into pieces, spell as bytes, merge.</summary>
/// <remarks>
/// The merging is Microsoft.ML.Tokenizers'. Cutting is done here, because there it goes by UTF-16 unit, knows none of the files'
/// pre-tokenizers but GPT-2's and no <c>ignore_merges</c>. Pieces are remembered: natural text repeats its words.
/// </remarks>
sealed class ByteLevelBpe : ITokenizer
{
    const int MostRemembered = 1 << 16;

    readonly ByteLevelParts _parts;
    readonly BpeTokenizer _merger;
    readonly AddedTokens _rawTokens, _normalizedTokens;
    readonly Dictionary<int, string> _pieces;
    readonly HashSet<int> _added;
    readonly bool[] _known = new bool[256];
    readonly Dictionary<string, (int[] Ids, int Dropped)> _remembered = new(StringComparer.Ordinal);

    public ByteLevelBpe(ByteLevelParts parts)
    {
        _parts = parts;
        _merger = BpeTokenizer.Create(new BpeOptions(parts.Vocabulary) { Merges = parts.Merges });
        _rawTokens = new AddedTokens(parts.AddedTokens.Where(t => !t.Normalized));
        _normalizedTokens = new AddedTokens(parts.AddedTokens.Where(t => t.Normalized).Select(t => t with { Content = Normalize(t.Content) }));
        _pieces = parts.Vocabulary.ToDictionary(p => p.Value, p => p.Key);
        foreach (var token in parts.AddedTokens) _pieces[token.Id] = token.Content;
        _added = [.. parts.AddedTokens.Select(t => t.Id)];
        IdCount = _pieces.Keys.Max() + 1;
        for (int b = 0; b < 256; b++) _known[b] = parts.Vocabulary.ContainsKey($"{ByteAlphabet.Of((byte)b)}");
        int missing = Enumerable.Range(0, 256).Count(b => !_known[b] && OccursInUtf8(b));
        if (missing > 0)
            Notes = [$"The vocabulary has no token for {missing} of the bytes that texts are made of; a text that holds one loses it, as in the " +
                "reference, and the run says how many."];
    }

    /// <summary>What it was made of.</summary>
    public ByteLevelParts Parts => _parts;

    public string Source => _parts.Source;

    public int IdCount { get; }

    public int? BosId => _parts.BosId;

    public IReadOnlyList<int> DefaultPrefix => _parts.Prefix;

    public IReadOnlyList<int> DefaultSuffix => _parts.Suffix;

    public IReadOnlyList<string> Notes { get; } = [];

    public IReadOnlyList<int> Encode(string text, out int droppedBytes)
    {
        droppedBytes = 0;
        RefuseLoneSurrogates(text);
        var ids = new List<int>();
        foreach (var (stretch, token) in _rawTokens.Cut(text))
        {
            if (token is { } raw)
            {
                ids.Add(raw);
                continue;
            }
            foreach (var (part, normalized) in _normalizedTokens.Cut(Normalize(stretch)))
            {
                if (normalized is { } id) ids.Add(id);
                else EncodeStretch(part, ids, ref droppedBytes);
            }
        }
        return ids;
    }

    void EncodeStretch(string text, List<int> ids, ref int droppedBytes)
    {
        if (_parts.AddPrefixSpace && text[0] != ' ') text = " " + text;
        IEnumerable<string> pieces = [text];
        foreach (var rule in _parts.Rules) pieces = pieces.SelectMany(piece => PieceRules.Cut(rule, piece));
        foreach (string piece in pieces)
        {
            if (!_remembered.TryGetValue(piece, out var tokens))
            {
                tokens = Merge(piece);
                if (_remembered.Count < MostRemembered) _remembered.Add(piece, tokens);
            }
            ids.AddRange(tokens.Ids);
            droppedBytes += tokens.Dropped;
        }
    }

    (int[] Ids, int Dropped) Merge(string piece)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(piece);
        string spelling = string.Concat(bytes.Where(b => _known[b]).Select(ByteAlphabet.Of));
        int dropped = bytes.Length - spelling.Length;
        if (spelling.Length == 0) return ([], dropped);
        return _parts.IgnoreMerges && dropped == 0 && _parts.Vocabulary.TryGetValue(spelling, out int whole)
            ? ([whole], 0)
            : ([.. _merger.EncodeToIds(spelling, considerPreTokenization: false, considerNormalization: false)], dropped);
    }

    string Normalize(string text) => _parts.Normalizers.Aggregate(text, (t, normalize) => normalize(t));

    static void RefuseLoneSurrogates(string text)
    {
        int at = 0;
        while (at < text.Length && Rune.TryGetRuneAt(text, at, out var rune)) at += rune.Utf16SequenceLength;
        if (at < text.Length) throw TokenizerErrors.LoneSurrogate(text, at);
    }

    static bool OccursInUtf8(int b) => b is not (0xC0 or 0xC1 or >= 0xF5);

    public string Decode(IReadOnlyList<int> ids)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>();
        foreach (int id in ids)
        {
            string piece = Piece(id);
            if (!_added.Contains(id) && piece.All(c => ByteAlphabet.TryByte(c, out _)))
            {
                foreach (char c in piece)
                {
                    ByteAlphabet.TryByte(c, out byte b);
                    bytes.Add(b);
                }
                continue;
            }
            Flush();
            text.Append(piece);
        }
        Flush();
        return text.ToString();

        void Flush()
        {
            text.Append(Encoding.UTF8.GetString([.. bytes])); // bytes that are no UTF-8 become U+FFFD, as in the reference
            bytes.Clear();
        }
    }

    public string Piece(int id) => _pieces.TryGetValue(id, out string? piece) ? piece : throw TokenizerErrors.NoSuchId(Source, id, IdCount);
}
