using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Derivatives;

namespace Castalia.Training;

/// <summary>One network, from its first weights, or from its last checkpoint, to its last step.</summary>
sealed record TrainingRun
{
    /// <summary>Its name, for messages.</summary>
    public required string Name { get; init; }

    /// <summary>What it is.</summary>
    public required ModelForm Form { get; init; }

    /// <summary>How it is trained.</summary>
    public required TrainingOptions Options { get; init; }

    /// <summary>What on.</summary>
    public required ITrainingTexts Texts { get; init; }

    /// <summary>SHA-256 of all that decides its bits; a folder of another is not gone on with.</summary>
    public required string Recipe { get; init; }

    /// <summary>Files beside config and weights: a tokenizer.</summary>
    public IReadOnlyDictionary<string, string> Files { get; init; } = new Dictionary<string, string>();

    /// <summary>Further files, by name, that are copied from where they are.</summary>
    public IReadOnlyDictionary<string, string> Copied { get; init; } = new Dictionary<string, string>();

    /// <summary>Told of every checkpoint, in the order of their steps: of those that are there before the first step is taken, of each other before the next step. May be null.</summary>
    public Action<KeptCheckpoint>? Kept { get; init; }

    /// <summary>Trains it.</summary>
    /// <param name="folder">Its folder; its checkpoints are folders there.</param>
    /// <param name="threads">Threads; no bit depends on them.</param>
    /// <param name="shown">Told of every step; may be null.</param>
    /// <param name="cancellation">Stops within a step. Complete checkpoints stay, and the next call goes on from the last.</param>
    /// <returns>The last checkpoint's folder, and what every step showed.</returns>
    /// <exception cref="InputException">It diverges; the disk is full; the folder holds the training of another recipe.</exception>
    public TrainedNetwork Take(string folder, int threads, Action<TrainingStep>? shown, CancellationToken cancellation)
    {
        folder = Path.GetFullPath(folder);
        Unfinished.Sweep(folder);
        var folders = new CheckpointFolders(folder, Recipe, Copied);
        bool begins = folders.Steps.Count == 0;
        if (begins) folders.Begin(Form, InitialWeights.Of(Form, Options.Initialisation, Options.WeightSeed), Files);
        int from = folders.Steps[^1];
        using var parameters = Load(folders.Of(from));
        using var trainer = new Trainer(parameters, Form.HeldAtZero, Options, Texts, Name, threads, cancellation);
        folders.Resume(from, trainer);
        if (Kept is not null)
        {
            var before = folders.Shown(from);
            foreach (int there in folders.Steps) Kept(KeptCheckpoint.Of(there, folders.Of(there), before, Options, begins));
        }
        folders.Tidy(from, Options.KeepsLastOnly); // of a kill between a checkpoint and what it replaces
        List<TrainingStep> since = [];
        while (trainer.Step < Options.Steps)
        {
            var step = trainer.Take();
            since.Add(step);
            shown?.Invoke(step);
            if (!Options.IsKept(trainer.Step)) continue;
            folders.Write(trainer, parameters, Form.Config, Files, since, Options.KeepsLastOnly);
            Kept?.Invoke(KeptCheckpoint.Of(trainer.Step, folders.Of(trainer.Step), since, Options, isNew: true));
            since.Clear();
        }
        return new(folders.Of(Options.Steps), folders.Shown(Options.Steps));
    }

    /// <summary>Writes weights as the checkpoint of step 0.</summary>
    /// <param name="folder">The network's folder.</param>
    /// <param name="form">The network.</param>
    /// <param name="values">Its weights, by stored tensor.</param>
    /// <param name="files">Files beside them: a tokenizer.</param>
    /// <returns>The checkpoint's folder.</returns>
    /// <exception cref="InputException">The disk refuses it.</exception>
    public static string Begin(string folder, ModelForm form, IReadOnlyDictionary<string, float[]> values, IReadOnlyDictionary<string, string> files)
    {
        var folders = new CheckpointFolders(folder, "", new Dictionary<string, string>());
        folders.Begin(form, values, files);
        return folders.Of(0);
    }

    static ParameterSet Load(string folder)
    {
        using var checkpoint = Checkpoint.Open(folder);
        return ParameterSet.Load(checkpoint, ArchitectureReader.Read(checkpoint));
    }
}

/// <summary>A network that has been trained.</summary>
/// <param name="Folder">Its last checkpoint.</param>
/// <param name="Steps">What every step showed.</param>
sealed record TrainedNetwork(string Folder, IReadOnlyList<TrainingStep> Steps)
{
    /// <summary>Mean over the last of its steps, up to 50, nats.</summary>
    public double Loss => Steps.TakeLast(50).Average(step => step.Loss);

    /// <summary>The same of the least that the loss could be; null where nobody knows.</summary>
    public double? LeastLoss => Steps.TakeLast(50).Average(step => step.Entropy);
}
