namespace Castalia.Tokens;

/// <summary>The <c>pre_tokenizer</c> of a tokenizer.json.</summary>
static class PreTokenizerJson
{
    /// <summary>The cutters in order, and whether one spells the text as bytes.</summary>
    /// <param name="node">It; null for none.</param>
    /// <param name="addPrefixSpace">What tokenizer_config.json says, which goes before the file's own word where ByteLevel stands alone.</param>
    /// <param name="notes">Where a contradiction of the two is told.</param>
    /// <exception cref="InputException">Damaged, or a pre-tokenizer that is not supported.</exception>
    public static (IReadOnlyList<PieceCutter> Cutters, bool SpellsBytes) Read(TokenizerNode? node, bool? addPrefixSpace, List<string> notes)
    {
        var list = new List<PieceCutter>();
        bool spells = false;
        if (node is not { } only) return (list, spells);
        if (addPrefixSpace is { } space && only.Get("type").Text == "ByteLevel" && only.Get("add_prefix_space").Bool != space)
        {
            notes.Add($"tokenizer_config.json sets add_prefix_space to {(space ? "true" : "false")}, tokenizer.json to {(space ? "false" : "true")}; " +
                "the former holds, as in transformers.");
            list.Add(PieceCutters.ByteLevel(space, only.Only("type", "add_prefix_space", "trim_offsets", "use_regex").Flag("use_regex", absent: true)));
            return (list, true);
        }
        int lengthening = Add(only, list, ref spells);
        if (list.Count > MostSteps) throw only.Unsupported($"A chain of {list.Count} pre-tokenizers");
        if (lengthening > MostLengthening) throw only.Unsupported($"A chain of {lengthening} pre-tokenizers that lengthen the text, ByteLevel or Metaspace,");
        return (list, spells);
    }

    // Each goes over the whole text; real tokenizers have at most a dozen.
    const int MostSteps = 1000;

    // Each may double every piece; real tokenizers have one.
    const int MostLengthening = 8;

    /// <returns>How many of those that were added can make a text longer.</returns>
    static int Add(TokenizerNode node, List<PieceCutter> list, ref bool spells)
    {
        string type = node.Get("type").Text;
        if (type == "Sequence")
        {
            int lengthening = 0;
            foreach (var part in node.Only("type", "pretokenizers").Get("pretokenizers").Items()) lengthening += Add(part, list, ref spells);
            return lengthening;
        }
        list.Add(type switch
        {
            "ByteLevel" => ByteLevel(node),
            "Split" => Split(node),
            "Digits" => PieceCutters.At(CodeClasses.IsNumeric,
                node.Only("type", "individual_digits").Flag("individual_digits") ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
            "Punctuation" => PieceCutters.At(CodeClasses.IsPunctuation,
                node.Only("type", "behavior").Some("behavior") is { } behavior ? Behavior(behavior) : SplitBehavior.Isolated),
            "Whitespace" => Plain(node, PieceCutters.Whitespace()),
            "WhitespaceSplit" => Plain(node, PieceCutters.At(CodeClasses.IsSpace, SplitBehavior.Removed)),
            "BertPreTokenizer" => Plain(node, PieceCutters.Bert()),
            "CharDelimiterSplit" => PieceCutters.Split(Pattern.Literal(node.Only("type", "delimiter").Get("delimiter").Character), SplitBehavior.Removed),
            "FixedLength" => FixedLength(node),
            "Metaspace" => Metaspace(node),
            _ => throw node.Unsupported($"Pre-tokenizer '{type}'"),
        });
        spells |= type == "ByteLevel";
        return type is "ByteLevel" or "Metaspace" ? 1 : 0;
    }

    static PieceCutter Plain(TokenizerNode node, PieceCutter cutter)
    {
        node.Only("type");
        return cutter;
    }

    static PieceCutter ByteLevel(TokenizerNode node)
    {
        node.Only("type", "add_prefix_space", "trim_offsets", "use_regex");
        return PieceCutters.ByteLevel(node.Get("add_prefix_space").Bool, node.Flag("use_regex", absent: true));
    }

    static PieceCutter Split(TokenizerNode node)
    {
        node.Only("type", "pattern", "behavior", "invert");
        return PieceCutters.Split(PatternJson.Read(node.Get("pattern")), Behavior(node.Get("behavior")), node.Flag("invert"));
    }

    static PieceCutter FixedLength(TokenizerNode node)
    {
        int length = node.Only("type", "length").Some("length")?.Count ?? 5;
        return length > 0 ? PieceCutters.FixedLength(length) : throw node.Wrong("The length of pieces is 0.");
    }

    static PieceCutter Metaspace(TokenizerNode node)
    {
        var (replacement, scheme) = MetaspaceJson.Read(node);
        return PieceCutters.Metaspace(replacement, scheme, node.Flag("split", absent: true));
    }

    static SplitBehavior Behavior(TokenizerNode node) =>
        Enum.TryParse<SplitBehavior>(node.Text, out var behavior) && Enum.GetName(behavior) == node.Text
            ? behavior
            : throw node.Unsupported($"Split behaviour '{node.Text}'");
}

/// <summary>What Metaspace says alike as a pre-tokenizer and as a decoder.</summary>
static class MetaspaceJson
{
    /// <summary>The replacement and the scheme, which older files give as <c>add_prefix_space</c>.</summary>
    /// <exception cref="InputException">Damaged, or the two contradict each other.</exception>
    public static (string Replacement, PrependScheme Scheme) Read(TokenizerNode node)
    {
        node.Only("type", "replacement", "str_rep", "add_prefix_space", "prepend_scheme", "split");
        string replacement = node.Get("replacement").Character;
        var scheme = node.Some("prepend_scheme") is not { } named ? PrependScheme.Always : named.Text switch
        {
            "first" => PrependScheme.First,
            "always" => PrependScheme.Always,
            "never" => PrependScheme.Never,
            var other => throw named.Unsupported($"The prepend scheme '{other}'"),
        };
        if (node.Flag("add_prefix_space", absent: true)) return (replacement, scheme);
        if (node.Some("prepend_scheme") is not null && scheme != PrependScheme.Never)
            throw node.Wrong("add_prefix_space is false, and prepend_scheme is not 'never'.");
        return (replacement, PrependScheme.Never);
    }
}
