using Castalia.Checkpoints;
using Castalia.Forward;
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

/// <summary>Where a study reports.</summary>
/// <param name="Training">Begins a network's training: told of every step.</param>
/// <param name="Measuring">Begins to measure a network.</param>
/// <param name="Hashing">Begins to write a run.</param>
/// <param name="Say">Told what is being done.</param>
sealed record TwinProgress(
    Func<string, TrainingOptions, IProgress<TrainingStep>> Training, Func<string, IProgress<MeasureProgress>> Measuring, Func<string, IProgress<HashProgress>> Hashing, Action<string> Say);

/// <summary>Trains the networks of a plan, one after the other, and measures the last checkpoint of each like any model.</summary>
/// <remarks>What is trained already is not trained again, and what is measured already gets no second run folder: an interrupted study goes on with the same call.</remarks>
static class TwinStudy
{
    const string RunsFolder = "runs", Marker = "run.txt";

    /// <summary>Carries a plan out.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="folder">Where networks and runs go.</param>
    /// <param name="threads">Threads; no figure depends on them.</param>
    /// <param name="seed">Seed of the bootstrap.</param>
    /// <param name="progress">Told how far it has come.</param>
    /// <param name="cancellation">Stops within a step.</param>
    /// <exception cref="Errors.InputException">A network diverges; the disk is full; a folder holds the training of another plan.</exception>
    public static IReadOnlyList<MeasuredTwin> Take(TwinPlan plan, string folder, int threads, long seed, TwinProgress progress, CancellationToken cancellation)
    {
        List<MeasuredTwin> measured = [];
        foreach (var (index, twin) in plan.Twins.Index())
        {
            if (plan.Twins.Count > 1) progress.Say(FormattableString.Invariant($"network {index + 1} of {plan.Twins.Count}: {twin.Name}"));
            var language = new Language(twin.Recipe.Language);
            var trained = Trained(twin, language, Path.Combine(folder, twin.Folder), threads, progress, cancellation);
            measured.Add(Measured(plan, twin, trained, language, folder, threads, seed, progress, cancellation));
        }
        TwinTable.Of(measured).Write(folder);
        return measured;
    }

    static TrainedNetwork Trained(Twin twin, Language language, string folder, int threads, TwinProgress progress, CancellationToken cancellation)
    {
        var options = twin.Recipe.Options;
        var files = LanguageTokenizer.Files(language.Options.Vocabulary);
        files["recipe.json"] = Recipes.Text(twin, null);
        var run = new TrainingRun
        {
            Name = twin.Name,
            Form = twin.Cell.Form,
            Options = options,
            Texts = new LanguageTexts(language, options.DataSeed, options.Tokens, options.Distinct),
            Recipe = Recipes.Hash(twin, null),
            Files = files,
        };
        return run.Take(folder, threads, progress.Training(twin.Name, options).Report, cancellation);
    }

    static MeasuredTwin Measured(TwinPlan plan, Twin twin, TrainedNetwork trained, Language language, string folder, int threads, long seed, TwinProgress progress, CancellationToken cancellation)
    {
        var started = DateTime.UtcNow;
        var options = new RunOptions { Threads = threads, Bos = Tokens.BosPolicy.None, AllPositions = false, LogitLens = false, Seed = seed };
        var prompts = TwinPrompts.Of(language, twin.Recipe.Options.Tokens);
        var model = ModelMeasuring.Take(new CheckpointSource(trained.Folder, trained.Folder, null), twin.Name, _ => prompts, options, progress.Measuring(twin.Name), cancellation);
        var run = new Run { StartedUtc = started, Options = options, PromptSet = TwinPrompts.Name(language.Options), Models = [model] };
        return new(twin, trained, model, ModelEstimates.Of(model, seed, cancellation), GainTrueEntropy(model), Written(run, twin, folder, progress, cancellation))
        {
            Plan = plan.Name,
            WeightsSha256 = model.Weights!.Sha256(threads, null, cancellation),
        };
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

    static Figure<double> GainTrueEntropy(ModelRun model)
    {
        var pairs = GainsAndTrueEntropies(model);
        return Pearson.Of([.. pairs.Select(pair => pair.Gain)], [.. pairs.Select(pair => pair.Entropy)]);
    }

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
