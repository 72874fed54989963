using Castalia.Cli.Progress;
using Castalia.Prompts;
using Castalia.Runs;
using Castalia.Untrained;

namespace Castalia.Cli.Verbs;

/// <summary>Which models are measured on which prompts.</summary>
static class MeasureRun
{
    /// <summary>Measures the checkpoints that were named, or the untrained networks.</summary>
    public static Run Take(string[] checkpoints, string? prompts, RunOptions options, ProgressSink progress, CancellationToken cancellation)
    {
        var started = DateTime.UtcNow;
        bool untrained = checkpoints.Length == 0;
        string set = prompts ?? (untrained ? "built-in token ids" : PromptSets.Standard25);
        IReadOnlyList<Prompt>? read = prompts is null && untrained ? null : PromptOptions.Read(set);
        IReadOnlyList<string> paths = untrained
            ? UntrainedNetworks.Ensure(UntrainedNetworks.DefaultCache, new Immediate<string>(progress.Message), cancellation)
            : checkpoints;
        var names = ModelNames.Of(paths);
        return new()
        {
            StartedUtc = started,
            Options = options,
            PromptSet = set,
            Models = [.. paths.Zip(names, (path, name) =>
            {
                var model = ModelMeasuring.Take(path, name, architecture => read ?? UntrainedNetworks.IdPrompts(architecture.DVocab),
                    options, progress.Model(name), cancellation);
                return untrained ? model with { TheoreticalGain = UntrainedNetworks.TheoreticalGain(model.Measurement.Architecture.NLayers) } : model;
            })],
        };
    }
}
