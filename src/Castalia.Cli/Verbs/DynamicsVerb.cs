using System.CommandLine;
using System.Diagnostics;
using Castalia.Analyses;
using Castalia.Anatomy.Spectra;
using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Cli.Progress;
using Castalia.Derivatives;
using Castalia.PromptFiles;
using Castalia.Reports;
using Castalia.Runs;
using Castalia.Tokens;

namespace Castalia.Cli.Verbs;

/// <summary>A checkpoint and prompts in; its blocks as maps near each pass, and a run folder, out.</summary>
static class DynamicsVerb
{
    static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    static readonly Argument<string> Source = new("CHECKPOINT") { Description = $"Whose blocks: {CheckpointArgument.Forms}.", HelpName = "CHECKPOINT", CompletionSources = { Completions.CachedModels } };

    static readonly Option<string?> Prompts = PromptOptions.Named($" Default: {PromptSets.Standard25}.");

    static readonly Option<string[]> Texts = PromptOptions.Texts();

    static readonly Choice<BosPolicy> Bos = PromptOptions.Bos();

    static readonly Option<string> Blocks = BlocksOption.Build();

    static readonly Option<string?> Jacobian = new("--jacobian")
    {
        Description = "Write every Jacobian to a safetensors file too, p0.blocks.0.jacobian and so on, [out × in], float64.",
        HelpName = "FILE",
    };

    static readonly Choice<GeluChoice> Activation = ActivationOption.Build();

    static readonly WholeNumber Threads = PromptOptions.Threads();

    static readonly Option<string> Out = new("--out") { Description = "Folder in which the run folder is made.", HelpName = "DIR", DefaultValueFactory = _ => "runs" };

    static readonly WholeNumber Seed = new("--seed", "Seed of the random directions, of the bootstrap and of the dip test.", 0, long.MaxValue, () => ("1", "--seed"));

    public static Command Build()
    {
        var command = new Command(
            "dynamics",
            "Say what blocks are as maps near each prompt's pass: their Jacobians' singular values, what a longer stream does, which law the wiring implies and how far it holds, " +
            "and what other sciences would measure; print a page and write a run folder, with dynamics.parquet beside the readings.")
        {
            Source, Prompts, Texts, Bos, Blocks, Jacobian, Activation, Threads, Out, Seed,
        };
        PageOptions.AddTo(command);
        PromptOptions.RefuseBoth(command, Prompts, Texts);
        command.SetAction(parse => Verb.Run(cancellation =>
        {
            var options = RunChoices.Of(parse, Threads, Bos, activation: Activation, seed: Seed);
            var dynamics = new DynamicsOptions
            {
                Blocks = BlockChoice.Parse(parse.GetValue(Blocks)!)!,
                Spectrum = JacobianSpectrum.Of,
                Seed = options.Seed,
                JacobianFile = parse.GetValue(Jacobian),
            };
            string parent = parse.GetValue(Out)!;
            Leftovers.Remove(parent);
            RunFolder.CheckWritable(parent);
            var (set, prompts) = PromptOptions.OrStandard(parse.GetValue(Prompts), parse.GetValue(Texts)!);
            var started = DateTime.UtcNow;
            var source = CheckpointArgument.Find(parse.GetValue(Source)!);
            string name = ModelNames.Of([source.Name])[0];
            DynamicRun? found = null;
            ProgressDisplay.Run(progress => found = DynamicRun.Take(
                source, name, prompts, options, dynamics, progress.Model(name), needs => progress.Message($"{name}: {needs}"), Seldom(text => progress.Message($"{name}: {text}")), cancellation));
            var run = new Run { StartedUtc = started, Options = options, PromptSet = set, Models = [found!.Model] };
            ClosureCheck.Verify(found.Model);
            var isomorphisms = Isomorphism.Of(IsomorphismEvidence.Of(found), options.Seed);
            if (PageOptions.IsJson(parse)) Output.Write(DynamicsDocument.Text(found, set, isomorphisms));
            else PageOptions.Write(parse, DynamicsReport.Of(found, isomorphisms));
            WrittenRun written = default;
            ProgressDisplay.Run(progress => written = RunFolder.WriteAndTell(run, [found.Result], parent, cancellation, progress.Hash("run folder")));
            Messages.Say($"run folder: {written.Folder}");
        }, interrupted: "no run folder was written."));
        return command;
    }

    /// <summary>Passes a message on where none was for a while.</summary>
    static Action<string> Seldom(Action<string> say)
    {
        var since = Stopwatch.StartNew();
        return text =>
        {
            if (since.Elapsed < Silence) return;
            say(text);
            since.Restart();
        };
    }
}
