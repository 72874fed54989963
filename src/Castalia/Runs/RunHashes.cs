namespace Castalia.Runs;

/// <summary>SHA-256 of what a run was measured from.</summary>
/// <param name="Files">Of every file of every checkpoint and of the tokenizers, by path.</param>
/// <param name="Weights">Of the tensors that each model's arithmetic reads (<see cref="WeightsLayout"/>), by the model's name.</param>
public sealed record RunHashes(IReadOnlyDictionary<string, FileHash> Files, IReadOnlyDictionary<string, string> Weights)
{
    /// <summary>Reads every file once.</summary>
    /// <exception cref="Errors.InputException">A file is gone or cannot be read.</exception>
    public static RunHashes Of(Run run, IProgress<HashProgress>? progress, CancellationToken cancellation)
    {
        var (files, slices) = FileHashes.Of(
            Manifest.Files(run), run.Models.SelectMany(model => model.Weights?.Slices ?? []), run.Options.Threads, progress, cancellation);
        return new(files, run.Models.Where(model => model.Weights is not null)
            .ToDictionary(model => model.Name, model => model.Weights!.Sha256(slices, cancellation), StringComparer.Ordinal));
    }
}
