using System.Text;

namespace Castalia.Fuzzing.Mutation;

/// <summary>Values of a language of their own inside a file: patterns of tokenizers, maps in base 64, YAML, SQL of hypotheses.</summary>
static class Special
{
    static readonly Dictionary<string, Func<Dice, byte[]>> s_makers = new(StringComparer.Ordinal)
    {
        ["Regex"] = dice => Quoted(Pattern(dice, 4)),
        ["precompiled_charsmap"] = Charsmap,
        ["yaml"] = Yaml,
        ["csv"] = Csv,
        ["condition"] = dice => Literals.Bytes(Condition(dice, 4)),
    };

    /// <summary>Makes values of a hint; null where it has no language of its own.</summary>
    public static Func<Dice, byte[]>? For(string hint) => s_makers.GetValueOrDefault(hint);

    static readonly string[] s_atoms =
    [
        "a", "A", " ", "\\s", "\\S", "\\d", "\\w", "\\W", "\\p{L}", "\\p{N}", "\\P{Lu}", "\\p{IsHan}", "\\p{Han}", "\\p{}", "\\p{", ".", "^", "$", "\\b", "\\B", "\\r\\n", "\\x{41}", "\\u0041", "\\x41", "\\0", "\\1", "\\k<a>", "[a-z]",
        "[^a-z]", "[^\\s\\p{L}\\p{N}]", "[a-z&&[^b]]", "[[a]b]", "[]", "[^]", "[a-", "[z-a]", "\\", "(?i)", "(?<a>b)", "(?P<a>b)", "(?#c)", "\\G", "\\A", "\\z", "\\Z", "\\h", "\\R", "\\X", "\\Q.\\E", "😀", "\\ud83d", "日", "'s", "(?!\\S)",
        "(?=a)", "(?<=a)", "(?<!a)", "(?>a)",
    ];

    static readonly string[] s_counts = ["*", "+", "?", "*?", "+?", "??", "*+", "++", "{2}", "{1,3}", "{0,}", "{,3}", "{3,1}", "{0}", "{20}", "{100}", "{1000}", "{0,1000}", "{99999}", "{2147483648}", "{-1}", "{a}", "{", "**"];

