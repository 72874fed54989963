namespace Castalia.Tokens;

/// <summary>Sets of single characters and ranges, in one case or in either.</summary>
/// <remarks>In either case ASCII letters only, with the two characters beyond ASCII that fold to one: ſ (s) and the kelvin sign (k).</remarks>
static class CodeFolding
{
    /// <summary>One character.</summary>
    /// <exception cref="PatternException">A letter beyond ASCII is asked for in either case.</exception>
    public static CodeSet One(int code, bool anyCase) => !anyCase && code < Ascii.Length ? Ascii[code] ??= Range(code, code, anyCase) : Range(code, code, anyCase);

    static readonly CodeSet?[] Ascii = new CodeSet?[0x80]; // patterns are made of few letters, some of thousands

    /// <summary>The characters from one to another.</summary>
    /// <exception cref="PatternException">A letter beyond ASCII is asked for in either case.</exception>
    public static CodeSet Range(int first, int last, bool anyCase)
    {
        if (!anyCase) return new CodeSet(code => code >= first && code <= last);
        if (last >= 0x80 && (first != last || CodeClasses.Category(first)[0] is 'L' or 'M'))
            throw new PatternException($"U+{last:X4} in either case");
        return new CodeSet(code => Variants(code).Any(c => c >= first && c <= last));
    }

    static int[] Variants(int code) => code switch
    {
        0x17F => ['s', 'S'],
        0x212A => ['k', 'K'],
        < 0x80 when char.IsAsciiLetter((char)code) => [code | 0x20, code & ~0x20],
        _ => [code],
    };
}
