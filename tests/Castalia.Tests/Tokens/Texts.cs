using System.Text;
using CsCheck;

namespace Castalia.Tests.Tokens;

/// <summary>Random texts of everything that has ever troubled a tokenizer.</summary>
static class Texts
{
    static readonly Gen<string> Part = Gen.OneOf(
        Gen.Char['a', 'z'].Array[1, 6].Select(c => new string(c)),
        One(" ", "  ", "    ", "\n", "\r\n", "\t", "\u00A0", "\u0085", "\u2028", "\u3000", "\u200B", "\u200D"),
        One("'s", "'LL", "'", "1", "23", "4567", "²", "½", "Ⅻ", "٣"),
        One("e\u0301", "\u0301", "\u1100\u1161\u11A8", "각", "Å", "ﬁ", "\u0958", "\u0344"),
        One("👩‍👩‍👧‍👦", "🇮🇹", "𝒜", "𠀀", "é", "Привет", "שלום", "日本語", "นี่"),
        One("<|endoftext|>", "<|im_start|>", "<|begin_of_text|>", "<s>", "</s>", "<bos>", "<0x41>", "▁", "\0", "\u0007", "\uFEFF", "\uFFFD"),
        Gen.Int[0, 0x10FFFF].Where(code => code is < 0xD800 or > 0xDFFF).Select(code => new Rune(code).ToString()));

    /// <summary>Well-formed UTF-16 of up to a dozen parts.</summary>
    public static readonly Gen<string> Any = Part.Array[0, 12].Select(string.Concat);

    static Gen<string> One(params string[] parts) => Gen.Int[0, parts.Length - 1].Select(i => parts[i]);
}
