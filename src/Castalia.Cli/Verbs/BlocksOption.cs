using System.CommandLine;
using Castalia.Attribution;

namespace Castalia.Cli.Verbs;

/// <summary>--blocks.</summary>
static class BlocksOption
{
    /// <summary>last, all, or indices.</summary>
    public static Option<string> Build()
    {
        var option = new Option<string>("--blocks")
        {
            Description = "Which blocks: last, all, or indices from 0 with commas between them.",
            HelpName = "last|all|LIST",
            DefaultValueFactory = _ => "last",
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && BlockChoice.Parse(result.Tokens[0].Value) is null)
                result.AddError($"--blocks takes last, all, or indices from 0 with commas between them, as 0,3; not '{result.Tokens[0].Value}'.");
        });
        return option;
    }
}
