using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>The <c>normalizer</c> of a tokenizer.json.</summary>
static class NormalizerJson
{
    const int MostSteps = 1000; // each goes over the whole text; real tokenizers have at most some dozen

    /// <summary>The normalisers in order, and whether one spells the text as bytes.</summary>
    /// <exception cref="InputException">Damaged, or a normaliser that is not supported.</exception>
    public static (IReadOnlyList<TextChange> Normalizers, bool SpellsBytes) Read(TokenizerNode? node)
    {
        var list = new List<TextChange>();
        bool spells = false;
        if (node is { } normalizer) Add(normalizer, list, ref spells);
        if (list.Count > MostSteps) throw node!.Value.Unsupported($"A chain of {list.Count} normalisers");
        return (list, spells);
    }

    static void Add(TokenizerNode node, List<TextChange> list, ref bool spells)
    {
        string type = node.Get("type").Text;
        switch (type)
        {
            case "Sequence":
                foreach (var part in node.Only("type", "normalizers").Get("normalizers").Items()) Add(part, list, ref spells);
                return;
            case "Prepend":
                string prefix = node.Only("type", "prepend").Get("prepend").Text;
                if (prefix.Length == 0) throw node.Unsupported("An empty Prepend, with which the reference doubles the first character,");
                list.Add(Normalizers.Prepend(prefix));
                return;
            case "Replace":
                node.Only("type", "pattern", "content");
                list.Add(Normalizers.Replace(PatternJson.Read(node.Get("pattern")), node.Get("content").Text));
                return;
            case "NFC": // the one that other formats name too
                node.Only("type");
                list.Add(UnicodeNormalization.Nfc);
                return;
            case "Strip":
                node.Only("type", "strip_left", "strip_right");
                list.Add(Normalizers.Strip(node.Get("strip_left").Bool, node.Get("strip_right").Bool));
                return;
        }
        list.Add(Normalizers.Each(type switch
        {
            "NFD" => UnicodeNormalization.Nfd,
            "NFKC" => UnicodeNormalization.Nfkc,
            "NFKD" => UnicodeNormalization.Nfkd,
            "Lowercase" => Normalizers.Lowercase,
            "StripAccents" => Normalizers.StripAccents,
            "Nmt" => Normalizers.Nmt,
            "ByteLevel" => ByteAlphabet.Spell,
            _ => throw node.Unsupported($"Normaliser '{type}'"),
        }));
        node.Only("type");
        spells |= type == "ByteLevel";
    }
}

/// <summary>A <c>pattern</c> of a tokenizer.json: a text or a regular expression.</summary>
static class PatternJson
{
    /// <summary>Reads it.</summary>
    /// <exception cref="InputException">Damaged, or a pattern that is not supported.</exception>
    public static Pattern Read(TokenizerNode node)
    {
        node.Only("String", "Regex");
        if (node.Find("String") is { } text && node.Find("Regex") is null)
            return text.Text.Length > 0 ? Pattern.Literal(text.Text) : throw text.Unsupported("An empty pattern");
        string source = node.Get("Regex").Text;
        if (node.Find("String") is not null) throw node.Wrong("The pattern is both a text and a regular expression.");
        try
        {
            return Pattern.Regex(source);
        }
        catch (PatternException e)
        {
            throw TokenizerErrors.BadPattern(node.File, node.Path, source, e.Message);
        }
    }
}
