namespace Castalia.Tokens;

/// <summary>The <c>decoder</c> of a tokenizer.json.</summary>
static class DecoderJson
{
    /// <summary>It; null for none.</summary>
    /// <exception cref="InputException">Damaged, or a decoder that is not supported.</exception>
    public static DecodeStep? Read(TokenizerNode? node) => node is { } decoder ? Step(decoder) : null;

    static DecodeStep Step(TokenizerNode node)
    {
        string type = node.Get("type").Text;
        switch (type)
        {
            case "Sequence":
                return Decoders.InTurn([.. node.Only("type", "decoders").Get("decoders").Items().Select(Step)]);
            case "ByteLevel":
                node.Only("type", "add_prefix_space", "trim_offsets", "use_regex");
                return Decoders.ByteLevel;
            case "ByteFallback":
                node.Only("type");
                return Decoders.ByteFallback;
            case "Fuse":
                node.Only("type");
                return Decoders.Fuse;
            case "Replace":
                node.Only("type", "pattern", "content");
                return Decoders.Replace(PatternJson.Read(node.Get("pattern")), node.Get("content").Text);
            case "Strip":
                node.Only("type", "content", "start", "stop");
                return Decoders.Strip(node.Get("content").Character, node.Get("start").Count, node.Get("stop").Count);
            case "Metaspace":
                var (replacement, scheme) = MetaspaceJson.Read(node);
                return Decoders.Metaspace(replacement, scheme);
            case "BPEDecoder":
                string suffix = node.Only("type", "suffix").Get("suffix").Text;
                return suffix.Length > 0 ? Decoders.WordEnds(suffix) : throw node.Unsupported("An empty suffix");
            default:
                throw node.Unsupported($"Decoder '{type}'");
        }
    }
}
