using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>What a SentencePiece piece is for; the numbers are the format's.</summary>
enum SentencePieceKind
{
    /// <summary>Ordinary.</summary>
    Normal = 1,
    /// <summary>Stands for what is in no vocabulary.</summary>
    Unknown = 2,
    /// <summary>Stands for no text, such as BOS.</summary>
    Control = 3,
    /// <summary>Found in a text whole before anything is joined.</summary>
    UserDefined = 4,
    /// <summary>Taken apart again wherever it comes out.</summary>
    Unused = 5,
    /// <summary>A byte, <c>&lt;0xAB&gt;</c>.</summary>
    Byte = 6,
}

/// <summary>A piece of a SentencePiece vocabulary.</summary>
/// <param name="Text">It, spaces spelt ▁.</param>
/// <param name="Score">Pieces of higher score are made first.</param>
/// <param name="Kind">What it is for.</param>
readonly record struct SentencePiece(string Text, float Score, SentencePieceKind Kind);

/// <summary>Pieces by id and by text.</summary>
sealed class SentencePieceVocabulary
{
    const int NoId = -1;

    readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _joinable, _reserved;
    readonly AddedTokens _userDefined;
    readonly int _longest;
    readonly int[] _ranks;

    /// <summary>Takes the pieces in order of id.</summary>
    /// <exception cref="InputException">A piece stands twice or has no text, or not exactly one is the unknown one.</exception>
    public SentencePieceVocabulary(IReadOnlyList<SentencePiece> pieces, string place)
    {
        Pieces = pieces;
        Dictionary<string, int> joinable = new(StringComparer.Ordinal), reserved = new(StringComparer.Ordinal);
        UnknownId = NoId;
        for (int id = 0; id < pieces.Count; id++)
        {
            var (text, score, kind) = pieces[id];
            if (text.Length == 0) throw TokenizerErrors.Malformed(place, $"piece {id}", "A piece has no text.");
            if (float.IsNaN(score)) throw TokenizerErrors.Malformed(place, $"piece {id}", $"The score of '{text}' is not a number.");
            bool joins = kind is SentencePieceKind.Normal or SentencePieceKind.UserDefined or SentencePieceKind.Unused;
            if (!(joins ? joinable : reserved).TryAdd(text, id)) throw TokenizerErrors.Malformed(place, $"piece {id}", $"Piece '{text}' stands twice.");
            if (kind == SentencePieceKind.Unknown && UnknownId >= 0) throw TokenizerErrors.Malformed(place, $"piece {id}", "Two pieces are the unknown one.");
            if (kind == SentencePieceKind.Unknown) UnknownId = id;
            if (joins) _longest = Math.Max(_longest, text.Length);
        }
        if (UnknownId < 0) throw TokenizerErrors.Malformed(place, "pieces", "No piece is the unknown one.");
        float[] scores = [.. pieces.Select(p => p.Score + 0f).Distinct().OrderDescending()]; // −0 is 0
        var byScore = scores.Select((score, rank) => (score, rank)).ToDictionary(p => p.score, p => p.rank);
        _ranks = [.. pieces.Select(p => byScore[p.Score + 0f])];
        Ranks = scores.Length;
        (_joinable, _reserved) = (joinable.GetAlternateLookup<ReadOnlySpan<char>>(), reserved.GetAlternateLookup<ReadOnlySpan<char>>());
        _userDefined = new AddedTokens(Enumerable.Range(0, pieces.Count).Where(id => pieces[id].Kind == SentencePieceKind.UserDefined)
            .Select(id => new AddedToken(id, pieces[id].Text, Normalized: false)));
        ByteIds = [.. Enumerable.Range(0, 256).Select(b => reserved.TryGetValue(ByteToken.Of((byte)b), out int id) &&
            pieces[id].Kind == SentencePieceKind.Byte ? id : NoId)];
    }

    /// <summary>The pieces in order of id.</summary>
    public IReadOnlyList<SentencePiece> Pieces { get; }

    /// <summary>The piece of what is in no vocabulary.</summary>
    public int UnknownId { get; }

    /// <summary>The pieces of the 256 bytes; −1 where there is none.</summary>
    public IReadOnlyList<int> ByteIds { get; }

    /// <summary>How many different scores there are.</summary>
    public int Ranks { get; }

    /// <summary>0 for a piece of the highest score, 1 for the next, …</summary>
    public int RankOf(int id) => _ranks[id];

    /// <summary>The id of a piece that joining can make; −1 for none.</summary>
    public int Joinable(ReadOnlySpan<char> text) => text.Length <= _longest && _joinable.TryGetValue(text, out int id) ? id : NoId;

    /// <summary>The id of a piece of any kind; the unknown one's for none.</summary>
    public int IdOf(ReadOnlySpan<char> text) => _reserved.TryGetValue(text, out int id) || _joinable.TryGetValue(text, out id) ? id : UnknownId;

    /// <summary>The length of the longest user-defined piece a text begins with; 0 for none.</summary>
    public int UserDefinedPrefix(ReadOnlySpan<char> text) => _userDefined.Longest(text)?.Content.Length ?? 0;
}
