using System.Runtime.CompilerServices;

namespace Castalia.Tokens;

/// <summary>A pattern of a tokenizer file: a text to be found as it stands, or a regular expression.</summary>
/// <remarks>
/// .NET's regular expressions see UTF-16 units, to which letters beyond U+FFFF are no letters, and differ from the reference's
/// (Oniguruma) in classes, case folding and quantifiers; hence this reader and matcher of the part that tokenizers use.
/// </remarks>
sealed class Pattern
{
    readonly string? _literal;
    readonly PatternStep[] _steps = [];

    Pattern(string source, string? literal, PatternStep[] steps) => (Source, _literal, _steps) = (source, literal, steps);

    /// <summary>As it is written in the file.</summary>
    public string Source { get; }

    /// <summary>A text that is looked for as it stands; not empty.</summary>
    public static Pattern Literal(string text) => new(text, text, []);

    /// <summary>A regular expression.</summary>
    /// <exception cref="PatternException">It is malformed or asks for what is not done here.</exception>
    public static Pattern Regex(string source) => new(source, null, PatternProgram.Compile(PatternReader.Read(source)));

    /// <summary>The matches in order, each as far to the left as can be after the one before; an empty one not right behind another.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public List<(int Start, int End)> Matches(string text)
    {
        var matches = new List<(int, int)>();
        if (_literal is not null)
        {
            for (int at = 0; (at = text.IndexOf(_literal, at, StringComparison.Ordinal)) >= 0; at += _literal.Length)
                matches.Add((at, at + _literal.Length));
            return matches;
        }
        var budget = PatternBudget.For(text);
        var matcher = new PatternMatcher(_steps, text, Source, budget);
        int start = 0, lastEnd = -1;
        while (start <= text.Length)
        {
            int end = matcher.MatchAt(start);
            if (end < 0 || (end == start && end == lastEnd))
            {
                start += start < text.Length && char.IsHighSurrogate(text[start]) ? 2 : 1;
                continue;
            }
            matches.Add((start, end));
            start = lastEnd = end;
        }
        budget.Spend(matcher.Taken);
        return matches;
    }

    /// <summary>Texts each match of which would be replaced; the text itself where nothing matches.</summary>
    /// <param name="text">Well-formed UTF-16.</param>
    /// <param name="content">What stands in the place of each.</param>
    /// <param name="most">The most characters the whole may have.</param>
    /// <param name="matches">The matches.</param>
    /// <exception cref="InputException">It would have more; nothing is built then.</exception>
    public string Replace(string text, string content, int most, out List<(int Start, int End)> matches)
    {
        matches = Matches(text);
        if (matches.Count == 0) return text;
        long length = text.Length + (long)matches.Count * content.Length;
        foreach (var (start, end) in matches) length -= end - start;
        if (length > most) throw TokenizerErrors.TextGrows(length, most);
        var replaced = new System.Text.StringBuilder((int)length);
        int from = 0;
        foreach (var (start, end) in matches)
        {
            replaced.Append(text, from, start - from).Append(content);
            from = end;
        }
        return replaced.Append(text, from, text.Length - from).ToString();
    }
}
