using System.Text.Json;
using System.Text.Json.Nodes;
using Castalia.Errors;

namespace Castalia.Checkpoints;

/// <summary>The index of a sharded checkpoint: which file holds which tensor.</summary>
sealed class ShardIndex
{
    readonly Dictionary<string, string> _shardOf = new(StringComparer.Ordinal);

    ShardIndex(string path) => Path = path;

    /// <summary>Path of the index.</summary>
    public string Path { get; }

    /// <summary>The files it names, in order of name.</summary>
    public IReadOnlyList<string> Shards => [.. _shardOf.Values.Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Reads an index; every shard it names must lie beside it.</summary>
    /// <exception cref="InputException">Anything else.</exception>
    public static ShardIndex Read(string path)
    {
        if (JsonFile.ReadObject(path)["weight_map"] is not JsonObject map) throw CheckpointErrors.IndexWithoutMap(path);
        if (map.Count == 0) throw CheckpointErrors.IndexEmpty(path);
        var index = new ShardIndex(path);
        foreach (var (tensor, value) in map)
        {
            if (value?.GetValueKind() != JsonValueKind.String)
                throw CheckpointErrors.IndexNotAFile(path, tensor, value?.ToJsonString() ?? "null");
            string shard = value.GetValue<string>();
            // A hub cache keeps its files as links, so a link is followed; a path is not.
            if (shard is "" or "." or ".." || shard.AsSpan().ContainsAny("/\\:\0"))
                throw CheckpointErrors.IndexLeavesFolder(path, tensor, shard);
            index._shardOf.Add(tensor, shard);
        }
        string folder = System.IO.Path.GetDirectoryName(path)!;
        foreach (string shard in index.Shards)
            if (!File.Exists(System.IO.Path.Combine(folder, shard))) throw CheckpointErrors.ShardMissing(path, shard);
        return index;
    }

    /// <summary>Refuses a tensor found in a shard that the index does not put there.</summary>
    public void Check(string tensor, string shard)
    {
        if (!_shardOf.TryGetValue(tensor, out string? expected) || expected != shard)
            throw CheckpointErrors.NotInIndex(Path, tensor, shard, expected);
    }

    /// <summary>Refuses a tensor that the index names and no shard holds.</summary>
    public void CheckComplete(IEnumerable<string> found)
    {
        var present = found.ToHashSet(StringComparer.Ordinal);
        foreach (var (tensor, shard) in _shardOf)
            if (!present.Contains(tensor)) throw CheckpointErrors.NotInShard(Path, tensor, shard);
    }
}
