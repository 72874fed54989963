using System.CommandLine;

namespace Castalia.Cli;

/// <summary>Options that take one of a few words.</summary>
static class Choice
{
    /// <summary>An option whose words stand for values; the first is taken without the option.</summary>
    /// <remarks>For enumerations: of a bool the parser takes a word for its value only where it is true or false.</remarks>
    public static Option<T> Option<T>(string name, string description, params (string Word, T Value)[] choices) where T : struct, Enum
    {
        var option = new Option<T>(name)
        {
            Description = $"{description} Default: {choices[0].Word}.",
            HelpName = string.Join('|', choices.Select(c => c.Word)),
            Arity = ArgumentArity.ExactlyOne,
            DefaultValueFactory = _ => choices[0].Value,
            CustomParser = result =>
            {
                string word = result.Tokens[0].Value;
                foreach (var (known, value) in choices)
                    if (known == word) return value;
                result.AddError($"{name} takes {string.Join(", ", choices.Select(c => c.Word))}, not '{word}'." +
                    Usage.Meant(word, choices.Select(c => c.Word)));
                return default!;
            },
        };
        option.CompletionSources.Clear(); // an enumeration brings its own names
        option.CompletionSources.Add([.. choices.Select(c => c.Word)]);
        return option;
    }
}
