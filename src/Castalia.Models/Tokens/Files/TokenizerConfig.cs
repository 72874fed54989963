using System.Globalization;
using System.Text.Json;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>What <c>tokenizer_config.json</c> says that ids depend on, as transformers honours it.</summary>
/// <remarks>
/// Without <c>added_tokens_decoder</c> in it the older files hold too: <c>special_tokens_map.json</c>, whose word goes before the
/// configuration's, and <c>added_tokens.json</c>. The files hold much else, for chat and padding; keys that are not named here are passed over.
/// </remarks>
sealed class TokenizerConfig
{
    const string More = "additional_special_tokens";

    // In the order in which transformers numbers those that are new.
    static readonly string[] Names = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];
    static readonly string[] InfillNames = ["prefix_token", "middle_token", "suffix_token", "eot_token"]; // CodeLlama's

    readonly string _path;
    readonly Dictionary<string, Special?> _named = []; // null: named to be none
    readonly List<Special> _more = [];
    readonly List<(TokenizerNode Place, AddedToken Token)> _added = [];

    bool _classBuilds;

    TokenizerConfig(string path) => _path = path;

    sealed record Special(TokenizerNode Place, AddedToken Token, bool IsByClass = false);

    /// <summary>The class of transformers; null where none is named.</summary>
    public string? Class { get; private set; }

    /// <summary>add_bos_token; null where it is absent.</summary>
    public bool? AddBos { get; private set; }

    /// <summary>add_eos_token; null where it is absent.</summary>
    public bool? AddEos { get; private set; }

    /// <summary>add_prefix_space; null where it is absent.</summary>
    public bool? AddPrefixSpace { get; private set; }

    /// <summary>The configuration beside a file; one that says nothing where there is none.</summary>
    /// <param name="file">The file.</param>
    /// <param name="classIfNone">The class that builds a tokenizer from a vocabulary alone where none is named; null where the file is a whole tokenizer.</param>
    /// <exception cref="InputException">It is damaged.</exception>
    public static TokenizerConfig Beside(string file, string? classIfNone = null)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!, path = Path.Combine(folder, "tokenizer_config.json");
        var config = new TokenizerConfig(path) { _classBuilds = classIfNone is not null };
        bool listsAdded = File.Exists(path) && Reading(path, config.ReadConfiguration);
        config.Class ??= classIfNone;
        if (listsAdded) return config;
        string map = Path.Combine(folder, "special_tokens_map.json"), added = Path.Combine(folder, "added_tokens.json");
        if (File.Exists(map)) Reading(map, config.ReadNames);
        if (File.Exists(added)) Reading(added, config.ReadOlderAdded);
        return config;
    }

    static T Reading<T>(string path, Func<TokenizerNode, T> read)
    {
        using var document = JsonFile.ReadDocument(path);
        return read(new TokenizerNode(path, "", document.RootElement.Clone())); // places are asked for what they hold later on
    }

    /// <returns>Whether it lists the added tokens.</returns>
    bool ReadConfiguration(TokenizerNode root)
    {
        Class = root.Some("tokenizer_class")?.Text;
        (AddBos, AddEos, AddPrefixSpace) = (root.Some("add_bos_token")?.Bool, root.Some("add_eos_token")?.Bool, root.Some("add_prefix_space")?.Bool);
        ReadNames(root);
        if (root.Some("added_tokens_decoder") is not { } tokens) return false;
        foreach (var (key, token) in tokens.Members())
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id > TokenizerNode.MostId)
                throw token.Wrong($"'{key}' is not a token id.");
            _added.Add((token, AddedTokensJson.Read(token, id)));
        }
        SortAdded();
        return true;
    }

    bool ReadNames(TokenizerNode root)
    {
        foreach (string name in Names.Concat(InfillNames))
            if (root.Find(name) is { } token) _named[name] = SpecialAt(token);
        if (root.Find(More) is not { } more) return true;
        if (more.AsksForNothing) _more.Clear();
        else _more.AddRange(more.Items().Select(SpecialAt).OfType<Special>());
        return true;
    }

    static Special? SpecialAt(TokenizerNode token) => token.AsksForNothing ? null : new(token, token.Element.ValueKind == JsonValueKind.Object
        ? AddedTokensJson.Read(token, 0) with { Special = true }
        : new AddedToken(0, token.Text, Normalized: false, Special: true));

    /// <summary>added_tokens.json: contents and ids.</summary>
    bool ReadOlderAdded(TokenizerNode root)
    {
        var special = _named.Values.OfType<Special>().Concat(_more).Select(s => s.Token.Content).ToHashSet(StringComparer.Ordinal);
        foreach (var (content, id) in root.Members())
        {
            if (content.Length == 0) throw id.Wrong("An added token has no text.");
            _added.Add((id, new AddedToken(id.Id, content, Normalized: !special.Contains(content), Special: special.Contains(content))));
        }
        SortAdded();
        return true;
    }

    void SortAdded()
    {
        _added.Sort((a, b) => a.Token.Id.CompareTo(b.Token.Id));
        for (int i = 1; i < _added.Count; i++)
            if (_added[i].Token.Id == _added[i - 1].Token.Id)
                throw _added[i].Place.Wrong($"The added tokens '{_added[i - 1].Token.Content}' and '{_added[i].Token.Content}' both have the id {_added[i].Token.Id}.");
    }

    /// <summary>Adds the tokens that are listed or named here: transformers cuts them out of texts too.</summary>
    /// <param name="all">The tokenizer's tokens.</param>
    /// <param name="vocabulary">The id of a piece of the vocabulary.</param>
    /// <param name="padding">The padding token of a tokenizer.json's rule; null for none.</param>
    /// <param name="notes">Where it is told that a token is in no vocabulary, or has another id than is said here.</param>
    /// <exception cref="InputException">One has another id in the vocabulary.</exception>
    public void AddTokens(AddedTokenList all, Func<string, int?> vocabulary, TokenizerNode? padding, List<string> notes)
    {
        foreach (var (place, token) in _added)
        {
            if (vocabulary(token.Content) is { } own && own != token.Id)
                throw place.Wrong($"The added token '{token.Content}' has the id {token.Id} here, which the tokenizer's own files contradict.");
            if (all.Add(token, place) is var id && id != token.Id)
                notes.Add($"{Path.GetFileName(place.File)} gives the added token '{Shown(token)}' the id {token.Id}; transformers numbers it {id}, and so it is done here.");
        }
        var fresh = new List<string>();
        List<Special> specials = [.. Specials(padding)];
        bool IsNew(AddedToken token) => !all.Has(token.Content) && vocabulary(token.Content) is null;
        // What only the class names, version 4 of transformers adds to a whole tokenizer too, and 5 does not: it is left out as long as no other id hangs on it.
        bool classAdds = _classBuilds || specials.Exists(s => !s.IsByClass && IsNew(s.Token));
        foreach (var (place, token, isByClass) in specials)
        {
            bool isNew = IsNew(token);
            if (all.Has(token.Content) || (isNew && isByClass && !classAdds)) continue;
            int id = all.Add(token, place);
            if (isNew) fresh.Add($"'{Shown(token)}' ({id})");
        }
        if (fresh.Count > 0)
            notes.Add($"In no vocabulary, but named as special tokens: {Few(fresh)}. As transformers does, they are given the next ids and cut out of texts; " +
                "a model of fewer ids cannot be fed them.");
    }

    IEnumerable<Special> Specials(TokenizerNode? padding)
    {
        foreach (string name in Names)
        {
            if (Named(name) is { } special) yield return special;
            else if (name == "pad_token" && !_named.ContainsKey(name) && !SpecialTokenDefaults.NamesPadding(Class) && padding is { AsksForNothing: false } token)
                yield return SpecialAt(token)!;
        }
        foreach (var special in _more) yield return special;
        foreach (string name in InfillNames)
            if (SpecialTokenDefaults.Of(Class).ContainsKey(name) && Named(name) is { } special) yield return special;
    }

    Special? Named(string name) => _named.TryGetValue(name, out var special) ? special :
        SpecialTokenDefaults.Of(Class).TryGetValue(name, out string? standard)
            ? new(new TokenizerNode(_path, $"tokenizer_class, {name}", default), new AddedToken(0, standard, Normalized: false, Special: true), IsByClass: true)
            : null;

    static string Shown(AddedToken token) => Printable.Of(token.Content, 60);

    static string Few(List<string> list) => list.Count <= 8 ? string.Join(", ", list) : $"{string.Join(", ", list.Take(7))} and {list.Count - 7} more";

    /// <summary>The id of the BOS token that is named here; null where none is, and where only the class names one that is in no vocabulary.</summary>
    /// <exception cref="InputException">It is in no vocabulary.</exception>
    public int? BosId(Func<string, int?> find) => Id("bos_token", find);

    /// <summary>The id of the EOS token that is named here; null as for BOS.</summary>
    /// <exception cref="InputException">It is in no vocabulary.</exception>
    public int? EosId(Func<string, int?> find) => Id("eos_token", find);

    int? Id(string name, Func<string, int?> find) => Named(name) is not { Token.Content: var token } ? null : find(token) ??
        (_named.ContainsKey(name) ? throw TokenizerErrors.NamedOutside(_path, name, token) : null);

    /// <summary>What stands around a text: the file's own word, but for the classes that put their flags in its place.</summary>
    public (IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix) Around(
        IReadOnlyList<int> prefix, IReadOnlyList<int> suffix, Func<string, int?> find, List<string> notes)
    {
        string file = $"tokenizer.json adds {List(prefix)} before and {List(suffix)} after a text";
        if (!GoesByFlags(Class))
        {
            if ((AddBos is { } flag && flag != prefix.Count > 0) || (AddEos is { } end && end != suffix.Count > 0))
                notes.Add($"{file}, and that is what is done; add_bos_token and add_eos_token of tokenizer_config.json say otherwise (transformers 5 goes by them).");
            return (prefix, suffix);
        }
        IReadOnlyList<int> before = (AddBos ?? true) ? [Required("bos_token", find)] : [];
        IReadOnlyList<int> after = (AddEos ?? false) ? [Required("eos_token", find)] : [];
        if (!before.SequenceEqual(prefix) || !after.SequenceEqual(suffix))
            notes.Add($"{file}, and tokenizer_config.json ({Class}) {List(before)} before and {List(after)} after; the latter holds, as in transformers.");
        return (before, after);
    }

    int Required(string name, Func<string, int?> find) => Id(name, find) ?? throw TokenizerErrors.BosWithoutToken(_path, $"add_{name}", name);

    static bool GoesByFlags(string? name) => name is "LlamaTokenizer" or "LlamaTokenizerFast" or "CodeLlamaTokenizer" or "CodeLlamaTokenizerFast" or
        "GemmaTokenizer" or "GemmaTokenizerFast" or "CohereTokenizer" or "CohereTokenizerFast";

    static string List(IReadOnlyList<int> ids) => $"[{string.Join(", ", ids)}]";
}
