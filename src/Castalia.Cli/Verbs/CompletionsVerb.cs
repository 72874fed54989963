using System.CommandLine;

namespace Castalia.Cli.Verbs;

/// <summary>Prints a script that teaches a shell to complete castalia's verbs and options.</summary>
static class CompletionsVerb
{
    /// <summary>The parser answers <c>[suggest:POSITION]</c> with what may stand there.</summary>
    const string Bash = """
        _castalia() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(castalia "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _castalia castalia

        """;

    static readonly Argument<string> Shell = OnlyBash();

    public static Command Build()
    {
        var command = new Command("completions", "Print a script that completes verbs and options: eval \"$(castalia completions bash)\".") { Shell };
        command.SetAction(parse => Verb.Run(() => Output.Exactly(Bash)));
        return command;
    }

    static Argument<string> OnlyBash()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash." };
        shell.Validators.Add(result =>
        {
            if (result.Tokens[0].Value is not "bash" and var word) result.AddError($"There are completions for bash, not for '{word}'.");
        });
        return shell;
    }
}
