using System.CommandLine;
using Castalia.Wording;

namespace Castalia.Cli;

/// <summary>Finds words that are no verb and no option, which the parser would take for file names.</summary>
static class Usage
{
    /// <summary>What is wrong with the first unknown word; null where all are known.</summary>
    /// <param name="root">The command line.</param>
    /// <param name="args">The words given.</param>
    public static string? Unknown(RootCommand root, IReadOnlyList<string> args)
    {
        Command command = root;
        for (int i = 0; i < args.Count; i++)
        {
            string word = args[i];
            if (word == "") return "One of the words is empty; did a shell variable that has no value stand there?";
            if (word == "--") return null;
            if (i == 0 && word.StartsWith('[')) return null; // a directive of the parser: completions
            if (!word.StartsWith('-') || word == "-")
            {
                if (command != root)
                {
                    command = command.Subcommands.FirstOrDefault(c => c.Name == word) ?? command;
                    continue;
                }
                if (root.Subcommands.FirstOrDefault(c => c.Name == word) is not { } verb)
                    return $"Unknown verb '{word}'.{Meant(word, root.Subcommands.Select(c => c.Name))}";
                command = verb;
                continue;
            }
            int equals = word.IndexOf('=');
            string name = equals < 0 ? word : word[..equals];
            if (OptionsOf(root, command).FirstOrDefault(o => o.Name == name || o.Aliases.Contains(name)) is not { } option)
                return $"Unknown option '{name}'.{Meant(name, OptionsOf(root, command).Select(o => o.Name))}";
            if (equals < 0 && option.Arity.MinimumNumberOfValues > 0 && i + 1 < args.Count)
            {
                i++; // its value, which may begin with '-'
                if (args[i] == "") return $"The value of {name} is empty.";
            }
            else if (equals == word.Length - 1)
            {
                return $"The value of {name} is empty.";
            }
        }
        return null;
    }

    /// <summary>The hint that follows a message about a word; empty where nothing is near.</summary>
    public static string Meant(string word, IEnumerable<string> known) => Nearest.Of(word, known) is { } near ? $" Did you mean '{near}'?" : "";

    static IEnumerable<Option> OptionsOf(RootCommand root, Command command) =>
        command == root ? root.Options : command.Options.Concat(root.Options.Where(o => o.Recursive));
}
