namespace Castalia.Tokens;

/// <summary>A token that is cut out of a text before anything else is done to it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Content">Its text.</param>
/// <param name="Normalized">It is looked for in the normalised text instead of the raw one.</param>
sealed record AddedToken(int Id, string Content, bool Normalized);

/// <summary>Finds added tokens in a text: leftmost first, longest of those.</summary>
sealed class AddedTokens
{
    readonly ILookup<char, AddedToken> _byFirst;
    readonly System.Buffers.SearchValues<char> _firsts;

    public AddedTokens(IEnumerable<AddedToken> tokens)
    {
        _byFirst = tokens.OrderByDescending(t => t.Content.Length).ToLookup(t => t.Content[0]);
        _firsts = System.Buffers.SearchValues.Create([.. _byFirst.Select(g => g.Key)]);
    }

    /// <summary>The text in order, as stretches without an added token (Id null) and the tokens between them.</summary>
    public IEnumerable<(string Text, int? Id)> Cut(string text)
    {
        int from = 0, at = 0;
        while (at < text.Length)
        {
            int offset = text.AsSpan(at).IndexOfAny(_firsts);
            if (offset < 0) break;
            at += offset;
            var token = _byFirst[text[at]].FirstOrDefault(t => string.CompareOrdinal(text, at, t.Content, 0, t.Content.Length) == 0);
            if (token is null)
            {
                at++;
                continue;
            }
            if (at > from) yield return (text[from..at], null);
            yield return (token.Content, token.Id);
            from = at += token.Content.Length;
        }
        if (from < text.Length) yield return (text[from..], null);
    }
}
