using System.CommandLine;
using System.Text;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.PromptFiles;
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
        HelpName = "CHECKPOINT",
        CompletionSources = { Completions.CachedModels },
    };

    static readonly Option<string?> Prompts = PromptOptions.Named($" Default: {PromptSets.Standard25}; for the untrained networks, ids of their own.");

    static readonly Option<string[]> Texts = PromptOptions.Texts();

    static readonly Choice<BosPolicy> Bos = PromptOptions.Bos();

    static readonly Choice<Positions> Range = new("--positions",
        "Entropy and a row of readings at the last position, or at all of them as well.", ("last", Positions.Last), ("all", Positions.All));

    static readonly Option<bool> LogitLens = new("--logit-lens") { Description = "Also read entropy and top token after every block." };

    static readonly Choice<GeluChoice> Activation = ActivationOption.Build();

    static readonly WholeNumber Threads = PromptOptions.Threads();

    static readonly Option<string> Out = new("--out")
    {
        Description = "Folder in which the run folder is made.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "runs",
    };

    static readonly WholeNumber Seed = new("--seed", "Seed of the bootstrap.", 0, long.MaxValue, () => ("1", "--seed"));

    static readonly Option<bool> Json = new("--json") { Description = "Print summary.json on standard output instead of tables." };

    public static Command Build()
    {
        var command = new Command(
            "measure",
            "Measure the gain of every block under every published convention, and output entropy; print a table and write a run folder " +
            "(manifest.json, readings.parquet, summary.json), which appears only when it is complete.")
        {
            Checkpoints, Prompts, Texts, Bos, Range, LogitLens, Activation, Threads, Out, Seed, Json,
        };
        PromptOptions.RefuseBoth(command, Prompts, Texts);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            var options = new RunOptions
            {
                Threads = (int)Threads.In(parse),
                Bos = Bos.In(parse) ?? BosPolicy.Default,
                AllPositions = Range.In(parse) == Positions.All,
                LogitLens = parse.GetValue(LogitLens),
                Activation = Activation.In(parse) ?? GeluChoice.Config,
                Seed = Seed.In(parse),
            };
            string parent = parse.GetValue(Out)!;
            Leftovers.Remove(parent);
            RunFolder.CheckWritable(parent);
            bool json = parse.GetValue(Json);
            Run? run = null;
            ProgressDisplay.Run(progress =>
                run = MeasureRun.Take(parse.GetValue(Checkpoints)!, parse.GetValue(Prompts), parse.GetValue(Texts)!, options, progress, cancellation));
            foreach (var model in run!.Models) ClosureCheck.Verify(model);
            // The figures first: hashing a large checkpoint takes longer than reading them.
            if (json) Output.Write(Summary.Of(run, cancellation).ToJsonString(JsonFile.Readable) + "\n");
            else Print(run, cancellation);
            WrittenRun written = default;
            ProgressDisplay.Run(progress => written = RunFolder.WriteAndTell(run, parent, cancellation, progress.Hash("run folder")));
            string folder = written.Folder;
            foreach (string same in MeasureReport.SameWeights(run, written.Weights)) Messages.Say(same);
            if (json) Messages.Say($"run folder: {folder}");
            else Output.Write($"Run folder: {folder}\n");
        }, interrupted: "no run folder was written."));
        return command;
    }

    static void Print(Run run, CancellationToken cancellation)
    {
        int width = Terminal.Width;
        var text = new StringBuilder(); // written at once, so that nobody sees a part of it
        foreach (var model in run.Models) text.Append(MeasureReport.OfModel(model, run, width, cancellation)).Append('\n');
        if (run.Models.Count > 1) text.Append(MeasureReport.OfComparison(run, width, cancellation)).Append('\n');
        Output.Write(text.ToString());
    }
}
