using System.Globalization;
using System.Text.Json;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>What <c>tokenizer_config.json</c> says that ids depend on, as transformers honours it.</summary>
/// <remarks>The file holds much else, for chat and padding; keys that are not named here are passed over.</remarks>
sealed class TokenizerConfig
{
    static readonly string[] Names = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    readonly string _path;
    readonly Dictionary<string, string?> _named = [];
    readonly Dictionary<string, AddedToken> _special = new(StringComparer.Ordinal);
    readonly List<(TokenizerNode Place, AddedToken Token)> _added = [];

    TokenizerConfig(string path) => _path = path;

    /// <summary>The class of transformers; null where none is named.</summary>
    public string? Class { get; private init; }

    /// <summary>add_bos_token; null where it is absent.</summary>
    public bool? AddBos { get; private init; }

    /// <summary>add_eos_token; null where it is absent.</summary>
    public bool? AddEos { get; private init; }

    /// <summary>add_prefix_space; null where it is absent.</summary>
    public bool? AddPrefixSpace { get; private init; }

    /// <summary>The configuration beside a file; one that says nothing where there is none.</summary>
    /// <exception cref="InputException">It is damaged.</exception>
    public static TokenizerConfig Beside(string file)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!, path = Path.Combine(folder, "tokenizer_config.json");
        string map = Path.Combine(folder, "special_tokens_map.json");
        TokenizerConfig config;
        if (File.Exists(path))
        {
            using var document = JsonFile.ReadDocument(path);
            var root = new TokenizerNode(path, "", document.RootElement);
            config = new TokenizerConfig(path)
            {
                Class = root.Some("tokenizer_class")?.Text,
                AddBos = root.Some("add_bos_token")?.Bool,
                AddEos = root.Some("add_eos_token")?.Bool,
                AddPrefixSpace = root.Some("add_prefix_space")?.Bool,
            };
            config.ReadNames(root);
            if (root.Some("added_tokens_decoder") is { } tokens) config.ReadAdded(tokens);
        }
        else
        {
            config = new TokenizerConfig(path);
        }
        if (File.Exists(map) && config._added.Count == 0)
        {
            using var document = JsonFile.ReadDocument(map);
            config.ReadNames(new TokenizerNode(map, "", document.RootElement)); // what the configuration names stays
        }
        return config;
    }

    void ReadNames(TokenizerNode root)
    {
        foreach (string name in Names)
            if (root.Find(name) is { } token && _named.TryAdd(name, token.IsNull ? null : Text(token)) && !token.IsNull) AddSpecial(token);
        if (root.Some("additional_special_tokens") is { } more)
            foreach (var token in more.Items()) AddSpecial(token);
    }

    static string Text(TokenizerNode token) => token.Element.ValueKind == JsonValueKind.Object ? token.Get("content").Text : token.Text;

    void AddSpecial(TokenizerNode token)
    {
        var one = token.Element.ValueKind == JsonValueKind.Object ? AddedTokensJson.Read(token, 0) : new AddedToken(0, token.Text, Normalized: false);
        _special.TryAdd(one.Content, one);
    }

    void ReadAdded(TokenizerNode tokens)
    {
        foreach (var (key, token) in tokens.Members())
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id)) throw token.Wrong($"'{key}' is not a token id.");
            _added.Add((token, AddedTokensJson.Read(token, id)));
        }
    }

    /// <summary>The given tokens and those that are named here only: transformers cuts them out of texts too.</summary>
    /// <exception cref="InputException">One has another id in the vocabulary.</exception>
    public IReadOnlyList<AddedToken> WithTokens(IReadOnlyList<AddedToken> given, IReadOnlyDictionary<string, int> vocabulary)
    {
        var all = given.ToDictionary(t => t.Content, StringComparer.Ordinal);
        var ids = given.ToDictionary(t => t.Id, t => t.Content);
        foreach (var (piece, id) in vocabulary) ids.TryAdd(id, piece);
        foreach (var (place, token) in _added)
        {
            int? known = all.TryGetValue(token.Content, out var same) ? same.Id : vocabulary.TryGetValue(token.Content, out int id) ? id : null;
            if (known is null ? !ids.TryAdd(token.Id, token.Content) : known != token.Id)
                throw place.Wrong($"The added token '{token.Content}' has the id {token.Id} here, which the tokenizer's own files contradict.");
            all.TryAdd(token.Content, token);
        }
        foreach (var token in _special.Values)
            if (vocabulary.TryGetValue(token.Content, out int own)) all.TryAdd(token.Content, token with { Id = own });
        return [.. all.Values];
    }

    /// <summary>The id of the BOS token that is named here; null where none is.</summary>
    /// <exception cref="InputException">It is in no vocabulary.</exception>
    public int? BosId(Func<string, int?> find) => Id("bos_token", find);

    /// <summary>The id of the EOS token that is named here; null where none is.</summary>
    /// <exception cref="InputException">It is in no vocabulary.</exception>
    public int? EosId(Func<string, int?> find) => Id("eos_token", find);

    int? Id(string name, Func<string, int?> find) => _named.GetValueOrDefault(name) is not { } token ? null : find(token) ??
        throw TokenizerErrors.Malformed(_path, name, $"{(name == "bos_token" ? "BOS" : "EOS")} token '{token}' is not in the vocabulary.");

    /// <summary>What stands around a text: the file's own word, but for the classes that put their flags in its place.</summary>
    public (IReadOnlyList<int> Prefix, IReadOnlyList<int> Suffix) Around(
        IReadOnlyList<int> prefix, IReadOnlyList<int> suffix, Func<string, int?> find, List<string> notes)
    {
        string file = $"tokenizer.json adds {List(prefix)} before and {List(suffix)} after a text";
        if (DefaultsOf(Class) is not var (bos, eos))
        {
            if ((AddBos is { } flag && flag != prefix.Count > 0) || (AddEos is { } end && end != suffix.Count > 0))
                notes.Add($"{file}, and that is what is done; add_bos_token and add_eos_token of tokenizer_config.json say otherwise (transformers 5 goes by them).");
            return (prefix, suffix);
        }
        IReadOnlyList<int> before = (AddBos ?? true) ? [Required("bos_token", bos, find)] : [];
        IReadOnlyList<int> after = (AddEos ?? false) ? [Required("eos_token", eos, find)] : [];
        if (!before.SequenceEqual(prefix) || !after.SequenceEqual(suffix))
            notes.Add($"{file}, and tokenizer_config.json ({Class}) {List(before)} before and {List(after)} after; the latter holds, as in transformers.");
        return (before, after);
    }

    int Required(string name, string standard, Func<string, int?> find)
    {
        if (_named.ContainsKey(name)) return Id(name, find) ?? throw TokenizerErrors.BosWithoutToken(_path, $"add_{name}", name);
        return find(standard) ?? throw TokenizerErrors.BosWithoutToken(_path, $"add_{name}", name);
    }

    static (string Bos, string Eos)? DefaultsOf(string? name) => name switch
    {
        "LlamaTokenizer" or "LlamaTokenizerFast" or "CodeLlamaTokenizer" or "CodeLlamaTokenizerFast" => ("<s>", "</s>"),
        "GemmaTokenizer" or "GemmaTokenizerFast" => ("<bos>", "<eos>"),
        "CohereTokenizer" or "CohereTokenizerFast" => ("<BOS_TOKEN>", "<|END_OF_TURN_TOKEN|>"),
        _ => null,
    };

    static string List(IReadOnlyList<int> ids) => $"[{string.Join(", ", ids)}]";
}
