using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>Reads Hugging Face's <c>tokenizer.json</c>; whatever it asks for and is not done here is refused by name.</summary>
/// <remarks>Format: huggingface/tokenizers 0.23, as its own serialisation writes it, and the older spellings it still reads.</remarks>
static class TokenizerJson
{
    /// <summary>The parts of a tokenizer, with what <c>tokenizer_config.json</c> beside it adds.</summary>
    /// <exception cref="InputException">Damaged, or a feature that is not supported.</exception>
    public static PipelineParts Read(string path)
    {
        using var document = JsonFile.ReadDocument(path);
        var root = new TokenizerNode(path, "", document.RootElement);
        var config = TokenizerConfig.Beside(path);
        string type = root.Get("model").Some("type")?.Text ?? "BPE";
        if (type != "BPE") throw TokenizerErrors.Unsupported(path, "model.type", $"Model type '{type}'");
        root.Only("version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor", "decoder", "model");
        var notes = new List<string>();
        foreach (string key in new[] { "truncation", "padding" })
            if (root.Some(key) is { AsksForNothing: false } rule)
                notes.Add($"The {key} rule of the file ({Rule(rule)}) is not followed: transformers switches it off unless a call asks for it.");
        var model = BpeJson.Read(root.Get("model"));
        var added = new AddedTokenList(model.Vocabulary);
        AddedTokensJson.Read(root.Some("added_tokens"), model.Vocabulary, added, notes);
        int? Own(string token) => model.Vocabulary.TryGetValue(token, out int id) ? id : null;
        config.AddTokens(added, Own, root.Some("padding") is { AsksForNothing: false } padding ? padding.Some("pad_token") : null, notes);
        var (normalizers, spells) = NormalizerJson.Read(root.Some("normalizer"));
        var (cutters, cutsBytes) = PreTokenizerJson.Read(root.Some("pre_tokenizer"), config.AddPrefixSpace, notes);
        var own = PostProcessorJson.Read(root.Some("post_processor"));
        var (prefix, suffix) = config.Around(own.Prefix, own.Suffix, added.Find, notes);
        foreach (int id in prefix.Concat(suffix))
            if (!model.Vocabulary.Values.Contains(id) && !added.Tokens.Any(t => t.Id == id))
                throw TokenizerErrors.Malformed(path, "post_processor", $"It puts the id {id} around texts, which stands for no token.");
        return new PipelineParts
        {
            Source = path,
            AddedTokens = added.Tokens,
            Normalizers = normalizers,
            Cutters = cutters,
            Model = model with { SpeltInBytes = spells || cutsBytes },
            Decoder = DecoderJson.Read(root.Some("decoder")),
            BosId = config.BosId(added.Find) ?? (prefix.Count > 0 ? prefix[0] : null),
            Prefix = prefix,
            Suffix = suffix,
            Notes = notes,
        };
    }

    /// <summary>A rule of truncation or padding in a few words.</summary>
    static string Rule(TokenizerNode rule) => Printable.Of(string.Join(", ", rule.Members().Where(m => !m.Value.AsksForNothing)
        .Select(m => $"{m.Key} {m.Value.Element}")), 120);
}
