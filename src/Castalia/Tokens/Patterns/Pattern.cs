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
        var matcher = new PatternMatcher(_steps, text, Source);
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
        return matches;
    }
}
