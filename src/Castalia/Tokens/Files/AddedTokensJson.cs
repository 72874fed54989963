using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>The <c>added_tokens</c> of a tokenizer.json.</summary>
static class AddedTokensJson
{
    /// <summary>The tokens; none for a list that is not there.</summary>
    /// <exception cref="InputException">Damaged, or an id that the vocabulary contradicts.</exception>
    public static IReadOnlyList<AddedToken> Read(TokenizerNode? list, IReadOnlyDictionary<string, int> vocabulary)
    {
        var added = new List<AddedToken>();
        if (list is not { } tokens) return added;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in tokens.Items())
        {
            token.Only("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
            int id = token.Get("id").Id;
            var one = Read(token, id);
            if (!seen.Add(one.Content)) throw token.Wrong($"The added token '{one.Content}' stands twice.");
            if (vocabulary.TryGetValue(one.Content, out int own) && own != id)
                throw token.Wrong($"The added token '{one.Content}' has the id {id} here and {own} in the vocabulary.");
            added.Add(one);
        }
        var others = vocabulary.ToDictionary(v => v.Value, v => v.Key);
        foreach (var token in added)
            if (!others.TryAdd(token.Id, token.Content) && others[token.Id] != token.Content)
                throw tokens.Wrong($"Id {token.Id} stands for '{others[token.Id]}' and for the added token '{token.Content}'.");
        return added;
    }

    /// <summary>One token and its flags.</summary>
    public static AddedToken Read(TokenizerNode token, int id)
    {
        string content = token.Get("content").Text;
        if (content.Length == 0) throw token.Wrong("An added token has no text.");
        return new AddedToken(id, content, token.Flag("normalized"), token.Flag("single_word"), token.Flag("lstrip"), token.Flag("rstrip"));
    }
}
