using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>The <c>added_tokens</c> of a tokenizer.json.</summary>
static class AddedTokensJson
{
    /// <summary>Adds the tokens; none for a list that is not there.</summary>
    /// <param name="list">It; null for none.</param>
    /// <param name="vocabulary">The model's pieces.</param>
    /// <param name="added">Where they go.</param>
    /// <param name="notes">Where it is told that the reference numbers a token otherwise than the file.</param>
    /// <exception cref="InputException">Damaged, or an id that the vocabulary contradicts.</exception>
    public static void Read(TokenizerNode? list, PieceTable vocabulary, AddedTokenList added, List<string> notes)
    {
        if (list is not { } tokens) return;
        foreach (var token in tokens.Items())
        {
            token.Only("id", "content", "single_word", "lstrip", "rstrip", "normalized", "special");
            var one = Read(token, token.Get("id").Id);
            if (added.Has(one.Content)) throw token.Wrong($"The added token '{one.Content}' stands twice.");
            if (vocabulary.TryGetValue(one.Content, out int own) && own != one.Id)
                throw token.Wrong($"The added token '{one.Content}' has the id {one.Id} here and {own} in the vocabulary.");
            if (added.Add(one, token) is var id && id != one.Id)
                notes.Add($"The file gives the added token '{Printable.Of(one.Content, 60)}' the id {one.Id}; the reference numbers it {id}, and so it is done here.");
        }
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
