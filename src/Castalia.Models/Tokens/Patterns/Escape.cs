using System.Globalization;

namespace Castalia.Tokens;

/// <summary>What follows a backslash: a character or a set of them.</summary>
static class Escape
{
    /// <summary>Reads an escape that stands for characters, from its backslash on.</summary>
    /// <exception cref="PatternException">It is malformed or asks for what is not done.</exception>
    public static (int Code, CodeSet? Set) Read(string pattern, ref int at, bool anyCase, bool inClass = false)
    {
        if (at + 1 >= pattern.Length) throw new PatternException("a backslash at its end");
        char c = pattern[at + 1];
        at += 2;
        if (Set(c, inClass) is { } set)
        {
            if (anyCase && c is 'w' or 'W') throw new PatternException($"'\\{c}' in either case");
            return (0, set);
        }
        switch (c)
        {
            case 'p' or 'P':
                if (anyCase) throw new PatternException($"'\\{c}' in either case"); // there it takes in what its members fold to
                return (0, Property(pattern, ref at, negated: c == 'P'));
            case 't': return ('\t', null);
            case 'n': return ('\n', null);
            case 'r': return ('\r', null);
            case 'f': return ('\f', null);
            case 'v': return ('\v', null);
            case 'a': return ('\a', null);
            case 'e': return (0x1B, null);
            case 'x': return (Hex(pattern, ref at), null);
            case 'u': return (Digits(pattern, ref at, 4), null);
            default:
                if (char.IsAsciiLetterOrDigit(c) || c >= 0x80) throw new PatternException($"'\\{c}'");
                return (c, null);
        }
    }

    static CodeSet? Set(char c, bool inClass) => c switch
    {
        's' => new CodeSet(CodeClasses.IsSpace),
        'd' => new CodeSet(code => CodeClasses.Category(code) == "Nd"),
        'w' => new CodeSet(inClass ? CodeClasses.IsWordInClass : CodeClasses.IsWordInPattern),
        'h' => new CodeSet(code => code < 0x80 && char.IsAsciiHexDigit((char)code)),
        _ when char.IsAsciiLetterUpper(c) && c is 'S' or 'D' or 'W' or 'H' => Set(char.ToLowerInvariant(c), inClass)!.Negated,
        _ => null,
    };

    static CodeSet Property(string pattern, ref int at, bool negated)
    {
        int end = at < pattern.Length && pattern[at] == '{' ? pattern.IndexOf('}', at) : -1;
        string name = end < 0 ? throw new PatternException("'\\p' without a name in braces") : pattern[(at + 1)..end];
        at = end + 1;
        if (name.StartsWith('^')) negated = !negated;
        var test = Category(name.TrimStart('^')) ?? CodeClasses.Script(name.TrimStart('^')) ?? throw new PatternException($"'\\p{{{name}}}'");
        return negated ? new CodeSet(test).Negated : new CodeSet(test);
    }

    static Func<int, bool>? Category(string name)
    {
        string category = name switch
        {
            "Letter" => "L",
            "Mark" => "M",
            "Number" => "N",
            "Punctuation" or "Punct" => "P",
            "Symbol" => "S",
            "Separator" => "Z",
            "Other" => "C",
            "Uppercase_Letter" => "Lu",
            "Lowercase_Letter" => "Ll",
            "Decimal_Number" => "Nd",
            _ => name,
        };
        return category switch
        {
            "Any" => _ => true,
            ['L' or 'M' or 'N' or 'P' or 'S' or 'Z' or 'C'] => code => CodeClasses.Category(code)[0] == category[0],
            "Lu" or "Ll" or "Lt" or "Lm" or "Lo" or "Mn" or "Mc" or "Me" or "Nd" or "Nl" or "No" or "Pc" or "Pd" or "Ps" or "Pe" or "Pi" or
                "Pf" or "Po" or "Sm" or "Sc" or "Sk" or "So" or "Zs" or "Zl" or "Zp" or "Cc" or "Cf" or "Co" or "Cn" =>
                code => CodeClasses.Category(code) == category,
            _ => null,
        };
    }

    static int Hex(string pattern, ref int at)
    {
        if (at < pattern.Length && pattern[at] == '{')
        {
            int end = pattern.IndexOf('}', at), code = -1;
            if (end < 0 || !int.TryParse(pattern.AsSpan(at + 1, end - at - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code) ||
                code is < 0 or > 0x10FFFF or (>= 0xD800 and <= 0xDFFF))
                throw new PatternException("'\\x{…}' that is no code point");
            at = end + 1;
            return code;
        }
        int value = Digits(pattern, ref at, 2);
        return value < 0x80 ? value : throw new PatternException($"the byte \\x{value:x2}");
    }

    static int Digits(string pattern, ref int at, int count)
    {
        if (at + count > pattern.Length ||
            !int.TryParse(pattern.AsSpan(at, count), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) ||
            value is >= 0xD800 and <= 0xDFFF)
            throw new PatternException("hexadecimal digits that are no code point");
        at += count;
        return value;
    }
}
