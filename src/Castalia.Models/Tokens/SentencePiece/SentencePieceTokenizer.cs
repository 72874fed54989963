using System.Text;
using Castalia.Checkpoints;

namespace Castalia.Tokens;

/// <summary>What a SentencePiece tokenizer is made of, whichever file it came in.</summary>
sealed record SentencePieceParts
{
    /// <summary>Where it was read from.</summary>
    public required string Source { get; init; }

    /// <summary>The vocabulary.</summary>
    public required SentencePieceVocabulary Pieces { get; init; }

    /// <summary>What is done to a text first.</summary>
    public required SentencePieceNormalizer Normalizer { get; init; }

    /// <summary>What is in no vocabulary is spelt in bytes.</summary>
    public required bool ByteFallback { get; init; }

    /// <summary>Tokens cut out of the raw text before all else; none where the library itself is followed.</summary>
    public required IReadOnlyList<AddedToken> CutTokens { get; init; }

    /// <summary>What the unknown piece is written as.</summary>
    public string UnknownSurface { get; init; } = " \u2047 ";

    /// <summary>See <see cref="ITokenizer.BosId"/>.</summary>
    public required int? BosId { get; init; }

    /// <summary>See <see cref="ITokenizer.DefaultPrefix"/>.</summary>
    public required IReadOnlyList<int> Prefix { get; init; }

    /// <summary>See <see cref="ITokenizer.DefaultSuffix"/>.</summary>
    public required IReadOnlyList<int> Suffix { get; init; }

    /// <summary>See <see cref="ITokenizer.Notes"/>.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
}

/// <summary>SentencePiece BPE as the sentencepiece library does it: pieces joined by score, no pre-tokenizer.</summary>
sealed class SentencePieceTokenizer(SentencePieceParts parts) : ITokenizer
{
    [ThreadStatic] static ScoreMerging? s_merging;

    readonly SentencePieceVocabulary _pieces = parts.Pieces;
    readonly AddedTokens _cutTokens = new(parts.CutTokens);
    readonly bool _byteFallback = parts.ByteFallback && parts.Pieces.ByteIds.All(id => id >= 0);

    public string Source => parts.Source;

    public int IdCount => _pieces.Pieces.Count;

    public int? BosId => parts.BosId;

    public IReadOnlyList<int> DefaultPrefix => parts.Prefix;

    public IReadOnlyList<int> DefaultSuffix => parts.Suffix;

    public IReadOnlyList<string> Notes => parts.Notes;

    public IReadOnlyList<int> Encode(string text, out int droppedBytes)
    {
        droppedBytes = 0;
        WellFormed.Check(text);
        return Malformed.Unless(Source, () => Encode(text));
    }

    List<int> Encode(string text)
    {
        var ids = new List<int>();
        int room = NormalText.MostOf(text.Length);
        foreach (var (stretch, token) in _cutTokens.Cut(new Piece(text)))
        {
            if (token is { } id) ids.Add(id);
            else
            {
                string normalized = parts.Normalizer.Normalize(stretch.Text, _pieces, room);
                room -= normalized.Length;
                EncodeStretch(normalized, ids);
            }
        }
        return ids;
    }

    void EncodeStretch(string text, List<int> ids)
    {
        bool afterUnknown = false;
        foreach (var (start, length) in (s_merging ??= new ScoreMerging()).Split(text, _pieces))
        {
            int id = _pieces.IdOf(text.AsSpan(start, length));
            bool unknown = id == _pieces.UnknownId;
            if (unknown && _byteFallback)
            {
                foreach (byte b in Encoding.UTF8.GetBytes(text, start, length)) ids.Add(_pieces.ByteIds[b]);
            }
            else if (!unknown || !afterUnknown) // neighbours are one unknown
            {
                ids.Add(id);
            }
            afterUnknown = unknown;
        }
    }

    public string Decode(IReadOnlyList<int> ids) => Malformed.Unless(Source, () => TextOf(ids));

    string TextOf(IReadOnlyList<int> ids)
    {
        var text = new StringBuilder();
        var bytes = new List<byte>();
        bool atStart = true, tookSpace = false; // the dummy prefix is still to come; the last piece gave it
        foreach (int id in ids)
        {
            string piece = Piece(id);
            if (_pieces.Pieces[id].Kind == SentencePieceKind.Byte && ByteToken.TryRead(piece, out byte value))
            {
                bytes.Add(value);
                continue;
            }
            FlushBytes(bytes, text);
            if (tookSpace || text.Length > 0) atStart = false;
            tookSpace = false;
            text.Append(_pieces.Pieces[id].Kind switch
            {
                SentencePieceKind.Control => piece,
                SentencePieceKind.Unknown => parts.UnknownSurface,
                _ => Surface(piece, atStart, out tookSpace),
            });
        }
        FlushBytes(bytes, text);
        return text.ToString();
    }

    string Surface(string piece, bool atStart, out bool tookSpace)
    {
        tookSpace = false;
        if (atStart && (parts.Normalizer.AddDummyPrefix || parts.Normalizer.RemoveExtraWhitespaces) && piece.StartsWith('\u2581'))
        {
            piece = piece[1..];
            tookSpace = !parts.Normalizer.RemoveExtraWhitespaces; // else each leading one goes
        }
        return piece.Replace('\u2581', ' ');
    }

    static void FlushBytes(List<byte> bytes, StringBuilder text)
    {
        // One U+FFFD for each byte that begins no character.
        for (ReadOnlySpan<byte> rest = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes); rest.Length > 0;)
        {
            bool valid = Rune.DecodeFromUtf8(rest, out var rune, out int length) == System.Buffers.OperationStatus.Done;
            text.Append(valid ? rune.ToString() : "\uFFFD");
            rest = rest[(valid ? length : 1)..];
        }
        bytes.Clear();
    }

    public string? FindPiece(int id) => id >= 0 && id < IdCount ? _pieces.Pieces[id].Text : null;

    public string Piece(int id) => FindPiece(id) ?? throw TokenizerErrors.NoSuchId(Source, id, IdCount);
}
