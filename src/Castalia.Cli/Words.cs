using System.CommandLine;

namespace Castalia.Cli;

/// <summary>What a choice is to the parser, whatever its words stand for.</summary>
static class Words
{
    /// <summary>Lets an option take these words, the first being what its caller takes without it.</summary>
    public static void Take(Option<string?> option, string description, string[] words)
    {
        option.Description = $"{description} Default: {words[0]}.";
        option.HelpName = string.Join('|', words);
        option.Arity = ArgumentArity.ExactlyOne;
        option.CustomParser = result =>
        {
            string word = result.Tokens[0].Value;
            if (!words.Contains(word))
                result.AddError($"{option.Name} takes {string.Join(", ", words)}, not '{word}'.{Usage.Meant(word, words)}");
            return word;
        };
        option.CompletionSources.Add(words);
    }
}
