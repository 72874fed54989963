using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>The added tokens of a tokenizer as they are found in its files, numbered as the reference numbers them.</summary>
/// <remarks>
/// A token that is in the vocabulary keeps its id; a new one gets the vocabulary's size, or one more than the largest id of an added token,
/// whatever id its file gives it. One that comes again has the flags it came with last.
/// </remarks>
sealed class AddedTokenList(PieceTable vocabulary)
{
    readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    readonly List<AddedToken> _tokens = [];
    readonly Lazy<HashSet<int>> _taken = new(() => [.. vocabulary.Values]); // asked only where ids have gaps
    int _last = -1;

    /// <summary>The tokens, in the order in which they came first.</summary>
    public IReadOnlyList<AddedToken> Tokens => _tokens;

    /// <summary>The id of a token that has been added or is in the vocabulary; null for neither.</summary>
    public int? Find(string content) =>
        _places.TryGetValue(content, out int place) ? _tokens[place].Id : vocabulary.TryGetValue(content, out int id) ? id : null;

    /// <summary>Whether it has been added.</summary>
    public bool Has(string content) => _places.ContainsKey(content);

    /// <summary>Adds a token.</summary>
    /// <param name="token">It; its id does not count.</param>
    /// <param name="place">Where it stands.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="InputException">The next id is another piece's.</exception>
    public int Add(AddedToken token, TokenizerNode place)
    {
        int id = Find(token.Content) ?? Math.Max(vocabulary.Count, _last + 1);
        if (!vocabulary.ContainsKey(token.Content) && vocabulary.HighestId >= vocabulary.Count && _taken.Value.Contains(id))
            throw place.Wrong($"Id {id} stands for '{vocabulary.First(v => v.Value == id).Key}' and for the added token '{token.Content}'.");
        token = token with { Id = id };
        if (_places.TryGetValue(token.Content, out int known))
        {
            _tokens[known] = token;
        }
        else
        {
            _places.Add(token.Content, _tokens.Count);
            _tokens.Add(token);
        }
        _last = Math.Max(_last, id);
        return id;
    }
}
