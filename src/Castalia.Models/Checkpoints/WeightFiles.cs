using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>Which files of a Hugging Face folder hold the weights.</summary>
/// <param name="Format">Their container.</param>
/// <param name="Names">File names, in the order they are read.</param>
/// <param name="Index">The index that named them; null for a single file.</param>
sealed record WeightFiles(CheckpointFormat Format, IReadOnlyList<string> Names, ShardIndex? Index)
{
    /// <summary>What a trainer leaves beside a model's weights, in files of the same endings.</summary>
    static readonly string[] NotWeights = ["training_args.bin", "optimizer", "scheduler", "scaler", "rng_state"];

    /// <summary>
    /// Chooses them: safetensors before PyTorch and a single file before an index, as transformers does; and where none has its usual
    /// name, the only file of its kind.
    /// </summary>
    /// <exception cref="InputException">None, or several without an index.</exception>
    public static WeightFiles In(string folder)
    {
        (CheckpointFormat Format, string Name)[] usual =
            [(CheckpointFormat.Safetensors, "model.safetensors"), (CheckpointFormat.PyTorch, "pytorch_model.bin")];
        foreach (var (format, name) in usual)
        {
            if (File.Exists(Path.Combine(folder, name))) return new(format, [name], null);
            string indexPath = Path.Combine(folder, $"{name}.index.json");
            if (!File.Exists(indexPath)) continue;
            var index = ShardIndex.Read(indexPath);
            return new(format, index.Shards, index);
        }
        string[] safetensors = [.. Files(folder, "*.safetensors").Where(IsWeights)];
        if (safetensors.Length > 1) throw CheckpointErrors.SeveralSafetensors(folder, safetensors);
        if (safetensors.Length == 1) return new(CheckpointFormat.Safetensors, safetensors, null);
        string[] pickles = [.. Files(folder, "*.bin", "*.pt", "*.pth").Where(IsWeights)];
        if (pickles.Length > 1) throw PickleErrors.SeveralPickles(folder, pickles);
        return pickles.Length == 1 ? new(CheckpointFormat.PyTorch, pickles, null) : throw CheckpointErrors.NoWeights(folder);
    }

    /// <summary>Whether a folder has files, or an index, that may hold a model's weights.</summary>
    public static bool AreIn(string folder) => Files(folder, "*.bin", "*.pt", "*.pth", "*.safetensors", "*.safetensors.index.json", "*.bin.index.json").Any(IsWeights);

    /// <summary>Whether a file of the right ending may hold a model's weights: neither what a trainer leaves nor an adapter's.</summary>
    public static bool IsWeights(string name) =>
        !NotWeights.Any(other => name.StartsWith(other, StringComparison.Ordinal)) && !Adapters.IsWeights(name);

    static string[] Files(string folder, params string[] patterns) =>
    [
        .. patterns.SelectMany(pattern => Directory.GetFiles(folder, pattern)).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal),
    ];
}
