using Castalia.Architectures;
using Castalia.Derivatives;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Machine;
using Castalia.Prompts;

namespace Castalia.Runs;

/// <summary>One model of a run, and its blocks as maps near each prompt's pass.</summary>
sealed record DynamicRun
{
    /// <summary>Of the peak of fused multiply-adds in float64 that tangents reach, and operations a second of one thread that decomposes, on the machine where it was tried.</summary>
    const double Reached = 0.6, Decomposed = 1.5e9;

    /// <summary>The readings.</summary>
    public required ModelRun Model { get; init; }

    /// <summary>What was asked for.</summary>
    public required DynamicsOptions Options { get; init; }

    /// <summary>The blocks by prompt, prompts in order.</summary>
    public required IReadOnlyList<IReadOnlyList<BlockDynamics>> Prompts { get; init; }

    /// <summary>Blocks that were read, ascending.</summary>
    public IReadOnlyList<int> Blocks => [.. Prompts[0].Select(block => block.Block)];

    /// <summary>The table of the run folder.</summary>
    internal RunResult Result => RunResult.Of(RunTables.Dynamics, DynamicsRow.All(this));

    /// <summary>Opens, describes, tokenises, measures and reads the blocks.</summary>
    /// <param name="source">The checkpoint.</param>
    /// <param name="name">Its short name.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="options">What was chosen.</param>
    /// <param name="dynamics">What is asked of the blocks.</param>
    /// <param name="progress">Told after every block; may be null.</param>
    /// <param name="say">Told, before the forward pass, what memory and time it needs; may be null.</param>
    /// <param name="done">Told of prompts that are done; may be null.</param>
    /// <param name="cancellation">Stops between pieces of work.</param>
    /// <exception cref="InputException">As ModelMeasuring.Take and DynamicMeasurement.Take.</exception>
    public static DynamicRun Take(
        CheckpointSource source, string name, IReadOnlyList<Prompt> prompts, RunOptions options, DynamicsOptions dynamics,
        IProgress<MeasureProgress>? progress, Action<string>? say, Action<string>? done, CancellationToken cancellation)
    {
        DynamicMeasurement? found = null;
        var model = ModelMeasuring.Take(source, name, _ => prompts, options, new(
            (architecture, tokenized, _) => DynamicsNeeds.Of(architecture, tokenized, dynamics, options.Threads),
            (checkpoint, architecture, tokenized, tokenizer, measure) =>
            {
                say?.Invoke(Time(architecture, tokenized, dynamics, options.Threads));
                found = DynamicMeasurement.Take(checkpoint, architecture, tokenized, tokenizer, measure, dynamics, progress, done, cancellation);
                return found.Measurement;
            }), progress, say, cancellation);
        return new() { Model = model, Options = dynamics, Prompts = found!.Prompts };
    }

    static string Time(Architecture a, IReadOnlyList<TokenizedPrompt> prompts, DynamicsOptions dynamics, int threads)
    {
        int jacobians = prompts.Count * dynamics.Blocks.Count(a.NLayers);
        double operations = DynamicsNeeds.Operations(a, prompts, dynamics), each = Math.Pow(a.DModel, 3) * 8 / 3;
        double seconds = operations / (FmaPeak.Measure(threads) / 2 * Reached) + jacobians * each / Decomposed / Math.Min(threads, jacobians);
        return FormattableString.Invariant($"{jacobians} Jacobians of {a.DModel} × {a.DModel}, {operations / 1e9:0} GFLOP in float64, and their singular values: about {Math.Max(1, seconds):0} s beside the pass");
    }
}
