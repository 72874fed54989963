namespace Castalia.Tokens;

/// <summary>SentencePiece's byte-pair merging: of all neighbours that join to a piece, those of the highest score, the leftmost first.</summary>
sealed class ScoreMerging
{
    readonly PairQueue _queue = new();
    readonly List<(int Previous, int Next, int Start, int Length, bool Whole)> _symbols = [];
    readonly Dictionary<string, (int Left, int Right)> _made = new(StringComparer.Ordinal); // unused pieces, and the lengths they were made of

    /// <summary>The pieces of a normalised text, in order, as stretches of it.</summary>
    public List<(int Start, int Length)> Split(string text, SentencePieceVocabulary pieces)
    {
        _queue.Clear();
        _symbols.Clear();
        _made.Clear();
        var result = new List<(int, int)>();
        for (int at = 0; at < text.Length;)
        {
            int length = pieces.UserDefinedPrefix(text.AsSpan(at)), index = _symbols.Count;
            bool whole = length > 0; // a user-defined piece joins with nothing
            if (!whole) length = char.IsHighSurrogate(text[at]) ? 2 : 1;
            _symbols.Add((index - 1, at + length < text.Length ? index + 1 : -1, at, length, whole));
            at += length;
        }
        if (_symbols.Count == 0) return result;
        for (int i = 1; i < _symbols.Count; i++) Offer(text, pieces, i - 1, i);
        while (_queue.Count > 0)
        {
            var (left, size) = _queue.Take();
            var symbol = _symbols[left];
            if (symbol.Length == 0 || symbol.Next < 0 || symbol.Length + _symbols[symbol.Next].Length != size) continue;
            Join(left);
            Offer(text, pieces, _symbols[left].Previous, left);
            Offer(text, pieces, left, _symbols[left].Next);
        }
        for (int i = 0; i >= 0; i = _symbols[i].Next) Give(text, pieces, _symbols[i].Start, _symbols[i].Length, result);
        return result;
    }

    void Join(int left)
    {
        var symbol = _symbols[left];
        int right = symbol.Next, after = _symbols[right].Next;
        _symbols[left] = symbol with { Next = after, Length = symbol.Length + _symbols[right].Length };
        if (after >= 0) _symbols[after] = _symbols[after] with { Previous = left };
        _symbols[right] = _symbols[right] with { Length = 0 };
    }

    void Offer(string text, SentencePieceVocabulary pieces, int left, int right)
    {
        if (left < 0 || right < 0 || _symbols[left].Whole || _symbols[right].Whole) return;
        int start = _symbols[left].Start, size = _symbols[left].Length + _symbols[right].Length;
        int id = pieces.Joinable(text.AsSpan(start, size));
        if (id < 0) return;
        _queue.Add(Order(pieces.Pieces[id].Score), left, size);
        if (pieces.Pieces[id].Kind == SentencePieceKind.Unused) _made[text.Substring(start, size)] = (_symbols[left].Length, _symbols[right].Length);
    }

    /// <summary>A number that is lower for a higher score.</summary>
    static uint Order(float score)
    {
        uint bits = BitConverter.SingleToUInt32Bits(score + 0f); // −0 is 0
        uint ascending = (bits & 0x80000000) != 0 ? ~bits : bits | 0x80000000;
        return ~ascending;
    }

    /// <summary>Gives a piece, or what it was made of if it is an unused one.</summary>
    void Give(string text, SentencePieceVocabulary pieces, int start, int length, List<(int, int)> result)
    {
        int id = pieces.IdOf(text.AsSpan(start, length));
        if (pieces.Pieces[id].Kind == SentencePieceKind.Unused && _made.TryGetValue(text.Substring(start, length), out var parts))
        {
            Give(text, pieces, start, parts.Left, result);
            Give(text, pieces, start + parts.Left, parts.Right, result);
            return;
        }
        result.Add((start, length));
    }
}
