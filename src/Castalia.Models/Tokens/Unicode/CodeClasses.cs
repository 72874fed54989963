using System.Globalization;

namespace Castalia.Tokens;

/// <summary>Classes of code points as the reference implementations see them.</summary>
/// <remarks>
/// Patterns there are Oniguruma's, whose tables are of Unicode 16, as .NET 10's are: a test compares the counts. Its own character
/// tests come from elsewhere: punctuation from a table of Unicode 8, digits from one of Unicode 17; what differs is listed here.
/// </remarks>
static class CodeClasses
{
    /// <summary>The two-letter name of a code point's general category; "Cn" where it has none.</summary>
    public static string Category(int code) => CharUnicodeInfo.GetUnicodeCategory(code) switch
    {
        UnicodeCategory.UppercaseLetter => "Lu",
        UnicodeCategory.LowercaseLetter => "Ll",
        UnicodeCategory.TitlecaseLetter => "Lt",
        UnicodeCategory.ModifierLetter => "Lm",
        UnicodeCategory.OtherLetter => "Lo",
        UnicodeCategory.NonSpacingMark => "Mn",
        UnicodeCategory.SpacingCombiningMark => "Mc",
        UnicodeCategory.EnclosingMark => "Me",
        UnicodeCategory.DecimalDigitNumber => "Nd",
        UnicodeCategory.LetterNumber => "Nl",
        UnicodeCategory.OtherNumber => "No",
        UnicodeCategory.ConnectorPunctuation => "Pc",
        UnicodeCategory.DashPunctuation => "Pd",
        UnicodeCategory.OpenPunctuation => "Ps",
        UnicodeCategory.ClosePunctuation => "Pe",
        UnicodeCategory.InitialQuotePunctuation => "Pi",
        UnicodeCategory.FinalQuotePunctuation => "Pf",
        UnicodeCategory.OtherPunctuation => "Po",
        UnicodeCategory.MathSymbol => "Sm",
        UnicodeCategory.CurrencySymbol => "Sc",
        UnicodeCategory.ModifierSymbol => "Sk",
        UnicodeCategory.OtherSymbol => "So",
        UnicodeCategory.SpaceSeparator => "Zs",
        UnicodeCategory.LineSeparator => "Zl",
        UnicodeCategory.ParagraphSeparator => "Zp",
        UnicodeCategory.Control => "Cc",
        UnicodeCategory.Format => "Cf",
        UnicodeCategory.Surrogate => "Cs",
        UnicodeCategory.PrivateUse => "Co",
        _ => "Cn",
    };

    /// <summary>White_Space.</summary>
    public static bool IsSpace(int code) => code <= char.MaxValue && char.IsWhiteSpace((char)code);

    /// <summary>A pattern's <c>\w</c> inside a class: word characters less the joiners.</summary>
    public static bool IsWordInClass(int code) => code is not (0x200C or 0x200D) && IsWord(code);

    /// <summary>A pattern's <c>\w</c> by itself, which takes in Latin 1's superscripts and fractions.</summary>
    public static bool IsWordInPattern(int code) => IsWordInClass(code) || code is 0xB2 or 0xB3 or 0xB9 or 0xBC or 0xBD or 0xBE;

    /// <summary>The word characters by which Whitespace and <c>single_word</c> go (UTS #18): Alphabetic, marks, decimal digits, connectors, joiners.</summary>
    public static bool IsWord(int code) => Category(code) is ['L' or 'M', _] or "Nl" or "Nd" or "Pc" || code is
        0x200C or 0x200D or (>= 0x24B6 and <= 0x24E9) or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);

    /// <summary>What the pre-tokenizer Digits takes for a digit: every numeric category.</summary>
    public static bool IsNumeric(int code) => Category(code)[0] == 'N' || code is (>= 0x11DE0 and <= 0x11DE9) or (>= 0x16FF4 and <= 0x16FF6);

    /// <summary>What the pre-tokenizers Punctuation and BertPreTokenizer take for punctuation: ASCII's, and the categories P of Unicode 8.</summary>
    public static bool IsPunctuation(int code) => code < 0x80
        ? code is (>= '!' and <= '/') or (>= ':' and <= '@') or (>= '[' and <= '`') or (>= '{' and <= '~')
        : code is 0x166D or 0x111C9 || (Category(code)[0] == 'P' && !LaterPunctuation.Contains(code));

    static readonly HashSet<int> LaterPunctuation =
    [
        .. ("61D 9FD A76 C77 C84 1B4E-1B4F 1B7D-1B7F 2E43-2E4F 2E52-2E5D 10D6E 10EAD 10F55-10F59 10F86-10F89 113D4-113D5 113D7-113D8 " +
            "1144B-1144F 1145A-1145B 1145D 11660-1166C 116B9 1183B 11944-11946 119E2 11A3F-11A46 11A9A-11A9C 11A9E-11AA2 11B00-11B09 " +
            "11BE1 11C41-11C45 11C70-11C71 11EF7-11EF8 11F43-11F4F 11FFF 12FF1-12FF2 16D6D-16D6F 16E97-16E9A 16FE2 1E5FF 1E95E-1E95F")
            .Split(' ').SelectMany(Range),
    ];

    /// <summary>The code points of a script, of Unicode 16; null for one that is not carried.</summary>
    public static Func<int, bool>? Script(string name) => name switch
    {
        "Han" => In("2E80-2E99 2E9B-2EF3 2F00-2FD5 3005 3007 3021-3029 3038-303B 3400-4DBF 4E00-9FFF F900-FA6D FA70-FAD9 16FE2-16FE3 " +
            "16FF0-16FF1 20000-2A6DF 2A700-2B739 2B740-2B81D 2B820-2CEA1 2CEB0-2EBE0 2EBF0-2EE5D 2F800-2FA1D 30000-3134A 31350-323AF"),
        "Hiragana" => In("3041-3096 309D-309F 1B001-1B11F 1B132 1B150-1B152 1F200"),
        "Katakana" => In("30A1-30FA 30FD-30FF 31F0-31FF 32D0-32FE 3300-3357 FF66-FF6F FF71-FF9D 1AFF0-1AFF3 1AFF5-1AFFB 1AFFD-1AFFE 1B000 " +
            "1B120-1B122 1B155 1B164-1B167"),
        "Hangul" => In("1100-11FF 302E-302F 3131-318E 3200-321E 3260-327E A960-A97C AC00-D7A3 D7B0-D7C6 D7CB-D7FB FFA0-FFBE FFC2-FFC7 " +
            "FFCA-FFCF FFD2-FFD7 FFDA-FFDC"),
        _ => null,
    };

    static Func<int, bool> In(string ranges)
    {
        (int First, int Last)[] bounds = [.. ranges.Split(' ').Select(Bounds)];
        return code => bounds.Any(b => code >= b.First && code <= b.Last);
    }

    static IEnumerable<int> Range(string range)
    {
        var (first, last) = Bounds(range);
        return Enumerable.Range(first, last - first + 1);
    }

    static (int First, int Last) Bounds(string range)
    {
        string[] ends = range.Split('-');
        return (Hex(ends[0]), Hex(ends[^1]));
    }

    static int Hex(string digits) => int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
