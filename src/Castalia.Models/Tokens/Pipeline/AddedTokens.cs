using System.Buffers;
using System.Text;

namespace Castalia.Tokens;

/// <summary>A token that is cut out of a text before anything else is done to it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="Normalized">It is looked for in the normalised text instead of the raw one.</param>
/// <param name="SingleWord">Only where no word goes on before or behind it.</param>
/// <param name="LeftStrip">White space before it is part of it.</param>
/// <param name="RightStrip">White space behind it is part of it.</param>
/// <param name="Special">Of two that are looked for as the same text, a special one is found.</param>
sealed record AddedToken(
    int Id, string Content, bool Normalized, bool SingleWord = false, bool LeftStrip = false, bool RightStrip = false, bool Special = false);

/// <summary>Finds added tokens in a text: leftmost first, longest of those.</summary>
/// <remarks>
/// By binary search among the tokens in order: those that a text begins with are the last one not behind it and those that begin that one, so
/// no length is tried in turn, of which a file may have thousands.
/// </remarks>
sealed class AddedTokens
{
    readonly AddedToken[] _tokens;   // in ordinal order of their contents
    readonly int[] _inside;          // the longest other token that each begins with; −1 for none
    readonly Dictionary<char, (int From, int To)> _byFirst = [];
    readonly SearchValues<char> _firsts;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        var byContent = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach (var token in tokens.OrderByDescending(t => t.Special)) byContent.TryAdd(token.Content, token);
        _tokens = [.. byContent.Values.OrderBy(t => t.Content, StringComparer.Ordinal)];
        _inside = new int[_tokens.Length];
        for (int i = 0; i < _tokens.Length; i++)
        {
            int inside = i - 1;
            while (inside >= 0 && !_tokens[i].Content.StartsWith(_tokens[inside].Content, StringComparison.Ordinal)) inside = _inside[inside];
            _inside[i] = inside;
            char first = _tokens[i].Content[0];
            _byFirst[first] = (_byFirst.TryGetValue(first, out var range) ? range.From : i, i + 1);
        }
        _firsts = SearchValues.Create([.. _byFirst.Keys]);
    }

    /// <summary>The piece in order, as stretches without an added token (Id null) and the tokens between them, by their contents.</summary>
    public IEnumerable<(Piece Piece, int? Id)> Cut(Piece piece)
    {
        string text = piece.Text;
        int from = 0, spacesFrom = 0, spacesTo = 0; // the last run of white space that was gone through
        foreach (var (matchStart, token) in Matches(text))
        {
            int start = matchStart, end = start + token.Content.Length;
            if (token.SingleWord && ((start > 0 && IsWordBefore(text, start)) || (end < text.Length && IsWordAt(text, end)))) continue;
            // White space that the token before has taken is not taken twice.
            if (token.LeftStrip) start = Math.Max(start, from);
            while (token.LeftStrip && start > from && char.IsWhiteSpace(text[start - 1])) start--;
            if (token.RightStrip && end >= spacesFrom && end < spacesTo) end = spacesTo;
            else if (token.RightStrip)
            {
                spacesFrom = end;
                while (end < text.Length && char.IsWhiteSpace(text[end])) end++;
                spacesTo = end;
            }
            if (start >= end) continue;
            if (start > from) yield return (piece.Slice(from, start), null);
            yield return (new Piece(token.Content, 0), token.Id); // not what it was cut from, which white space can make as long as the text
            from = end;
        }
        if (from < text.Length) yield return (piece.Slice(from, text.Length), null);
    }

    IEnumerable<(int Start, AddedToken Token)> Matches(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            int offset = text.AsSpan(at).IndexOfAny(_firsts);
            if (offset < 0) yield break;
            at += offset;
            var token = Longest(text.AsSpan(at));
            if (token is not null) yield return (at, token);
            at += token?.Content.Length ?? 1;
        }
    }

    /// <summary>The longest token a text begins with; null for none.</summary>
    public AddedToken? Longest(ReadOnlySpan<char> text)
    {
        if (text.Length == 0 || !_byFirst.TryGetValue(text[0], out var range)) return null;
        int from = range.From, to = range.To; // the last token that is not behind the text is among these, or before them
        while (from < to)
        {
            int middle = (from + to) / 2;
            if (_tokens[middle].Content.AsSpan().SequenceCompareTo(text) <= 0) from = middle + 1;
            else to = middle;
        }
        int last = from - 1;
        if (last < range.From) return null;
        int shared = _tokens[last].Content.AsSpan().CommonPrefixLength(text);
        while (last >= 0 && _tokens[last].Content.Length > shared) last = _inside[last];
        return last < 0 ? null : _tokens[last];
    }

    static bool IsWordAt(string text, int at) => CodeClasses.IsWord(Rune.GetRuneAt(text, at).Value);

    static bool IsWordBefore(string text, int at) => IsWordAt(text, char.IsLowSurrogate(text[at - 1]) ? at - 2 : at - 1);
}
