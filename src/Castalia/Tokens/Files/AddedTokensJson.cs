using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>The <c>added_tokens</c> of a tokenizer.json.</summary>
static class AddedTokensJson
{
    /// <summary>The tokens; none for a list that is not there.</summary>
    /// <param name="list">It; null for none.</param>
    /// <param name="vocabulary">The model's pieces.</param>
    /// <param name="notes">Where it is told that the reference numbers a token otherwise than the file.</param>
    /// <exception cref="InputException">Damaged, or an id that the vocabulary contradicts.</exception>
    public static IReadOnlyList<AddedToken> Read(TokenizerNode? list, IReadOnlyDictionary<string, int> vocabulary, List<string> notes)
    {
        var added = new List<AddedToken>();
        if (list is not { } tokens) return added;
        var pieces = vocabulary.ToDictionary(v => v.Value, v => v.Key);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int last = -1; // the largest id of an added token so far
        foreach (var token in tokens.Items())
        {
            token.Only("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
            var one = Read(token, token.Get("id").Id);
            if (!seen.Add(one.Content)) throw token.Wrong($"The added token '{one.Content}' stands twice.");
            if (vocabulary.TryGetValue(one.Content, out int own))
            {
                if (own != one.Id) throw token.Wrong($"The added token '{one.Content}' has the id {one.Id} here and {own} in the vocabulary.");
            }
            else
            {
                // The reference numbers new tokens itself: the vocabulary's size, or one more than the last.
                int id = Math.Max(vocabulary.Count, last + 1);
                if (id != one.Id)
                    notes.Add($"The file gives the added token '{one.Content}' the id {one.Id}; the reference numbers it {id}, and so it is done here.");
                one = one with { Id = id };
                if (pieces.TryGetValue(id, out string? piece)) throw token.Wrong($"Id {id} stands for '{piece}' and for the added token '{one.Content}'.");
            }
            last = Math.Max(last, one.Id);
            added.Add(one);
        }
        return added;
    }

    /// <summary>One token and its flags.</summary>
    public static AddedToken Read(TokenizerNode token, int id)
    {
        string content = token.Get("content").Text;
        if (content.Length == 0) throw token.Wrong("An added token has no text.");
        return new AddedToken(id, content, token.Flag("normalized"), token.Flag("single_word"), token.Flag("lstrip"), token.Flag("rstrip"),
            token.Flag("special"));
    }
}
