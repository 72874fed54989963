using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using Castalia.Cli.Verbs;
using Castalia.Errors;
using Castalia.Reports;
using Castalia.Wording;

namespace Castalia.Cli;

/// <summary>The command line: verbs, usage errors and the last resort for our own faults.</summary>
static class CommandLine
{
    const string Description = """
        Measures how the residual stream of a language model grows or shrinks from block to block.

        Examples:
          castalia measure                        untrained networks, made on the spot
          castalia measure pythia-160m            a Hugging Face folder, 25 prompts
          castalia pull EleutherAI/pythia-160m    fetch a model from the hub;
          castalia measure EleutherAI/pythia-160m measure it
          castalia measure a.gguf b.gguf --prompts my.jsonl --positions all
          castalia measure pythia-160m --json | jq '.models[0].statistics.all'
          castalia gains                          what the stored runs say, with intervals
          castalia bentov --positions             gain against entropy
          castalia hypotheses                     verdicts, with what is missing for one
          castalia test h4 pythia-160m            one claim: run what it needs, judge
          castalia sweep plan.yaml                many checkpoints, resumable, shared
          castalia published                      the study that began this, reanalysed

        Exit codes: 0 done, 1 a fault of castalia, 2 bad input, 75 start it again,
        130 interrupted.
        """;

    /// <summary>Runs one command; returns the exit code.</summary>
    public static int Run(string[] args)
    {
        try
        {
            if (args.Length == 0) args = ["--help"];
            if (args[0] == HelpVerb.Name) args = HelpVerb.AsOption(args);
            var root = Root(args[0]);
            if (Usage.Unknown(root, args) is { } unknown) return Fail(root, unknown, args);
            var parse = root.Parse(args);
            if (parse.Errors.Count > 0) return Fail(root, parse.Errors[0].Message, args);
            using var text = new StringWriter(CultureInfo.InvariantCulture); // help and completions; verbs write for themselves
            int code = parse.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = text });
            if (text.GetStringBuilder().Length == 0) return code;
            int written = Verb.Run(() => Output.Write($"{text}"));
            return code == ExitCode.Done ? written : code;
        }
        catch (Exception e)
        {
            Messages.Lines($"castalia: this is a bug in castalia, not in your input. Please report it with these lines.\n{Printable.Lines($"{e}")}");
            return ExitCode.Failed;
        }
    }

    static readonly (string Name, Func<Command> Build)[] Verbs =
    [
        ("measure", MeasureVerb.Build),
        ("plan", PlanVerb.Build),
        ("explain", ExplainVerb.Build),
        ("intervene", InterveneVerb.Build),
        ("dynamics", DynamicsVerb.Build),
        ("twins", TwinsVerb.Build),
        ("sweep", SweepVerb.Build),
        ("gains", GainsVerb.Build),
        ("bentov", BentovVerb.Build),
        ("categories", CategoriesVerb.Build),
        ("scaling", ScalingVerb.Build),
        ("curve", CurveVerb.Build),
        ("conventions", ConventionsVerb.Build),
        ("compare", CompareVerb.Build),
        ("hypotheses", HypothesesVerb.Build),
        ("test", TestVerb.Build),
        ("published", PublishedVerb.Build),
        ("anatomy", AnatomyVerb.Build),
        ("audit", AuditVerb.Build),
        ("card", CardVerb.Build),
        ("report", ReportVerb.Build),
        ("dossier", DossierVerb.Build),
        ("runs", RunsVerb.Build),
        ("query", QueryVerb.Build),
        ("trace", TraceVerb.Build),
        ("gradient", GradientVerb.Build),
        ("describe", DescribeVerb.Build),
        ("families", FamiliesVerb.Build),
        ("tokens", TokensVerb.Build),
        ("convert", ConvertVerb.Build),
        ("pull", PullVerb.Build),
        ("completions", CompletionsVerb.Build),
        (HelpVerb.Name, HelpVerb.Build),
    ];

    /// <summary>The names of the verbs, in the order of help.</summary>
    internal static IEnumerable<string> VerbNames => Verbs.Select(verb => verb.Name);

    /// <summary>The command line: with the one verb that the first word names, since each takes milliseconds to build; else with all.</summary>
    internal static RootCommand Root(string first = "")
    {
        var root = new RootCommand(Description);
        bool named = Array.Exists(Verbs, verb => verb.Name == first);
        foreach (var (name, build) in Verbs)
            if (!named || name == first) root.Add(build());
        // Unless told, the parser takes a pipe for endlessly wide.
        if (root.Options.OfType<HelpOption>().Single().Action is HelpAction help) help.MaxWidth = Math.Min(Terminal.Width, Wrapped.Widest);
        return root;
    }

    static int Fail(RootCommand root, string message, string[] args)
    {
        string verb = root.Subcommands.Any(c => c.Name == args[0]) ? $"castalia {args[0]}" : "castalia";
        Messages.Say(message);
        Messages.Lines($"See '{verb} --help'.");
        return ExitCode.BadInput;
    }
}
