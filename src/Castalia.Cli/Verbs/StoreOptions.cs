using System.CommandLine;

namespace Castalia.Cli.Verbs;

/// <summary>Which stored runs a verb reads.</summary>
static class StoreOptions
{
    /// <summary>--runs DIR.</summary>
    public static Option<string> Folder() => new("--runs")
    {
        Description = "Folder in which run folders are.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "runs",
    };

    /// <summary>[RUN …].</summary>
    public static Argument<string[]> Runs() => new("RUN")
    {
        Description = "Runs to read: names of folders in DIR, or paths. None: all in DIR.",
        Arity = ArgumentArity.ZeroOrMore,
    };
}
