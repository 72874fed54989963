using System.Globalization;
using System.Text.RegularExpressions;

namespace Castalia.Hypotheses.Conditions;

/// <summary>Kinds of words of a condition.</summary>
enum TokenKind
{
    Name,
    Number,
    Comparator,
    And,
    Or,
    Not,
    Open,
    Close,
    End,
}

/// <summary>A word of a condition.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">The word; empty at the end.</param>
/// <param name="At">Index of its first character.</param>
readonly partial record struct Token(TokenKind Kind, string Text, int At)
{
    /// <summary>The number it is; of number words only.</summary>
    public double Number => double.Parse(Text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>The words of a text, an end last.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">The most words.</param>
    /// <exception cref="ConditionException">A character that begins no word, or more words.</exception>
    public static IReadOnlyList<Token> All(string text, int most)
    {
        var tokens = new List<Token>();
        int at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at])) { at++; continue; }
            if (tokens.Count == most) throw new ConditionException($"more than {most} words", at);
            var match = Word().Match(text, at);
            if (!match.Success) throw new ConditionException($"'{text[at]}' begins no word of a condition", at);
            tokens.Add(new(KindOf(match), match.Value, at));
            at += match.Length;
        }
        tokens.Add(new(TokenKind.End, "", text.Length));
        return tokens;
    }

    static TokenKind KindOf(Match match) =>
        match.Groups["number"].Success ? TokenKind.Number
        : match.Groups["comparator"].Success ? TokenKind.Comparator
        : match.Value switch
        {
            "(" => TokenKind.Open,
            ")" => TokenKind.Close,
            "and" => TokenKind.And,
            "or" => TokenKind.Or,
            "not" => TokenKind.Not,
            _ => TokenKind.Name,
        };

    // A number ends before a letter, so that 3x is no number followed by a name.
    [GeneratedRegex(@"\G(?:(?<number>-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![\w.]))|(?<comparator><=|>=|<|>|=)|[()]|[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)?(?![\w.]))",
        RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}

/// <summary>What is wrong with a condition, and where in its text; the reader adds the file.</summary>
sealed class ConditionException(string cause, int at) : Exception(cause)
{
    /// <summary>Index of the character at fault, from 0.</summary>
    public int At { get; } = at;
}
