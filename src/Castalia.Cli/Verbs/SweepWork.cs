using Castalia.Anatomy.Spectra;
using Castalia.Attribution;
using Castalia.Audit;
using Castalia.Checkpoints;
using Castalia.Cli.Progress;
using Castalia.Derivatives;
using Castalia.Hub;
using Castalia.Runs;
using Castalia.Sweeps;

namespace Castalia.Cli.Verbs;

/// <summary>Computes a cell of a sweep as its verb does, without a word of its own.</summary>
static class SweepWork
{
    /// <summary>Computes it.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="source">Its checkpoint.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    public static CellResult Compute(CheckpointCell cell, CheckpointSource source, int threads, CancellationToken cancellation)
    {
        var started = DateTime.UtcNow;
        var task = cell.Task;
        var options = new RunOptions
        {
            Threads = threads,
            Bos = task.Bos,
            AllPositions = task.AllPositions,
            LogitLens = task.LogitLens,
            Activation = task.Activation,
            Seed = task.Seed,
        };
        switch (task.Verb)
        {
            case TaskVerb.Explain:
                var attribution = new AttributionOptions { Blocks = BlockChoice.Parse(task.Blocks)!, AllPositions = task.AllPositions, AllParts = task.AllParts };
                var explained = Explaining.Take(
                    source, task.PromptSet, task.Prompts, options, new(attribution, task.Weights, task.Reference?.Name, Bands: false, Directions: null, Orthonormalise: false), cancellation, ProgressDisplay.Silently);
                return new(explained.Run, explained.Results);
            case TaskVerb.Intervene:
                var intervened = Intervening.Take(source, task.PromptSet, task.Prompts, task.Do, options, InterveneVerb.DefaultMemory, parent: null, cancellation, ProgressDisplay.Silently);
                return new(intervened.Run, [intervened.Found.Result]);
            case TaskVerb.Dynamics:
                var dynamics = new DynamicsOptions { Blocks = BlockChoice.Parse(task.Blocks)!, Spectrum = JacobianSpectrum.Of, Seed = task.Seed, JacobianFile = null };
                var found = DynamicRun.Take(source, Name(source), task.Prompts, options, dynamics, progress: null, say: _ => { }, done: null, cancellation);
                return new(Of(found.Model), [found.Result]);
            default:
                return new(Of(ModelMeasuring.Take(source, Name(source), _ => task.Prompts, options, progress: null, cancellation, say: _ => { })), []);
        }

        Run Of(ModelRun model) => new() { StartedUtc = started, Options = options, PromptSet = task.PromptSet, Models = [model] };
    }

    /// <summary>Audits revisions: what <c>castalia audit --json</c> prints. It is kept with the sweep, so that no hashes are kept beside it.</summary>
    /// <param name="sources">The revisions.</param>
    /// <param name="threads">Worker threads.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    public static string Audit(IReadOnlyList<CheckpointSource> sources, int threads, CancellationToken cancellation) =>
        JsonText.Of(JsonText.Node(AuditDocument.Of(Auditing.Take(sources, cache: null, threads, _ => null, cancellation)), AuditJson.Default));

    static string Name(CheckpointSource source) => ModelNames.Of([source.Name])[0];
}