    /// <summary>A regular expression of at most so many levels, or a few hundred groups around one.</summary>
    static string Pattern(Dice dice, int levels)
    {
        if (dice.OneIn(30))
        {
            int depth = 1 << dice.Below(10);
            return string.Concat(Enumerable.Repeat(dice.Of(["(", "(?:", "[", "(?=", "(a|"]), depth)) + "a" + string.Concat(Enumerable.Repeat(dice.Of([")", ")*", ")+", "]", ")?"]), depth));
        }
        var text = new StringBuilder();
        for (int count = dice.Few(6); count > 0; count--)
        {
            string part = levels > 0 && dice.OneIn(3) ? $"{dice.Of(["(", "(?:", "(?i:", "(?=", "(?!", "(?<=", "(?>", "(?i-s:"])}{Pattern(dice, levels - 1)}{(dice.OneIn(20) ? "" : ")")}" : dice.Of(s_atoms);
            text.Append(part);
            if (dice.OneIn(3)) text.Append(dice.Of(s_counts));
            if (dice.OneIn(5)) text.Append('|');
        }
        return text.ToString();
    }

    static byte[] Quoted(string text) => Literals.Bytes($"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"");

    static byte[] Charsmap(Dice dice)
    {
        byte[] map = new byte[dice.Below(64)];
        for (int i = 0; i < map.Length; i++) map[i] = (byte)(dice.OneIn(2) ? 0 : dice.Below(256));
        return Literals.Bytes($"\"{Convert.ToBase64String(map)}{(dice.OneIn(8) ? "=" : "")}\"");
    }

    static byte[] Yaml(Dice dice)
    {
        switch (dice.Below(30))
        {
            case 0:
                int depth = 1 << dice.Below(9);
                return Literals.Bytes(dice.Below(4) switch
                {
                    0 => new string('[', depth) + "a" + new string(']', depth),
                    1 => string.Concat(Enumerable.Repeat("{a: ", depth)) + "b" + new string('}', depth),
                    2 => string.Concat(Enumerable.Repeat("- ", depth)) + "a",
                    _ => string.Concat(Enumerable.Repeat("? ", depth)) + "a",
                });
            case 1:
                var doublings = new StringBuilder("{x0: &x0 [a]");
                for (int i = 1; i <= 1 + dice.Below(6); i++) doublings.Append($", x{i}: &x{i} [*x{i - 1}, *x{i - 1}]");
                return Literals.Bytes(doublings.Append('}').ToString());
            default:
                return Literals.Bytes(dice.Of(
                [
                    "&a b", "*a", "*id", "&id x", "<<: *a", "!!str 1", "!!int a", "!!map {}", "!!binary aa", "!<tag:x> a", "! a", "~", "null", "[]", "{}", "[a, b]", "{a: b}", "{a: b,\n c: d}", "{a,\n b}", "{a:\n b}", "[a,\n\n b]", "{a: [b, {c: d}]}", "'a", "\"a",
                    "'it''s'", "\"\\x41\\u0041\\U00000041\"", "\"\\ud800\"", "\"\\q\"", "|\n  a\n  b", ">\n  a\n\n  b", "|2\n  a", "|9\n a", ">-\n a", "|+\n a\n\n", "a: b: c", "- a\n- b", "? a\n: b", "---", "...", "--- a", "%YAML 1.2\n---", "%TAG ! x\n---", "#c", "a #c", "@a", "`a`",
                    "\ta", "a\tb", "0x10", "0o7", "1_000", "1e3", ".inf", ".nan", "-.inf", "yes", "no", "2026-01-01", "12:30:45", "99999999999999999999", "-1", "1.5", "\u0085", "\u2028", "\ufeff", "\0", "a\0b", "\u001b[31m", "a:\n  - b\n  -  - c\n", "? [a, b]\n: c", "{[a]: b}", "{? a: b}", "\r", "a\r b",
                ]));
        }
    }

    static byte[] Csv(Dice dice) => Literals.Bytes(dice.Of(
    [
        "\"", "\"\"", "\"a", "a\"", "\"a\"b", "\"a\nb\"", "\"a,b\"", ",", ",,", "\n", "\r", "\r\n", "\n\n", ";", "\t", "=1+1", "text", "name", "ids", "category", "text,text", "1 2 3", "[1,2]", "-1", "2147483647", "2147483648", "99999999999999999999", "\0", "\u001b[31m", "\ufeff", "é", "", " ", "\" \"",
    ]));

    /// <summary>A condition as hypotheses state them.</summary>
    static string Condition(Dice dice, int levels)
    {
        if (dice.OneIn(30))
        {
            int depth = 1 << dice.Below(9);
            return string.Concat(Enumerable.Repeat(dice.Of(["(", "not ", "not (", "-"]), depth)) + "a.p < 1" + new string(')', depth);
        }
        string atom = $"{dice.Of(["models", "prompts", "a", "a.p", "a.low", "a.b.c", "1", "-1", "1e999", "0.05", "99999999999999999999", "'a'", "\"a\"", "", "é", "\0"])} {dice.Of(["<", ">", "<=", ">=", "=", "==", "!=", "+", "is", "&&", ""])} " +
            dice.Of(["0", "1", "a.p", "0.05", "1e-400", "models", "nan", "", "%", "true"]);
        return levels == 0 || dice.OneIn(2) ? atom : $"{(dice.OneIn(3) ? "not " : "")}({Condition(dice, levels - 1)}) {dice.Of(["and", "or", "", "xor"])} {Condition(dice, levels - 1)}";
    }
}
