using Castalia.Checkpoints;
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

    /// <summary>SHA-256 of its weights, as a run's manifest states it.</summary>
    public required string WeightsSha256 { get; init; }
}

/// <summary>Measures the last checkpoint of a network like any model.</summary>
static class TwinMeasuring
{
    const string Marker = "run.txt";

    /// <summary>The folder of a study that holds its runs.</summary>
    public const string RunsFolder = "runs";

    /// <summary>Measures it, and writes a run where there is none yet.</summary>
    /// <exception cref="Errors.InputException">It cannot be measured; the disk is full.</exception>
    public static MeasuredTwin Take(string plan, Twin twin, TrainedNetwork trained, TwinTexts texts, string folder, int threads, long seed, TwinProgress progress, CancellationToken cancellation)
    {
        var started = DateTime.UtcNow;
        var options = new RunOptions { Threads = threads, Bos = Tokens.BosPolicy.None, AllPositions = false, LogitLens = false, Seed = seed };
        var model = ModelMeasuring.Take(new CheckpointSource(trained.Folder, trained.Folder, null), twin.Name, _ => texts.Prompts, options, progress.Measuring(twin.Name), cancellation);
        var run = new Run { StartedUtc = started, Options = options, PromptSet = texts.PromptSet, Models = [model] };
        return new(twin, trained, model, ModelEstimates.Of(model, seed, cancellation), GainTrueEntropy(model), Written(run, twin, folder, progress, cancellation))
        {
            Plan = plan,
            WeightsSha256 = model.Weights!.Sha256(threads, null, cancellation),
        };
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

    /// <summary>Writes the run, unless the network's folder names one that is there.</summary>
    static string Written(Run run, Twin twin, string folder, TwinProgress progress, CancellationToken cancellation)
    {
        string marker = Path.Combine(folder, twin.Folder, Marker), runs = Path.Combine(folder, RunsFolder);
        try
        {
            if (File.Exists(marker) && Path.Combine(runs, File.ReadAllText(marker).Trim()) is var there && File.Exists(Path.Combine(there, "manifest.json"))) return there;
            string written = RunFolder.Write(run, runs, cancellation, progress.Hashing("run folder"));
            File.WriteAllText(marker, Path.GetFileName(written));
            return written;
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e))
        {
            throw TwinErrors.NotWritable(folder, e);
        }
    }
}
