using System.CommandLine;

namespace Castalia.Cli.Verbs;

/// <summary>Prints a script that teaches a shell to complete castalia's verbs, options and what stands in them.</summary>
/// <remarks>The parser answers <c>[suggest:POSITION]</c> and the line with what may stand there. Where it has no answer, shells complete files.</remarks>
static class CompletionsVerb
{
    const string Bash = """
        _castalia() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(castalia "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _castalia castalia

        """;

    const string Zsh = """
        #compdef castalia
        _castalia() {
          local line="${(j: :)words[1,CURRENT]}"
          local -a answers
          answers=("${(@f)$(castalia "[suggest:${#line}]" "$line" 2>/dev/null)}")
          answers=(${answers:#})
          (( $#answers )) && compadd -a answers
          _files
        }
        compdef _castalia castalia

        """;

    const string Fish = """
        function __castalia_answers
          set -l line (commandline -cp)
          castalia "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c castalia -a '(__castalia_answers)'

        """;

    static readonly (string Name, string Script)[] Scripts = [("bash", Bash), ("zsh", Zsh), ("fish", Fish)];

    static readonly Argument<string> Shell = OneOf();

    public static Command Build()
    {
        var command = new Command("completions",
            "Print a script that completes verbs, options, runs, hypotheses, prompt sets, families and cached models: eval \"$(castalia completions bash)\", " +
            "the same with zsh, or castalia completions fish | source.")
        {
            Shell,
        };
        command.SetAction(parse => Verb.Run(() => Output.Exactly(Scripts.Single(s => s.Name == parse.GetValue(Shell)).Script)));
        return command;
    }

    static Argument<string> OneOf()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish.", HelpName = "SHELL", CompletionSources = { "bash", "zsh", "fish" } };
        shell.Validators.Add(result =>
        {
            string word = result.Tokens[0].Value;
            if (!Scripts.Any(s => s.Name == word)) result.AddError($"There are completions for bash, zsh and fish, not for '{word}'.");
        });
        return shell;
    }
}
