using System.CommandLine;
using Castalia.Architectures;
using Castalia.DoFiles;
using Castalia.PromptFiles;
using Castalia.Reports;
using Castalia.Runs;
using Castalia.Tokens;

namespace Castalia.Cli.Verbs;

/// <summary>A checkpoint, prompts and interventions in; what becomes of the gain under each, and a run folder, out.</summary>
static class InterveneVerb
{
    /// <summary>Bytes that interventions may take at a time where nothing is said.</summary>
    public const long DefaultMemory = 1_000_000_000;

    static readonly Argument<string> Source = new("CHECKPOINT") { Description = $"Where to intervene: {CheckpointArgument.Forms}.", HelpName = "CHECKPOINT", CompletionSources = { Completions.CachedModels } };

    static readonly Option<string[]> Do = new("--do")
    {
        Description = $"A .yaml file that lists interventions (docs/interventions.md), or one that ships: {string.Join(", ", DoFile.Names)}. May be given several times.",
        HelpName = "FILE|NAME",
        Required = true,
        CompletionSources = { _ => DoFile.Names },
    };

    static readonly Option<string?> Prompts = PromptOptions.Named($" Default: {PromptSets.Standard25}.");

    static readonly Option<string[]> Texts = PromptOptions.Texts();

    static readonly Choice<BosPolicy> Bos = PromptOptions.Bos();

    static readonly Choice<Positions> Range = new(
        "--positions", "Predictions at the last position of each prompt, or at all of them, which gives the cross-entropy of running text.", ("last", Positions.Last), ("all", Positions.All));

    static readonly Choice<GeluChoice> Activation = ActivationOption.Build();

    static readonly WholeNumber Threads = PromptOptions.Threads();

    static readonly Option<long?> Memory = ByteSize.Option("--memory", "Memory for the interventions that are computed at a time, beside what a measurement takes. Default: 1GB.");

    static readonly Option<string> Out = new("--out") { Description = "Folder in which the run folder is made.", HelpName = "DIR", DefaultValueFactory = _ => "runs" };

    static readonly WholeNumber Seed = new("--seed", "Seed of the bootstrap.", 0, long.MaxValue, () => ("1", "--seed"));

    public static Command Build()
    {
        var command = new Command(
            "intervene",
            "Say what happens without a part of the model: make the interventions that a file lists, compute everything after them again, print a page and write a " +
            "run folder, with interventions.parquet beside the readings of the clean pass.")
        {
            Source, Do, Prompts, Texts, Bos, Range, Activation, Threads, Memory, Out, Seed,
        };
        PageOptions.AddTo(command);
        PromptOptions.RefuseBoth(command, Prompts, Texts);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            var options = RunChoices.Of(parse, Threads, Bos, Range, activation: Activation, seed: Seed);
            string parent = parse.GetValue(Out)!;
            Leftovers.Remove(parent);
            RunFolder.CheckWritable(parent);
            DoFile[] files = [.. parse.GetValue(Do)!.Select(DoFile.Read)];
            var (set, prompts) = PromptOptions.OrStandard(parse.GetValue(Prompts), parse.GetValue(Texts)!);
            var made = Intervening.Take(
                CheckpointArgument.Find(parse.GetValue(Source)!), set, prompts, files, options, parse.GetValue(Memory) ?? DefaultMemory, parent, cancellation);
            if (PageOptions.IsJson(parse)) Output.Write(InterventionDocument.Text(made.Found, set));
            else PageOptions.Write(parse, InterventionReport.Of(made.Found, options.Seed));
            Messages.Say($"run folder: {made.Write(parent, cancellation).Folder}");
        }, interrupted: "no run folder was written; the same command goes on from the portions that were finished."));
        return command;
    }
}
