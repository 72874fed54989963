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
sealed class AddedTokens
{
    readonly Dictionary<string, AddedToken>.AlternateLookup<ReadOnlySpan<char>> _byContent;
    readonly Dictionary<char, int[]> _lengthsByFirst; // longest first
    readonly SearchValues<char> _firsts;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        var byContent = new Dictionary<string, AddedToken>(StringComparer.Ordinal);
        foreach (var token in tokens.OrderByDescending(t => t.Special)) byContent.TryAdd(token.Content, token);
        _byContent = byContent.GetAlternateLookup<ReadOnlySpan<char>>();
        _lengthsByFirst = byContent.Keys.GroupBy(c => c[0])
            .ToDictionary(g => g.Key, g => (int[])[.. g.Select(c => c.Length).Distinct().OrderDescending()]);
        _firsts = SearchValues.Create([.. _lengthsByFirst.Keys]);
    }

    /// <summary>The piece in order, as stretches without an added token (Id null) and the tokens between them.</summary>
    public IEnumerable<(Piece Piece, int? Id)> Cut(Piece piece)
    {
        string text = piece.Text;
        int from = 0;
        foreach (var (matchStart, token) in Matches(text))
        {
            int start = matchStart, end = start + token.Content.Length;
            if (token.SingleWord && ((start > 0 && IsWordBefore(text, start)) || (end < text.Length && IsWordAt(text, end)))) continue;
            // White space that the token before has taken is not taken twice.
            if (token.LeftStrip) start = Math.Max(start, from);
            while (token.LeftStrip && start > from && char.IsWhiteSpace(text[start - 1])) start--;
            while (token.RightStrip && end < text.Length && char.IsWhiteSpace(text[end])) end++;
            if (start >= end) continue;
            if (start > from) yield return (piece.Slice(from, start), null);
            yield return (piece.Slice(start, end), token.Id);
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
        if (text.Length == 0 || !_lengthsByFirst.TryGetValue(text[0], out int[]? lengths)) return null;
        foreach (int length in lengths)
            if (length <= text.Length && _byContent.TryGetValue(text[..length], out var token)) return token;
        return null;
    }

    static bool IsWordAt(string text, int at) => CodeClasses.IsWord(Rune.GetRuneAt(text, at).Value);

    static bool IsWordBefore(string text, int at) => IsWordAt(text, char.IsLowSurrogate(text[at - 1]) ? at - 2 : at - 1);
}
