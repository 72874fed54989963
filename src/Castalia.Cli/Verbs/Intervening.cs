using Castalia.Anatomy;
using Castalia.Cli.Progress;
using Castalia.DoFiles;
using Castalia.Hub;
using Castalia.Interventions;
using Castalia.Prompts;
using Castalia.Runs;
using Castalia.Wording;

namespace Castalia.Cli.Verbs;

/// <summary>A model as it is and under interventions, before its run folder is written.</summary>
/// <param name="Run">The run.</param>
/// <param name="Found">What became of the gain.</param>
sealed record Intervening(Run Run, IntervenedRun Found)
{
    /// <summary>Intervenes, with progress on standard error.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="set">What the run calls its prompts.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="files">The interventions.</param>
    /// <param name="options">What was chosen.</param>
    /// <param name="mostBytes">Bytes that the variants computed at a time may take.</param>
    /// <param name="parent">Where the run folder will be made, and finished portions are kept; null: they are not kept.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <param name="display">Where it reports; null for standard error.</param>
    public static Intervening Take(
        CheckpointSource source, string set, IReadOnlyList<Prompt> prompts, IReadOnlyList<DoFile> files, RunOptions options, long mostBytes, string? parent, CancellationToken cancellation,
        Action<Action<ProgressSink>>? display = null)
    {
        var started = DateTime.UtcNow;
        string name = ModelNames.Of([source.Name])[0];
        IntervenedRun? found = null;
        (display ?? ProgressDisplay.Run)(progress => found = IntervenedRun.Take(
            source, name, prompts, files, options, Finders.Of(name, options.Threads, progress.Message, cancellation), mostBytes, parent, progress.Model(name),
            new Immediate<InterventionProgress>(done => Report(done, progress)), cancellation, needs => progress.Message($"{name}: {needs}")));
        if (found!.PortionsFound > 0) Messages.Say($"{Figures.Of(found.PortionsFound, "portion")} had been finished by an interrupted run");
        var run = new Run
        {
            StartedUtc = started,
            Options = options,
            PromptSet = set,
            Models = [found.Model],
            DoFiles = [.. files.Select(file => (file.Name, file.Sha256))],
        };
        ClosureCheck.Verify(found.Model);
        return new(run, found);
    }

    /// <summary>Writes the run folder, and forgets finished portions.</summary>
    /// <param name="parent">Where it is made.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    public WrittenRun Write(string parent, CancellationToken cancellation)
    {
        WrittenRun written = default;
        ProgressDisplay.Run(progress => written = RunFolder.WriteAndTell(Run, [Found.Result], parent, cancellation, progress.Hash("run folder")));
        Found.Complete();
        return written;
    }

    /// <summary>Of portions before the last; one alone is done when the page appears.</summary>
    static void Report(InterventionProgress done, ProgressSink progress)
    {
        if (done.Done < done.All) progress.Message(FormattableString.Invariant($"{done.Done} of {done.All} interventions on prompts done"));
    }
}
