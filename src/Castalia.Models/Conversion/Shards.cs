using System.Globalization;
using System.Text.Json.Nodes;

namespace Castalia.Conversion;

/// <summary>A file of weights and the tensors that go into it.</summary>
/// <param name="File">Its name.</param>
/// <param name="Tensors">Its tensors, in order.</param>
sealed record Shard(string File, IReadOnlyList<TensorPlan> Tensors);

/// <summary>Divides tensors into files.</summary>
static class Shards
{
    /// <summary>Name of the index of several files.</summary>
    public const string IndexFile = "model.safetensors.index.json";

    /// <summary>One file where all fit into it, else several named as the hub names them; a tensor above the limit has a file of its own.</summary>
    /// <param name="tensors">The tensors.</param>
    /// <param name="limit">Bytes of tensors in a file, at most.</param>
    public static IReadOnlyList<Shard> Of(IReadOnlyList<TensorPlan> tensors, long limit)
    {
        var files = new List<List<TensorPlan>> { new() };
        long bytes = 0;
        foreach (TensorPlan tensor in tensors)
        {
            if (files[^1].Count > 0 && bytes + tensor.Bytes > limit)
            {
                files.Add([]);
                bytes = 0;
            }
            files[^1].Add(tensor);
            bytes += tensor.Bytes;
        }
        return files.Count == 1
            ? [new("model.safetensors", files[0])]
            : [.. files.Select((file, i) => new Shard(
                string.Create(CultureInfo.InvariantCulture, $"model-{i + 1:00000}-of-{files.Count:00000}.safetensors"), file))];
    }

    /// <summary>The index of several files.</summary>
    public static JsonObject Index(IReadOnlyList<Shard> shards)
    {
        var map = new JsonObject();
        foreach (Shard shard in shards)
            foreach (TensorPlan tensor in shard.Tensors) map[tensor.Name] = shard.File;
        return new() { ["metadata"] = new JsonObject { ["total_size"] = shards.Sum(s => s.Tensors.Sum(t => t.Bytes)) }, ["weight_map"] = map };
    }
}
