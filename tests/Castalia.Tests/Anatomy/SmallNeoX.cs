using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Tests.Architectures;

namespace Castalia.Tests.Anatomy;

/// <summary>A Pythia small enough to be written for one test: 3 blocks, d 16, 2 heads, d_ff 64, 50 ids; in one file or in shards.</summary>
static class SmallNeoX
{
    public static readonly Architecture Described = ArchitectureReader.Read(InMemory.Folder(InMemory.NeoX));

    /// <summary>Its tensors, in the order that shards take them: embedding, blocks, ends.</summary>
    public static readonly SafetensorsEntry[] Tensors =
    [
        .. InMemory.TensorsOf(Described).Select(tensor => new SafetensorsEntry(tensor.Name, DType.F32, tensor.Shape))
            .OrderBy(entry => entry.Name.Contains("embed_in", StringComparison.Ordinal) ? 0 : entry.Name.Contains("layers", StringComparison.Ordinal) ? 1 : 2)
            .ThenBy(entry => entry.Name, StringComparer.Ordinal),
    ];

    /// <summary>The shard that a tensor lies in, from 1: embedding and block 0; block 1; the rest.</summary>
    public static int ShardOf(string name) => name.Contains("embed_in", StringComparison.Ordinal) || name.Contains("layers.0", StringComparison.Ordinal) ? 1 : name.Contains("layers.1", StringComparison.Ordinal) ? 2 : 3;

    /// <summary>Writes it.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="value">The value of element i of a tensor.</param>
    /// <param name="sharded">In three shards with an index.</param>
    public static void Write(string folder, Func<string, int, float> value, bool sharded = false)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), InMemory.NeoX);
        foreach (var shard in Tensors.GroupBy(entry => sharded ? ShardOf(entry.Name) : 0))
        {
            string file = shard.Key == 0 ? "model.safetensors" : $"model-{shard.Key:00000}-of-00003.safetensors";
            using var writer = SafetensorsWriter.Create(Path.Combine(folder, file), [.. shard], null);
            foreach (var entry in shard)
            {
                int count = (int)entry.Shape.Aggregate(1L, (n, axis) => n * axis);
                writer.Write(entry.Name, 0, [.. Enumerable.Range(0, count).Select(i => value(entry.Name, i))]);
            }
            writer.Complete();
        }
        if (!sharded) return;
        string map = string.Join(",", Tensors.Select(entry => $"\"{entry.Name}\":\"model-{ShardOf(entry.Name):00000}-of-00003.safetensors\""));
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), $"{{\"metadata\":{{}},\"weight_map\":{{{map}}}}}");
    }
}
