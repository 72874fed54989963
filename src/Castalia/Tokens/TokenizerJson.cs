using System.Text.Json;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>Reads Hugging Face's <c>tokenizer.json</c>; whatever it asks for and is not done here is refused by name.</summary>
/// <remarks>Format: huggingface/tokenizers 0.20, as its own serialisation writes it.</remarks>
static class TokenizerJson
{
    /// <summary>The parts of a byte-level BPE tokenizer.</summary>
    /// <exception cref="InputException">Damaged, or a feature that is not supported.</exception>
    public static ByteLevelParts Read(string path)
    {
        using var document = Parse(path);
        var root = new TokenizerNode(path, "", document.RootElement);
        foreach (string key in new[] { "truncation", "padding" })
            if (root.Find(key) is { IsNull: false }) throw TokenizerErrors.Unsupported(path, key, $"A {key} rule");
        var model = root.Get("model");
        if (model.Find("type") is { IsNull: false } type && type.Text != "BPE") throw TokenizerErrors.Unsupported(path, "model.type", $"Model type '{type.Text}'");
        RefuseModelFeatures(path, model);
        var vocabulary = Vocabulary(model.Get("vocab"));
        var added = root.Find("added_tokens") is { IsNull: false } tokens ? AddedTokens(path, tokens) : [];
        var (rules, prefixSpace) = PreTokenizers.Read(path, root.Find("pre_tokenizer"));
        CheckDecoder(path, root.Find("decoder"));
        var (prefix, suffix) = PostProcessors.Read(path, root.Find("post_processor"));
        return new ByteLevelParts
        {
            Source = path,
            Vocabulary = vocabulary,
            Merges = Merges(path, model.Get("merges"), vocabulary),
            AddedTokens = added,
            Normalizers = [.. Normalizers(path, root.Find("normalizer"))],
            Rules = rules,
            AddPrefixSpace = prefixSpace,
            IgnoreMerges = model.Find("ignore_merges") is { IsNull: false } ignore && ignore.Bool,
            BosId = BosId(path, vocabulary, added) ?? (prefix.Count > 0 ? prefix[0] : null),
            Prefix = prefix,
            Suffix = suffix,
        };
    }

    internal static JsonDocument Parse(string path)
    {
        try
        {
            return JsonDocument.Parse(File.ReadAllBytes(path), new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            throw TokenizerErrors.Malformed(path, "JSON", $"Not valid JSON: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CheckpointErrors.CannotOpen(path, e);
        }
    }

    static void RefuseModelFeatures(string path, TokenizerNode model)
    {
        if (model.Find("dropout") is { IsNull: false } dropout && dropout.Element.ToString() is not ("0" or "0.0"))
            throw TokenizerErrors.Unsupported(path, "model.dropout", $"BPE dropout of {dropout.Element}");
        foreach (string key in new[] { "continuing_subword_prefix", "end_of_word_suffix", "unk_token" })
            if (model.Find(key) is { IsNull: false } value && value.Text.Length > 0)
                throw TokenizerErrors.Unsupported(path, $"model.{key}", $"{key} '{value.Text}'");
        foreach (string key in new[] { "fuse_unk", "byte_fallback" })
            if (model.Find(key) is { IsNull: false } value && value.Bool)
                throw TokenizerErrors.Unsupported(path, $"model.{key}", key);
    }

    static Dictionary<string, int> Vocabulary(TokenizerNode vocab)
    {
        var vocabulary = new Dictionary<string, int>(StringComparer.Ordinal);
        var ids = new HashSet<int>();
        foreach (var (piece, id) in vocab.Members())
        {
            if (id.Id is var number && !ids.Add(number)) throw vocab.Wrong($"Id {number} stands twice, the second time for '{piece}'.");
            vocabulary.Add(piece, number);
        }
        return vocabulary.Count > 0 ? vocabulary : throw vocab.Wrong("The vocabulary is empty.");
    }

    static List<string> Merges(string path, TokenizerNode merges, Dictionary<string, int> vocabulary)
    {
        var list = new List<string>();
        foreach (var merge in merges.Items())
        {
            string[] pair = merge.Element.ValueKind == JsonValueKind.Array ? [.. merge.Items().Select(part => part.Text)] : merge.Text.Split(' ');
            if (pair is not [string left, string right]) throw merge.Wrong($"Merge {list.Count + 1} is not a pair: '{merge.Element}'.");
            foreach (string piece in new[] { left, right, left + right })
                if (!vocabulary.ContainsKey(piece))
                    throw TokenizerErrors.Malformed(path, "model.merges", $"Merge {list.Count + 1} needs '{piece}', which is not in the vocabulary.");
            list.Add($"{left} {right}");
        }
        return list;
    }

    static List<AddedToken> AddedTokens(string path, TokenizerNode tokens)
    {
        var added = new List<AddedToken>();
        foreach (var token in tokens.Items())
        {
            string content = token.Get("content").Text;
            if (content.Length == 0) throw token.Wrong("An added token has no text.");
            foreach (string flag in new[] { "single_word", "lstrip", "rstrip" })
                if (token.Find(flag) is { IsNull: false } value && value.Bool)
                    throw TokenizerErrors.Unsupported(path, "added_tokens", $"{flag} of the added token '{content}'");
            added.Add(new(token.Get("id").Id, content, token.Find("normalized") is { IsNull: false } normalized && normalized.Bool));
        }
        return added;
    }

    static IEnumerable<Func<string, string>> Normalizers(string path, TokenizerNode? node)
    {
        if (node is not { IsNull: false } normalizer) return [];
        string type = normalizer.Get("type").Text;
        return type switch
        {
            "NFC" => [CanonicalNormalization.Nfc],
            "NFD" => [CanonicalNormalization.Nfd],
            "Sequence" => normalizer.Get("normalizers").Items().SelectMany(n => Normalizers(path, n)),
            _ => throw TokenizerErrors.Unsupported(path, "normalizer", $"Normaliser '{type}'"),
        };
    }

    static void CheckDecoder(string path, TokenizerNode? node)
    {
        if (node is { IsNull: false } decoder && decoder.Get("type").Text is not "ByteLevel" and var type)
            throw TokenizerErrors.Unsupported(path, "decoder", $"Decoder '{type}'");
    }

    /// <summary>The BOS token that tokenizer_config.json names, as text or as {"content": …}.</summary>
    static int? BosId(string path, Dictionary<string, int> vocabulary, List<AddedToken> added)
    {
        string config = Path.Combine(Path.GetDirectoryName(path)!, "tokenizer_config.json");
        if (!File.Exists(config)) return null;
        using var document = Parse(config);
        if (new TokenizerNode(config, "", document.RootElement).Find("bos_token") is not { IsNull: false } bos) return null;
        string token = bos.Element.ValueKind == JsonValueKind.Object ? bos.Get("content").Text : bos.Text;
        if (added.FirstOrDefault(t => t.Content == token) is { } found) return found.Id;
        return vocabulary.TryGetValue(token, out int id) ? id : throw bos.Wrong($"BOS token '{token}' is not in the vocabulary.");
    }
}
