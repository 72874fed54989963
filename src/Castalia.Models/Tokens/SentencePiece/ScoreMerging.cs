using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Castalia.Tokens;

/// <summary>SentencePiece's byte-pair merging: of all neighbours that join to a piece, those of the highest score, the leftmost first.</summary>
sealed class ScoreMerging
{
    readonly PairQueue _queue = new();
    readonly List<Symbol> _symbols = [];
    readonly Stack<(int Start, int Length)> _waiting = [];
    readonly Dictionary<string, (int Left, int Right)> _made = new(StringComparer.Ordinal); // unused pieces, and the lengths they were made of

    /// <summary>The pieces of a normalised text, in order, as stretches of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public List<(int Start, int Length)> Split(string text, SentencePieceVocabulary pieces)
    {
        _queue.Start(text.Length, pieces.Ranks);
        _symbols.Clear();
        _made.Clear();
        var result = new List<(int, int)>();
        for (int at = 0; at < text.Length;)
        {
            int length = pieces.UserDefinedPrefix(text.AsSpan(at)), index = _symbols.Count;
            bool whole = length > 0; // a user-defined piece joins with nothing
            if (!whole) length = char.IsHighSurrogate(text[at]) ? 2 : 1;
            _symbols.Add(new Symbol { Previous = index - 1, Next = at + length < text.Length ? index + 1 : -1, Start = at, Length = length, Whole = whole });
            at += length;
        }
        if (_symbols.Count == 0) return result;
        var symbols = CollectionsMarshal.AsSpan(_symbols);
        for (int i = 1; i < symbols.Length; i++) Offer(text, pieces, symbols, i - 1, i);
        while (_queue.TryTake(out int left, out int size))
        {
            ref var symbol = ref symbols[left];
            if (symbol.Length == 0 || symbol.Next < 0 || symbol.Length + symbols[symbol.Next].Length != size) continue;
            ref var right = ref symbols[symbol.Next];
            symbol.Length = size;
            symbol.Next = right.Next;
            right.Length = 0;
            if (symbol.Next >= 0) symbols[symbol.Next].Previous = left;
            Offer(text, pieces, symbols, symbol.Previous, left);
            Offer(text, pieces, symbols, left, symbol.Next);
        }
        for (int i = 0; i >= 0; i = symbols[i].Next) Give(text, pieces, symbols[i].Start, symbols[i].Length, result);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Offer(string text, SentencePieceVocabulary pieces, Span<Symbol> symbols, int left, int right)
    {
        if (left < 0 || right < 0 || symbols[left].Whole || symbols[right].Whole) return;
        int start = symbols[left].Start, size = symbols[left].Length + symbols[right].Length;
        int id = pieces.Joinable(text.AsSpan(start, size));
        if (id < 0) return;
        _queue.Add(pieces.RankOf(id), left, size);
        if (pieces.Pieces[id].Kind == SentencePieceKind.Unused) _made[text.Substring(start, size)] = (symbols[left].Length, symbols[right].Length);
    }

    /// <summary>Gives a piece, or what it was made of if it is an unused one.</summary>
    void Give(string text, SentencePieceVocabulary pieces, int start, int length, List<(int, int)> result)
    {
        // What waits is to the right of what is given: a stack, since a file can make pieces of pieces as deep as it is long.
        for (_waiting.Push((start, length)); _waiting.TryPop(out var next);)
        {
            (start, length) = next;
            int id = pieces.IdOf(text.AsSpan(start, length));
            if (pieces.Pieces[id].Kind != SentencePieceKind.Unused || !_made.TryGetValue(text.Substring(start, length), out var parts))
            {
                result.Add(next);
                continue;
            }
            _waiting.Push((start + parts.Left, parts.Right));
            _waiting.Push((start, parts.Left));
        }
    }

    struct Symbol
    {
        public int Previous, Next, Start, Length;
        public bool Whole;
    }
}
