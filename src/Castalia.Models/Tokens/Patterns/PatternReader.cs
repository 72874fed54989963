using System.Globalization;
using System.Text;

namespace Castalia.Tokens;

/// <summary>A pattern that is malformed, or uses what is not done here; the message says which.</summary>
sealed class PatternException(string message) : Exception(message);

/// <summary>Reads patterns in Oniguruma's Ruby syntax, which tokenizer files are written in.</summary>
/// <remarks>
/// There <c>^</c> and <c>$</c> mean lines, a class may hold classes, <c>\h</c> is a hexadecimal digit and <c>{n,m}+</c> repeats a
/// repetition. Groups capture nothing here. Not done: back references, conditions, <c>\R \X \K \G</c>, recursion.
/// </remarks>
ref struct PatternReader(string pattern)
{
    /// <summary>The longest pattern that is read; characters. Those of real tokenizers have some hundred.</summary>
    public const int MostLength = 10_000;

    /// <summary>The most groups and classes in one another; real tokenizers have three.</summary>
    public const int MostDepth = 100;

    readonly string _pattern = pattern;
    int _at, _depth;
    bool _anyCase, _dotAll;

    /// <summary>Reads a whole pattern.</summary>
    /// <exception cref="PatternException">It is malformed or asks for what is not done.</exception>
    public static PatternNode Read(string pattern)
    {
        if (pattern.Length > MostLength) throw new PatternException($"it has {pattern.Length} characters, and patterns are read up to {MostLength}");
        var reader = new PatternReader(pattern);
        reader._anyCase = reader.Take("(?i)"); // elsewhere than here it is open to two readings
        var node = reader.Choice();
        return reader.AtEnd ? node : throw new PatternException($"an unopened ')' at {reader._at}");
    }

    /// <summary>What is thrown for groups and classes in one another beyond <see cref="MostDepth"/>.</summary>
    public static PatternException TooDeep() => new($"groups or classes are nested more than {MostDepth} deep");

    readonly bool AtEnd => _at >= _pattern.Length;

    readonly char Next => AtEnd ? throw new PatternException("its end in the middle of something") : _pattern[_at];

    bool Take(string what)
    {
        if (string.CompareOrdinal(_pattern, _at, what, 0, what.Length) != 0) return false;
        _at += what.Length;
        return true;
    }

    PatternNode Choice()
    {
        var branches = new List<PatternNode> { Sequence() };
        while (Take("|")) branches.Add(Sequence());
        return branches.Count == 1 ? branches[0] : new PatternNode.Choice(branches);
    }

    PatternNode.Sequence Sequence()
    {
        var parts = new List<PatternNode>();
        char before = '\0';
        while (!AtEnd && Next is not ('|' or ')'))
        {
            int start = _at;
            var part = Atom(out char letter);
            // Oniguruma folds these pairs to one character (ß, ﬀ, ﬁ, ﬂ, ﬆ).
            if (_anyCase && (before, letter) is ('s', 's') or ('f', 'f') or ('f', 'i') or ('f', 'l') or ('s', 't'))
                throw new PatternException($"'{before}{letter}' in either case");
            var repeated = part is null ? null : Repeated(part, start);
            before = repeated is PatternNode.One ? letter : '\0';
            if (repeated is not null) parts.Add(repeated);
        }
        return new PatternNode.Sequence(parts);
    }

    /// <summary>What stands before a quantifier; null for a comment.</summary>
    PatternNode? Atom(out char letter)
    {
        letter = '\0';
        switch (Next)
        {
            case '(':
                _at++;
                return Group();
            case '[':
                _at++;
                var classes = new ClassReader(_pattern, _at, _anyCase, _depth);
                var set = classes.Read();
                _at = classes.At;
                return new PatternNode.One(set);
            case '.':
                _at++;
                bool all = _dotAll;
                return new PatternNode.One(all ? Any : NoLineFeed);
            case '^':
                _at++;
                return new PatternNode.At(Place.LineStart);
            case '$':
                _at++;
                return new PatternNode.At(Place.LineEnd);
            case '*' or '+' or '?':
                throw new PatternException($"'{Next}' after nothing at {_at}");
            case '\\' when _at + 1 < _pattern.Length && PlaceOf(_pattern[_at + 1]) is { } place:
                _at += 2;
                return new PatternNode.At(place);
            default:
                return new PatternNode.One(Literal(out letter));
        }
    }

    static readonly CodeSet Any = new(_ => true), NoLineFeed = new(code => code != '\n');

    CodeSet Literal(out char letter)
    {
        letter = '\0';
        if (Next == '\\')
        {
            var escape = Escape.Read(_pattern, ref _at, _anyCase);
            if (escape.Set is { } set) return set;
            letter = escape.Code < 0x80 ? char.ToLowerInvariant((char)escape.Code) : '\0';
            return CodeFolding.One(escape.Code, _anyCase);
        }
        var rune = Rune.GetRuneAt(_pattern, _at);
        _at += rune.Utf16SequenceLength;
        letter = rune.IsAscii ? char.ToLowerInvariant((char)rune.Value) : '\0';
        return CodeFolding.One(rune.Value, _anyCase);
    }

    static Place? PlaceOf(char c) => c switch
    {
        'A' => Place.TextStart,
        'z' => Place.TextEnd,
        'Z' => Place.LastLineEnd,
        'b' => Place.WordEdge,
        'B' => Place.NoWordEdge,
        _ => null,
    };

    PatternNode? Group()
    {
        if (Take("?#"))
        {
            while (Next != ')') _at++;
            _at++;
            return null;
        }
        if (_depth++ == MostDepth) throw TooDeep();
        bool anyCase = _anyCase, dotAll = _dotAll;
        PatternNode node;
        if (Take("?:")) node = Choice();
        else if (Take("?=")) node = new PatternNode.Look(Choice(), Behind: false, Negated: false);
        else if (Take("?!")) node = new PatternNode.Look(Choice(), Behind: false, Negated: true);
        else if (Take("?<=")) node = Behind(negated: false);
        else if (Take("?<!")) node = Behind(negated: true);
        else if (Take("?>")) node = new PatternNode.Atomic(Choice());
        else if (Take("?<") && char.IsLetter(Next)) node = Named();
        else if (Take("?")) node = Options();
        else node = Choice();
        if (!Take(")")) throw new PatternException("a '(' that is not closed");
        (_anyCase, _dotAll) = (anyCase, dotAll);
        _depth--;
        return node;
    }

    PatternNode.Look Behind(bool negated)
    {
        var body = Choice();
        var (least, most) = body.Width;
        if (least != most) throw new PatternException("a lookbehind of more than one width");
        return new PatternNode.Look(body, Behind: true, negated);
    }

    PatternNode Named()
    {
        while (Next != '>') _at++;
        _at++;
        return Choice();
    }

    /// <summary><c>(?i:…)</c> and its like.</summary>
    PatternNode Options()
    {
        bool on = true;
        for (; Next != ':'; _at++)
        {
            switch (Next)
            {
                case '-': on = false; break;
                case 'i': _anyCase = on; break;
                case 'm': _dotAll = on; break;
                case ')': throw new PatternException("'(?…)' without ':' after the pattern's beginning");
                default: throw new PatternException($"'(?{Next}'");
            }
        }
        _at++;
        return Choice();
    }

    PatternNode Repeated(PatternNode body, int start)
    {
        if (AtEnd) return body;
        int least, most;
        bool interval = false;
        switch (Next)
        {
            case '*': (least, most) = (0, int.MaxValue); _at++; break;
            case '+': (least, most) = (1, int.MaxValue); _at++; break;
            case '?': (least, most) = (0, 1); _at++; break;
            case '{' when Interval() is { } bounds: (least, most) = bounds; interval = true; break;
            default: return body;
        }
        var greed = Greed.Greedy;
        if (!AtEnd && Next is '?' or '+' && (Next == '?' || !interval))
        {
            if (interval && least == most) throw new PatternException("'{n}?'");
            greed = Next == '?' ? Greed.Lazy : Greed.Possessive;
            _at++;
        }
        if (interval && !AtEnd && Next == '+') // in this syntax a repetition of the repetition
        {
            if (body.Width.Least == 0 || least == 0) throw new PatternException($"a repetition of what may be empty, '{_pattern[start..(_at + 1)]}'");
            _at++;
            body = new PatternNode.Repeat(body, least, most, Greed.Greedy);
            (least, most) = (1, int.MaxValue);
        }
        if (!AtEnd && (Next is '*' or '+' or '?' || (Next == '{' && Interval() is not null)))
            throw new PatternException($"a repeated repetition, '{_pattern[start..(_at + 1 > _pattern.Length ? _at : _at + 1)]}'");
        if (body.Width.Least == 0 && most > 1) throw new PatternException($"a repetition of what may be empty, '{_pattern[start.._at]}'");
        return new PatternNode.Repeat(body, least, most, greed);
    }

    /// <summary><c>{n}</c>, <c>{n,}</c>, <c>{,m}</c> or <c>{n,m}</c>; null, with nothing taken, where the brace is only a brace.</summary>
    (int Least, int Most)? Interval()
    {
        int close = _pattern.IndexOf('}', _at);
        if (close < 0) return null;
        string[] ends = _pattern[(_at + 1)..close].Split(',');
        if (ends.Length > 2 || ends.All(e => e.Length == 0) || ends.Any(e => !e.All(char.IsAsciiDigit))) return null;
        int least = ends[0].Length == 0 ? 0 : Count(ends[0]), most = ends[^1].Length == 0 ? int.MaxValue : Count(ends[^1]);
        if (least > most) throw new PatternException($"the interval {{{least},{most}}}");
        _at = close + 1;
        return (least, most);
    }

    static int Count(string digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count <= 1000
        ? count
        : throw new PatternException($"a repetition of {digits}");
}
