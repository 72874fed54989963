using Castalia.Errors;

namespace Castalia.Tokens;

/// <summary>The <c>normalizer</c> of a tokenizer.json.</summary>
static class NormalizerJson
{
    /// <summary>The normalisers in order, and whether one spells the text as bytes.</summary>
    /// <exception cref="InputException">Damaged, or a normaliser that is not supported.</exception>
    public static (IReadOnlyList<Func<string, string>> Normalizers, bool SpellsBytes) Read(TokenizerNode? node)
    {
        var list = new List<Func<string, string>>();
        bool spells = false;
        if (node is { } normalizer) Add(normalizer, list, ref spells);
        return (list, spells);
    }

    static void Add(TokenizerNode node, List<Func<string, string>> list, ref bool spells)
    {
        string type = node.Get("type").Text;
        switch (type)
        {
            case "Sequence":
                foreach (var part in node.Only("type", "normalizers").Get("normalizers").Items()) Add(part, list, ref spells);
                return;
            case "Prepend":
                list.Add(Normalizers.Prepend(node.Only("type", "prepend").Get("prepend").Text));
                return;
            case "Replace":
                node.Only("type", "pattern", "content");
                list.Add(Normalizers.Replace(PatternJson.Read(node.Get("pattern")), node.Get("content").Text));
                return;
            case "Strip":
                node.Only("type", "strip_left", "strip_right");
                list.Add(Normalizers.Strip(node.Get("strip_left").Bool, node.Get("strip_right").Bool));
                return;
        }
        list.Add(type switch
        {
            "NFC" => UnicodeNormalization.Nfc,
            "NFD" => UnicodeNormalization.Nfd,
            "NFKC" => UnicodeNormalization.Nfkc,
            "NFKD" => UnicodeNormalization.Nfkd,
            "Lowercase" => Normalizers.Lowercase,
            "StripAccents" => Normalizers.StripAccents,
            "Nmt" => Normalizers.Nmt,
            "ByteLevel" => ByteAlphabet.Spell,
            _ => throw node.Unsupported($"Normaliser '{type}'"),
        });
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
