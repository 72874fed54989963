using Castalia.Tokens;

namespace Castalia.Conversion;

/// <summary>Where two tokenizers part ways.</summary>
/// <remarks>Cutters are functions and cannot be compared by themselves: what they do to texts is.</remarks>
static class TokenizerCheck
{
    const int TokensInAText = 200;

    /// <summary>Scripts, digits, white space, contractions, signs and combinations, where pre-tokenizers differ from each other.</summary>
    static readonly string[] Texts =
    [
        "", " ", "a", " a", "  a  ", "The year 1984, it's 3.14159 and 1000000; we'll see: DON'T I'VE you'Re",
        "def f(x):\n\treturn x ** 2  # naïve\r\n\r\n    if x != 0x1F:\n", "a\n\n\n b \n c\u00A0d\u3000e\u2028f\u200Bg",
        "Ünïcödé e\u0301 a\u0323\u0307 \u212B \uFB01 ΑΒΓ Привет, мир! שלום مرحبا नमस्ते สวัสดี 你好，世界。 こんにちは 안녕",
        "①②③ ½ ٣٤٥ Ⅷ ²³ 12,345.67€ $100 50% 1st 2nd", "🙂👩‍👩‍👧 🇩🇪 𝔘𝔫𝔦 𐐷", "!!! ... --- ===> (a) [b] {c} <d> |e| ~`@#$^&*_+\\/",
        "CamelCaseWords HTMLParser iPhone xX", "\0\u0001\u001F\u007F\u0085 \uFFFD \uFEFF",
    ];

    /// <summary>The first difference found, in words; null where there is none.</summary>
    public static string? Difference(PipelineTokenizer expected, PipelineTokenizer found) =>
        PartOf(expected.Parts, found.Parts) is { } part ? $"{part} would differ" : TextOf(expected, found);

    static string? PartOf(PipelineParts a, PipelineParts b)
    {
        if (a.Model.Vocabulary.Count != b.Model.Vocabulary.Count || !a.Model.Vocabulary.All(p => b.Model.Vocabulary.TryGetValue(p.Key, out int id) && id == p.Value))
            return "the vocabulary";
        if (!a.Model.Merges.SequenceEqual(b.Model.Merges)) return "the merges";
        if (a.Model with { Vocabulary = b.Model.Vocabulary, Merges = b.Model.Merges } != b.Model) return "the rules of merging";
        if (!Added(a).SequenceEqual(Added(b))) return "the tokens that are cut out of a text first";
        if (!a.Normalizers.SequenceEqual(b.Normalizers)) return "the normalisation";
        if (a.Decoder != b.Decoder) return "the decoder";
        if (a.BosId != b.BosId) return "BOS";
        return a.Prefix.SequenceEqual(b.Prefix) && a.Suffix.SequenceEqual(b.Suffix) ? null : "what stands around a text";
    }

    // Special decides between two of the same text, and GGUF's vocabularies hold none twice.
    static IEnumerable<AddedToken> Added(PipelineParts parts) => parts.AddedTokens.OrderBy(t => t.Id).Select(t => t with { Special = false });

    static string? TextOf(PipelineTokenizer a, PipelineTokenizer b)
    {
        foreach (string text in Texts.Concat(OfWholeVocabulary(a)))
        {
            var ids = a.Encode(text, out int dropped);
            if (!ids.SequenceEqual(b.Encode(text, out int alsoDropped)) || dropped != alsoDropped || a.Decode(ids) != b.Decode(ids))
                return $"a text would get other tokens: {text[..Math.Min(text.Length, 60)]}";
        }
        return null;
    }

    static IEnumerable<string> OfWholeVocabulary(PipelineTokenizer tokenizer) =>
        Enumerable.Range(0, tokenizer.IdCount).Chunk(TokensInAText).Select(ids => tokenizer.Decode(ids));
}
