using Castalia.Checkpoints;

namespace Castalia.Runs;

/// <summary>SHA-256 of what a run was measured from.</summary>
/// <param name="Files">Of every file of every checkpoint and of the tokenizers, by path.</param>
/// <param name="Weights">Of the tensors that each model's arithmetic reads (<see cref="WeightsLayout"/>), by the model's name.</param>
sealed record RunHashes(IReadOnlyDictionary<string, FileHash> Files, IReadOnlyDictionary<string, string> Weights)
{
    /// <summary>Reads every file once.</summary>
    /// <exception cref="InputException">A file is gone or cannot be read.</exception>
    public static RunHashes Of(Run run, IProgress<HashProgress>? progress, CancellationToken cancellation) => Of(run, known: null, progress, cancellation);

    /// <summary>The same, but what was hashed before and is unchanged is not read again.</summary>
    /// <param name="run">The run.</param>
    /// <param name="known">Hashes of the one checkpoint that the run was measured from; null for none.</param>
    /// <param name="progress">Told how far it has come, from any thread; may be null.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">A file is gone or cannot be read.</exception>
    internal static RunHashes Of(Run run, CheckpointHashes? known, IProgress<HashProgress>? progress, CancellationToken cancellation)
    {
        if (known is not null && !known.IsOf(run)) known = null;
        var unknown = run.Models.Where(model => model.Weights is not null && known is null).ToList();
        var (files, slices) = FileHashes.Of(
            Manifest.Files(run).Where(file => known?.Files.ContainsKey(file) != true), unknown.SelectMany(model => model.Weights!.Slices), run.Options.Threads, progress, cancellation);
        return new(
            known is null ? files : files.Concat(known.Files.Select(file => KeyValuePair.Create(file.Key, file.Value.Hash))).ToDictionary(StringComparer.Ordinal),
            run.Models.Where(model => model.Weights is not null)
                .ToDictionary(model => model.Name, model => known?.Weights ?? model.Weights!.Sha256(slices, cancellation), StringComparer.Ordinal));
    }
}

/// <summary>Hashes of a checkpoint, taken before what is measured from it.</summary>
/// <param name="Files">Its files, by path: which file it was that was hashed, and the hash.</param>
/// <param name="Weights">Hash of the tensors that the arithmetic reads.</param>
sealed record CheckpointHashes(IReadOnlyDictionary<string, (FileIdentity Identity, FileHash Hash)> Files, string Weights)
{
    /// <summary>Reads every file once.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="weights">Where its tensors lie.</param>
    /// <param name="threads">Files hashed at a time.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">A file is gone or cannot be read.</exception>
    public static CheckpointHashes Of(Checkpoint checkpoint, WeightsLayout weights, int threads, CancellationToken cancellation)
    {
        var identities = checkpoint.Files.Select(file => file.Path).Distinct(StringComparer.Ordinal).ToDictionary(path => path, FileIdentity.Of, StringComparer.Ordinal);
        var (files, slices) = FileHashes.Of(identities.Keys, weights.Slices, threads, progress: null, cancellation);
        return new(files.ToDictionary(file => file.Key, file => (identities[file.Key], file.Value), StringComparer.Ordinal), weights.Sha256(slices, cancellation));
    }

    /// <summary>Whether all of it is there, and nothing has changed.</summary>
    public bool IsUnchanged => Files.All(file => File.Exists(file.Key) && FileIdentity.Of(file.Key) == file.Value.Identity);

    /// <summary>Whether it is what every model of a run was measured from, and has not changed.</summary>
    public bool IsOf(Run run) => run.Models.SelectMany(model => model.Files).All(file => Files.ContainsKey(file.Path)) && IsUnchanged;
}
