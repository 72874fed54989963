using System.CommandLine;
using System.CommandLine.Parsing;

namespace Castalia.Cli;

/// <summary>An option that takes one of a few words, each of which stands for a value.</summary>
/// <remarks>
/// To the parser it is a text. Its generic classes are compiled at every start for a type of ours, and of a bool it takes a word for its
/// value only where it is true or false. It is not told the default, which its help would print a second time.
/// </remarks>
sealed class Choice<T> : Option<string?> where T : struct, Enum
{
    readonly (string Word, T Value)[] _choices;

    /// <summary>Without the option its caller takes the first.</summary>
    public Choice(string name, string description, params (string Word, T Value)[] choices) : base(name)
    {
        _choices = choices;
        string[] words = new string[choices.Length];
        for (int i = 0; i < words.Length; i++) words[i] = choices[i].Word;
        Words.Take(this, description, words);
    }

    /// <summary>The value that was chosen; null without the option.</summary>
    public T? In(ParseResult parse) => ValueOf(parse.GetValue(this));

    /// <summary>The same, for a check of options against each other, which also sees words that are none of these.</summary>
    public T? In(SymbolResult result) => ValueOf(result.GetResult(this) is { Tokens: [.., var last] } ? last.Value : null);

    T? ValueOf(string? word)
    {
        foreach (var (known, value) in _choices)
            if (known == word) return value;
        return null;
    }
}
