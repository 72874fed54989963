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
        foreach (string key in new[] { "truncation", "padding" })
            if (root.Some(key) is not null) throw TokenizerErrors.Unsupported(path, key, $"A {key} rule");
        var model = BpeJson.Read(root.Get("model"));
        var notes = new List<string>();
        var added = AddedTokensJson.Read(root.Some("added_tokens"), model.Vocabulary, notes);
        added = config.WithTokens(added, model.Vocabulary);
        var (normalizers, spells) = NormalizerJson.Read(root.Some("normalizer"));
        var (cutters, cutsBytes) = PreTokenizerJson.Read(root.Some("pre_tokenizer"), config.AddPrefixSpace, notes);
        foreach (var token in added.Where(t => t.Normalized))
            if (normalizers.Aggregate(token.Content, (text, normalize) => normalize(text)).Length == 0)
                throw TokenizerErrors.Malformed(path, "added_tokens", $"Nothing is left of the added token '{token.Content}' once it is normalised.");
        var own = PostProcessorJson.Read(root.Some("post_processor"));
        int? Find(string token) => added.FirstOrDefault(t => t.Content == token)?.Id ?? (model.Vocabulary.TryGetValue(token, out int id) ? id : null);
        var (prefix, suffix) = config.Around(own.Prefix, own.Suffix, Find, notes);
        return new PipelineParts
        {
            Source = path,
            AddedTokens = added,
            Normalizers = normalizers,
            Cutters = cutters,
            Model = model with { SpeltInBytes = spells || cutsBytes },
            Decoder = DecoderJson.Read(root.Some("decoder")),
            BosId = config.BosId(Find) ?? (prefix.Count > 0 ? prefix[0] : null),
            Prefix = prefix,
            Suffix = suffix,
            Notes = notes,
        };
    }
}
