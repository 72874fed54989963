using Castalia.Cli.Progress;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.PromptFiles;
using Castalia.Prompts;
using Castalia.Runs;
using Castalia.Untrained;

namespace Castalia.Cli.Verbs;

/// <summary>Which models are measured on which prompts.</summary>
static class MeasureRun
{
    /// <summary>Measures the checkpoints that were named, or the untrained networks.</summary>
    public static Run Take(string[] checkpoints, string? prompts, string[] texts, RunOptions options, ProgressSink progress, CancellationToken cancellation)
    {
        var started = DateTime.UtcNow;
        using var kernels = new Ahead<bool>("castalia kernels", KernelPreparation.Arithmetic);
        bool untrained = checkpoints.Length == 0;
        bool own = prompts is not null || texts.Length > 0;
        string set = own ? PromptOptions.SetName(prompts) : untrained ? "built-in token ids" : PromptSets.Standard25;
        IReadOnlyList<Prompt>? read = own ? PromptOptions.Read(prompts, texts) : untrained ? null : PromptSets.BuiltIn(set);
        IReadOnlyList<CheckpointSource> sources = untrained
            ? [.. UntrainedNetworks.Ensure(UntrainedNetworks.DefaultCache, new Immediate<string>(progress.Message), cancellation)
                .Select(path => new CheckpointSource(path, path, null))]
            : [.. checkpoints.Select(named => CheckpointArgument.Find(named))];
        var names = ModelNames.Of([.. sources.Select(source => source.Name)]);
        return new()
        {
            StartedUtc = started,
            Options = options,
            PromptSet = set,
            Models = [.. sources.Zip(names, (source, name) =>
            {
                var model = ModelMeasuring.Take(source, name, architecture => read ?? UntrainedNetworks.IdPrompts(architecture.DVocab),
                    options, progress.Model(name), cancellation, needs => progress.Message($"{name}: {needs}"));
                return untrained ? model with { TheoreticalGain = UntrainedNetworks.TheoreticalGain(model.Measurement.Architecture.NLayers) } : model;
            })],
        };
    }
}
