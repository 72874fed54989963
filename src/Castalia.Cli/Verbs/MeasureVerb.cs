using System.CommandLine;
using Castalia.Cli.Progress;
using Castalia.Reports;
using Castalia.Runs;
using Castalia.Tokens;

namespace Castalia.Cli.Verbs;

/// <summary>Checkpoints and prompts in; a table and a run folder out.</summary>
static class MeasureVerb
{
    static readonly Argument<string[]> Checkpoints = new("CHECKPOINT")
    {
        Description = $"What to measure, each {CheckpointArgument.Forms}. None: untrained networks, made once in your cache, whose gain " +
            "theory predicts.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    static readonly Option<string?> Prompts = new("--prompts")
    {
        Description = "A .jsonl, .csv or .txt file (text or ids, with optional name and category), or standard-25. Default: standard-25; " +
            "for the untrained networks, ids of their own.",
        HelpName = "FILE",
    };

    static readonly Option<BosPolicy?> Bos = PromptOptions.Bos();

    static readonly Option<Positions?> Range = Choice.Option("--positions",
        "Entropy and a row of readings at the last position, or at all of them as well.", ("last", Positions.Last), ("all", Positions.All));

    static readonly Option<bool> LogitLens = new("--logit-lens") { Description = "Also read entropy and top token after every block." };

    static readonly Option<long> Threads = PromptOptions.Threads();

    static readonly Option<string> Out = new("--out")
    {
        Description = "Folder in which the run folder is made.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "runs",
    };

    static readonly Option<long> Seed = WholeNumber.Option("--seed", "Seed of the bootstrap.", 0, long.MaxValue, () => ("1", "--seed"));

    static readonly Option<bool> Json = new("--json") { Description = "Print summary.json on standard output instead of tables." };

    public static Command Build()
    {
        var command = new Command(
            "measure",
            "Measure the gain of every block under every published convention, and output entropy; print a table and write a run folder " +
            "(manifest.json, readings.parquet, summary.json), which appears only when it is complete.")
        {
            Checkpoints, Prompts, Bos, Range, LogitLens, Threads, Out, Seed, Json,
        };
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            var options = new RunOptions
            {
                Threads = (int)parse.GetValue(Threads),
                Bos = parse.GetValue(Bos) ?? BosPolicy.Default,
                AllPositions = parse.GetValue(Range) == Positions.All,
                LogitLens = parse.GetValue(LogitLens),
                Seed = parse.GetValue(Seed),
            };
            string parent = parse.GetValue(Out)!;
            RunFolder.CheckWritable(parent);
            Run? run = null;
            string folder = "";
            ProgressDisplay.Run(progress =>
            {
                run = MeasureRun.Take(parse.GetValue(Checkpoints)!, parse.GetValue(Prompts), options, progress, cancellation);
                progress.Message("hashing the checkpoints and writing the run folder");
                folder = RunFolder.Write(run, parent, cancellation);
            });
            if (parse.GetValue(Json))
            {
                Output.Write(Summary.Of(run!).ToJsonString(RunFolder.Json) + "\n");
                Console.Error.WriteLine($"castalia: run folder: {folder}");
            }
            else
            {
                Print(run!, folder);
            }
        }));
        return command;
    }

    static void Print(Run run, string folder)
    {
        int width = Terminal.Width;
        foreach (var model in run.Models) Output.Write(MeasureReport.OfModel(model, run, width) + "\n");
        if (run.Models.Count > 1) Output.Write(MeasureReport.OfComparison(run, width) + "\n");
        Output.Write($"Run folder: {folder}\n");
    }
}
