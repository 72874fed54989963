using System.Text;

namespace Castalia.Tokens;

/// <summary>Reads a bracketed class of a pattern, after its opening bracket.</summary>
ref struct ClassReader(string pattern, int at, bool anyCase, int depth)
{
    readonly string _pattern = pattern;
    readonly bool _anyCase = anyCase;
    readonly int _depth = depth < PatternReader.MostDepth ? depth + 1 : throw PatternReader.TooDeep();

    /// <summary>Where reading stands: after the closing bracket once read.</summary>
    public int At { get; private set; } = at;

    readonly char Next => At >= _pattern.Length ? throw new PatternException("a '[' that is not closed") : _pattern[At];

    /// <summary>Reads up to the closing bracket.</summary>
    /// <exception cref="PatternException">The class is malformed or asks for what is not done.</exception>
    public CodeSet Read()
    {
        bool negated = Next == '^';
        if (negated) At++;
        if (Next == ']') throw new PatternException("']' at the beginning of a class");
        var all = new List<CodeSet>();
        var union = new List<CodeSet>(); // in one: a set of sets of sets would be asked as deep as the class is long
        while (Next != ']')
        {
            if (Next == '&' && At + 1 < _pattern.Length && _pattern[At + 1] == '&')
            {
                At += 2;
                Close(all, union, "'&&' after nothing");
                continue;
            }
            union.Add(Item());
        }
        At++;
        Close(all, union, "'&&' before nothing");
        var set = CodeSet.AllOf(all);
        return negated ? set.Negated : set;
    }

    static void Close(List<CodeSet> all, List<CodeSet> union, string ifEmpty)
    {
        all.Add(union.Count > 0 ? CodeSet.AnyOf(union) : throw new PatternException(ifEmpty));
        union.Clear();
    }

    CodeSet Item()
    {
        if (Next == '[')
        {
            At++;
            if (Next == ':') return Posix();
            var inner = new ClassReader(_pattern, At, _anyCase, _depth);
            var set = inner.Read();
            At = inner.At;
            return set;
        }
        var (code, named) = Code();
        if (named is not null) return named;
        // A range; '-' before the closing bracket or a set stands for itself.
        if (Next != '-' || At + 1 >= _pattern.Length || _pattern[At + 1] is ']' or '[') return CodeFolding.One(code, _anyCase);
        At++;
        var (end, endSet) = Code();
        if (endSet is not null || end < code) throw new PatternException($"the range {Show(code)}-{(endSet is null ? Show(end) : "…")}");
        return CodeFolding.Range(code, end, _anyCase);
    }

    (int Code, CodeSet? Set) Code()
    {
        if (Next == '\\')
        {
            int position = At;
            var escape = Escape.Read(_pattern, ref position, _anyCase, inClass: true);
            At = position;
            return escape;
        }
        var rune = Rune.GetRuneAt(_pattern, At);
        At += rune.Utf16SequenceLength;
        return (rune.Value, null);
    }

    CodeSet Posix()
    {
        int end = _pattern.IndexOf(":]", At, StringComparison.Ordinal);
        string name = end < 0 ? throw new PatternException("'[:' without ':]'") : _pattern[(At + 1)..end];
        At = end + 2;
        bool negated = name.StartsWith('^');
        var set = (negated ? name[1..] : name) switch
        {
            "space" => new CodeSet(CodeClasses.IsSpace),
            "digit" => new CodeSet(code => CodeClasses.Category(code) == "Nd"),
            "word" => new CodeSet(CodeClasses.IsWordInClass),
            "punct" => new CodeSet(code => CodeClasses.Category(code)[0] is 'P' or 'S'),
            "cntrl" => new CodeSet(code => CodeClasses.Category(code) == "Cc"),
            "xdigit" => new CodeSet(code => code < 0x80 && char.IsAsciiHexDigit((char)code)),
            _ => throw new PatternException($"the class [:{name}:]"),
        };
        return negated ? set.Negated : set;
    }

    static string Show(int code) => $"U+{code:X4}";
}
