using System.CommandLine;

namespace Castalia.Cli;

/// <summary>Options that take one of a few words.</summary>
static class Choice
{
    /// <summary>An option whose words stand for values; null without the option, where its caller takes the first.</summary>
    /// <remarks>
    /// For enumerations: of a bool the parser takes a word for its value only where it is true or false. The parser is not told the
    /// default: its help would spell it as the enumeration does, beside the word that is written.
    /// </remarks>
    public static Option<T?> Option<T>(string name, string description, params (string Word, T Value)[] choices) where T : struct, Enum
    {
        var option = new Option<T?>(name)
        {
            Description = $"{description} Default: {choices[0].Word}.",
            HelpName = string.Join('|', choices.Select(c => c.Word)),
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                string word = result.Tokens[0].Value;
                foreach (var (known, value) in choices)
                    if (known == word) return value;
                result.AddError($"{name} takes {string.Join(", ", choices.Select(c => c.Word))}, not '{word}'." +
                    Usage.Meant(word, choices.Select(c => c.Word)));
                return null;
            },
        };
        option.CompletionSources.Clear(); // an enumeration brings its own names
        option.CompletionSources.Add([.. choices.Select(c => c.Word)]);
        return option;
    }
}
