using System.Globalization;
using System.Text;

namespace Castalia.Tokens;

/// <summary>How a text is cut into pieces before byte-pair merging.</summary>
enum PieceRule
{
    /// <summary>GPT-2's pattern: <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.</summary>
    Gpt2,
    /// <summary>Llama 3's: contractions in either case, a leading sign with its word, digits by at most three, line ends with what precedes them.</summary>
    Llama3,
    /// <summary>Qwen 2's: Llama 3's with digits one by one.</summary>
    Qwen2,
    /// <summary>Every numeric character by itself, the rest uncut.</summary>
    SingleDigits,
    /// <summary>A run of numeric characters by itself, the rest uncut.</summary>
    DigitRuns,
}

/// <summary>The rules of <see cref="PieceRule"/>, read character by character as the patterns' authors meant them: by code point.</summary>
/// <remarks>.NET's regular expressions see UTF-16 units, to which letters beyond U+FFFF are no letters; hence no Regex here.</remarks>
static class PieceRules
{
    static readonly (PieceRule Rule, string Pattern)[] Patterns =
    [
        (PieceRule.Gpt2, @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"),
        (PieceRule.Llama3, @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"),
        (PieceRule.Qwen2, @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"),
    ];

    /// <summary>The rule a pattern spells; null for a pattern that is not known.</summary>
    public static PieceRule? OfPattern(string pattern)
    {
        foreach (var (rule, spelt) in Patterns)
            if (spelt == pattern) return rule;
        return null;
    }

    /// <summary>The pattern that spells a rule; null for a rule that is none.</summary>
    public static string? PatternOf(PieceRule rule) => Patterns.Where(p => p.Rule == rule).Select(p => p.Pattern).FirstOrDefault();

    /// <summary>The pieces of a text, which joined give it back.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="text">Well-formed UTF-16.</param>
    public static IEnumerable<string> Cut(PieceRule rule, string text)
    {
        for (int at = 0; at < text.Length;)
        {
            int end = rule switch
            {
                PieceRule.Gpt2 => Gpt2(text, at),
                PieceRule.Llama3 => Modern(text, at, mostDigits: 3),
                PieceRule.Qwen2 => Modern(text, at, mostDigits: 1),
                PieceRule.SingleDigits => Digits(text, at, single: true),
                PieceRule.DigitRuns => Digits(text, at, single: false),
                _ => throw new ArgumentOutOfRangeException(nameof(rule), rule, null),
            };
            yield return text[at..end];
            at = end;
        }
    }

    enum Kind { Letter, Number, Space, Other, End }

    static Kind KindAt(string text, int at, out int next)
    {
        next = at;
        if (at >= text.Length) return Kind.End;
        var rune = Rune.GetRuneAt(text, at);
        next = at + rune.Utf16SequenceLength;
        if (Rune.IsWhiteSpace(rune)) return Kind.Space;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or
                UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        };
    }

    static int EndOfRun(string text, int at, Kind kind)
    {
        while (KindAt(text, at, out int next) == kind) at = next;
        return at;
    }

    static int Gpt2(string text, int at)
    {
        int contraction = Contraction(text, at, anyCase: false);
        if (contraction > 0) return at + contraction;
        int start = text[at] == ' ' ? at + 1 : at;
        var kind = KindAt(text, start, out _);
        if (kind is Kind.Letter or Kind.Number or Kind.Other) return EndOfRun(text, start, kind);
        return Spaces(text, at);
    }

    static int Modern(string text, int at, int mostDigits)
    {
        int contraction = Contraction(text, at, anyCase: true);
        if (contraction > 0) return at + contraction;
        var kind = KindAt(text, at, out int next);
        if (kind == Kind.Letter) return EndOfRun(text, at, Kind.Letter);
        if (kind is Kind.Space or Kind.Other && text[at] is not ('\r' or '\n') && KindAt(text, next, out _) == Kind.Letter)
            return EndOfRun(text, next, Kind.Letter);
        if (kind == Kind.Number)
        {
            for (int digits = 1; digits < mostDigits && KindAt(text, next, out int after) == Kind.Number; digits++) next = after;
            return next;
        }
        int start = text[at] == ' ' ? at + 1 : at;
        if (KindAt(text, start, out _) == Kind.Other)
        {
            int end = EndOfRun(text, start, Kind.Other);
            while (end < text.Length && text[end] is '\r' or '\n') end++;
            return end;
        }
        int run = EndOfRun(text, at, Kind.Space);
        int lineEnd = text.AsSpan(at, run - at).LastIndexOfAny('\r', '\n');
        return lineEnd >= 0 ? at + lineEnd + 1 : Spaces(text, at);
    }

    /// <summary>A run of white space, less its last character where a word follows.</summary>
    static int Spaces(string text, int at)
    {
        int end = EndOfRun(text, at, Kind.Space);
        if (end == text.Length) return end;
        int last = end - 1; // white space lies below U+10000: one unit each
        return last > at ? last : end;
    }

    static int Digits(string text, int at, bool single)
    {
        if (KindAt(text, at, out int next) == Kind.Number) return single ? next : EndOfRun(text, at, Kind.Number);
        while (KindAt(text, at, out next) is not (Kind.Number or Kind.End)) at = next;
        return at;
    }

    /// <summary>Length of 's, 't, 're, 've, 'm, 'll or 'd at a place; 0 for none.</summary>
    static int Contraction(string text, int at, bool anyCase)
    {
        if (text[at] != '\'' || at + 1 == text.Length) return 0;
        char first = Fold(text[at + 1], anyCase);
        if (first is 's' or 't' or 'm' or 'd') return 2;
        if (at + 2 == text.Length) return 0;
        char second = Fold(text[at + 2], anyCase);
        return (first, second) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    /// <summary>Lower case of an ASCII letter; the long s folds to s.</summary>
    static char Fold(char c, bool anyCase) => !anyCase ? c : c == '\u017F' ? 's' : char.IsAsciiLetterUpper(c) ? (char)(c | 0x20) : c;
}
