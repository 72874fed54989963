using Castalia.Hub;
using Castalia.Residual;
using Castalia.Runs;
using Castalia.Statistics;
using Castalia.Training;

namespace Castalia.Twins;

/// <summary>A network that was trained and measured.</summary>
/// <param name="Twin">Which.</param>
/// <param name="Trained">How its training ended.</param>
/// <param name="Model">What was read.</param>
/// <param name="Estimates">What that says.</param>
/// <param name="GainTrueEntropy">Pearson correlation of last-layer gain and true entropy over prompts.</param>
/// <param name="Run">The run's folder.</param>
sealed record MeasuredTwin(Twin Twin, TrainedNetwork Trained, ModelRun Model, ModelEstimates Estimates, Figure<double> GainTrueEntropy, string Run)
{
    /// <summary>Name of its plan.</summary>
    public required string Plan { get; init; }

    /// <summary>It was trained on a corpus, not on the generated language.</summary>
    public required bool IsOfCorpus { get; init; }

    /// <summary>SHA-256 of its weights, as a run's manifest states it.</summary>
    public required string WeightsSha256 { get; init; }
}

/// <summary>Measures the last checkpoint of a network like any model.</summary>
static class TwinMeasuring
{
    /// <summary>The folder of a study that holds its runs.</summary>
    public const string RunsFolder = "runs";

    /// <summary>Measures it, writes a run where there is none yet, and makes estimates of it.</summary>
    /// <exception cref="InputException">It cannot be measured; the disk is full.</exception>
    public static MeasuredTwin Take(string plan, Twin twin, TrainedNetwork trained, TwinTexts texts, string folder, int threads, long seed, TwinProgress progress, CancellationToken cancellation)
    {
        var (model, written) = Write(twin, trained, texts, folder, threads, seed, progress, named: null, cancellation);
        var estimates = ModelEstimates.Of(model, seed, cancellation);
        return new(twin, trained, model, estimates, GainTrueEntropy(model), written.Folder) { Plan = plan, IsOfCorpus = texts.Corpus is not null, WeightsSha256 = written.WeightsSha256 };
    }

    /// <summary>Measures it, and writes a run where there is none yet: of a name that the caller gives it, or else of time and network.</summary>
    /// <exception cref="InputException">It cannot be measured; the disk is full.</exception>
    public static (ModelRun Model, TwinRun Written) Write(
        Twin twin, TrainedNetwork trained, TwinTexts texts, string folder, int threads, long seed, TwinProgress progress, string? named, CancellationToken cancellation)
    {
        var started = DateTime.UtcNow;
        var options = new RunOptions { Threads = threads, Bos = Tokens.BosPolicy.None, AllPositions = false, LogitLens = false, Seed = seed };
        var model = ModelMeasuring.Take(new CheckpointSource(trained.Folder, trained.Folder, null), twin.Name, _ => texts.Prompts, options, progress.Measuring(twin.Name), cancellation);
        var run = new Run { StartedUtc = started, Options = options, PromptSet = texts.PromptSet, Models = [model] };
        return (model, TwinRun.Of(run, Path.Combine(folder, twin.Folder), Path.Combine(folder, RunsFolder), progress.Hashing("run folder"), named, cancellation));
    }

    static Figure<double> GainTrueEntropy(ModelRun model)
    {
        if (model.Measurement.Prompts.All(prompt => prompt.Prompt.TrueEntropy is null)) return Figure<double>.Undefined("nobody knows the true entropy of a text");
        var pairs = GainsAndTrueEntropies(model);
        return Pearson.Of([.. pairs.Select(pair => pair.Gain)], [.. pairs.Select(pair => pair.Entropy)]);
    }

    /// <summary>Gain of the last block at the last token and true entropy of what follows, of every prompt that has both.</summary>
    public static IReadOnlyList<(double Gain, double Entropy)> GainsAndTrueEntropies(ModelRun model) =>
    [
        .. from pair in model.Measurement.Prompts.Zip(model.Measurement.Readings)
           let gain = Gains.Of(pair.Second, pair.Second.Blocks.Length - 1, ReferencePoint.Block, PositionRule.Last, NormPrecision.Float32)
           let entropy = pair.First.Prompt.TrueEntropy
           where gain is not null && entropy is not null
           select (gain.Value, entropy.Value),
    ];
}
