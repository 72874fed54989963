using System.CommandLine;

namespace Castalia.Cli.Verbs;

/// <summary>The word for --help, as people expect it beside other verbs.</summary>
static class HelpVerb
{
    public const string Name = "help";

    /// <summary>The words of a line with --help in place of this verb: "help VERB" is "VERB --help".</summary>
    public static string[] AsOption(string[] args) => args is [_, var verb] && verb != Name && !verb.StartsWith('-') ? [verb, "--help"] : args.Length == 1 ? ["--help"] : args;

    /// <summary>The verb, for help and completion; it runs only where its words are not those that <see cref="AsOption"/> takes.</summary>
    public static Command Build()
    {
        var verb = new Argument<string?>("VERB")
        {
            Description = "The verb. None: all of them.",
            HelpName = "VERB",
            Arity = ArgumentArity.ZeroOrOne,
            CompletionSources = { _ => CommandLine.VerbNames.Select(name => new System.CommandLine.Completions.CompletionItem(name)) },
        };
        var command = new Command(Name, "Show help of castalia or of one verb, as --help does.") { verb };
        command.SetAction(_ => CommandLine.Run([Name, "--help"]));
        return command;
    }
}
