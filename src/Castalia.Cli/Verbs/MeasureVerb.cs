using System.CommandLine;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.PromptFiles;
using Castalia.Reports;
using Castalia.Runs;
using Castalia.Store;
using Castalia.Tokens;
using Castalia.Twins;
using Castalia.Untrained;

namespace Castalia.Cli.Verbs;

/// <summary>Checkpoints and prompts in; a table and a run folder out.</summary>
static class MeasureVerb
{
    static readonly Argument<string[]> Checkpoints = new("CHECKPOINT")
    {
        Description = $"What to measure, each {CheckpointArgument.Forms}. None: untrained networks, made once in your cache, whose gain " +
            "theory predicts, and trained twins that differ in one thing, on a language whose next-token entropy is known.",
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

    public static Command Build()
    {
        var command = new Command(
            "measure",
            "Measure the gain of every block under every published convention, and output entropy; print a table and write a run folder " +
            "(manifest.json, readings.parquet, and summary.json, which --json prints too), which appears only when it is complete.")
        {
            Checkpoints, Prompts, Texts, Bos, Range, LogitLens, Activation, Threads, Out, Seed,
        };
        PageOptions.AddTo(command);
        PromptOptions.RefuseBoth(command, Prompts, Texts);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            var options = RunChoices.Of(parse, Threads, Bos, Range, LogitLens, Activation, Seed);
            string parent = parse.GetValue(Out)!;
            Leftovers.Remove(parent);
            RunFolder.CheckWritable(parent);
            Run? run = null, twins = null;
            ProgressDisplay.Run(progress =>
            {
                run = MeasureRun.Take(parse.GetValue(Checkpoints)!, parse.GetValue(Prompts), parse.GetValue(Texts)!, options, progress, cancellation);
                if (IsDefault(parse)) twins = ShippedMeasuring.Take(UntrainedNetworks.DefaultCache, options, progress.Model, progress.Message, cancellation);
            });
            foreach (var model in run!.Models.Concat(twins?.Models ?? [])) ClosureCheck.Verify(model);
            // The figures first: hashing a large checkpoint takes longer than reading them.
            PageOptions.Write(parse, () => DefaultMeasurement.Document(run, twins, cancellation), () => DefaultMeasurement.Page(run, twins, cancellation));
            foreach (var one in new[] { run, twins }.OfType<Run>())
            {
                WrittenRun written = default;
                ProgressDisplay.Run(progress => written = RunFolder.WriteAndTell(one, parent, cancellation, progress.Hash("run folder")));
                foreach (string same in RunWarnings.SameWeights(one, written.Weights)) Messages.Say(same);
                if (PageOptions.IsTerminal(parse)) Output.Write($"Run folder: {written.Folder}\n");
                else Messages.Say($"run folder: {written.Folder}");
            }
        }, interrupted: "no run folder was written."));
        return command;
    }

    /// <summary>Whether neither model nor prompts are named.</summary>
    static bool IsDefault(ParseResult parse) => parse.GetValue(Checkpoints)!.Length == 0 && parse.GetValue(Prompts) is null && parse.GetValue(Texts)!.Length == 0;
}
