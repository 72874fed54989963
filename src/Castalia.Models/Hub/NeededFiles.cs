using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Hub;

/// <summary>Which files of a repository a measurement needs, by the rules by which a checkpoint is opened.</summary>
static class NeededFiles
{
    /// <summary>The description of the model.</summary>
    public const string Config = "config.json";

    static readonly string[] Tokenizer =
    [
        "tokenizer.json", "tokenizer_config.json", "tokenizer.model", "vocab.json", "merges.txt", "special_tokens_map.json", "added_tokens.json",
    ];

    /// <summary>Single file and index of each format, the preferred one first.</summary>
    static readonly (string Single, string Index)[] Weights =
    [
        ("model.safetensors", "model.safetensors.index.json"),
        ("pytorch_model.bin", "pytorch_model.bin.index.json"),
    ];

    /// <summary>config.json and the tokenizer's files, as far as there are any.</summary>
    public static IEnumerable<string> Described(IReadOnlyCollection<string> names) => Tokenizer.Prepend(Config).Where(names.Contains);

    /// <summary>The file the weights begin with: a single file, or the index of shards; null where there is none.</summary>
    /// <param name="names">Every file of the repository.</param>
    public static string? WeightsOrIndex(IReadOnlyCollection<string> names)
    {
        foreach (var (single, index) in Weights)
        {
            if (names.Contains(single)) return single;
            if (names.Contains(index)) return index;
        }
        // Under another name, if it is the only one: Checkpoint.Open takes it too.
        string[] others = [.. names.Where(name => !name.Contains('/') && name.EndsWith(".safetensors", StringComparison.Ordinal) && WeightFiles.IsWeights(name))];
        return others.Length == 1 ? others[0] : null;
    }

    /// <summary>The GGUF files of a repository, in order.</summary>
    public static IReadOnlyList<string> Gguf(IEnumerable<string> names) =>
        [.. names.Where(name => name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];

    /// <summary>Whether a file names shards.</summary>
    public static bool IsIndex(string name) => name.EndsWith(".index.json", StringComparison.Ordinal);

    /// <summary>The shards an index names, in order.</summary>
    /// <exception cref="InputException">It is no index, or names a place outside its folder.</exception>
    public static IReadOnlyList<string> Shards(string index)
    {
        if (JsonFile.ReadObject(index)["weight_map"] is not JsonObject map) throw CheckpointErrors.IndexWithoutMap(index);
        if (map.Count == 0) throw CheckpointErrors.IndexEmpty(index);
        foreach (var (tensor, value) in map)
        {
            if (value?.GetValueKind() != JsonValueKind.String) throw CheckpointErrors.IndexNotAFile(index, tensor, value?.ToJsonString() ?? "null");
            string shard = value.GetValue<string>();
            if (shard.Contains('/') || HubFileNames.WhyUnsafe(shard) is not null)
                throw CheckpointErrors.IndexLeavesFolder(index, tensor, HubFileNames.Printable(shard));
        }
        return [.. map.Select(entry => entry.Value!.GetValue<string>()).Distinct().Order(StringComparer.Ordinal)];
    }
}
