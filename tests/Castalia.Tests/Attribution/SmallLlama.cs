using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Tests.Architectures;

namespace Castalia.Tests.Attribution;

/// <summary>A Llama of three blocks in memory, whose weights a test may change: d 16, 4 heads over 2, d_ff 24.</summary>
sealed class SmallLlama
{
    public const int DModel = 16, DFf = 24, HeadDim = 4, NHeads = 4, NLayers = 3;

    readonly Dictionary<string, (long[] Shape, float[] Values)> _tensors = [];
    readonly string _config;

    /// <param name="seed">Of the weights.</param>
    /// <param name="dFf">d_ff, where it is another.</param>
    public SmallLlama(int seed, int dFf = DFf)
    {
        _config = InMemory.Llama.Replace("\"intermediate_size\": 24", FormattableString.Invariant($"\"intermediate_size\": {dFf}"), StringComparison.Ordinal);
        var random = new Random(seed);
        var a = ArchitectureReader.Read(InMemory.Folder(_config));
        foreach (var tensor in InMemory.TensorsOf(a).OrderBy(tensor => tensor.Name, StringComparer.Ordinal))
        {
            float[] values = new float[tensor.Count];
            for (int i = 0; i < values.Length; i++)
                values[i] = tensor.Shape.Count == 1 ? 1 + 0.1f * (float)random.NextDouble() : (float)(random.NextDouble() + random.NextDouble() - 1);
            _tensors[tensor.Name] = ([.. tensor.Shape], values);
        }
    }

    /// <summary>The values of one block's matrix, [rows × columns] as stored.</summary>
    public float[] Of(int layer, string name) => _tensors[$"model.layers.{layer}.{name}.weight"].Values;

    /// <summary>Takes a tensor's place.</summary>
    public void Set(int layer, string name, float[] values) => values.CopyTo(Of(layer, name), 0);

    /// <summary>Embedding, final norm and head of another.</summary>
    public void SetOutside(SmallLlama other)
    {
        foreach (string name in new[] { "model.embed_tokens.weight", "model.norm.weight", "lm_head.weight" }) other._tensors[name].Values.CopyTo(_tensors[name].Values, 0);
    }

    /// <summary>Every token is embedded as 0.</summary>
    public void ClearEmbedding() => Array.Clear(_tensors["model.embed_tokens.weight"].Values);

    public Checkpoint Checkpoint => InMemory.Folder(_config, _tensors.Select(tensor => InMemory.Values(tensor.Key, tensor.Value.Values, tensor.Value.Shape)));

    /// <summary>Rows of a matrix in another order.</summary>
    public void PermuteRows(int layer, string name, int[] order)
    {
        float[] values = Of(layer, name), before = [.. values];
        int width = values.Length / order.Length;
        for (int row = 0; row < order.Length; row++) before.AsSpan(order[row] * width, width).CopyTo(values.AsSpan(row * width, width));
    }

    /// <summary>Groups of columns of a matrix of DModel rows in another order.</summary>
    public void PermuteColumns(int layer, string name, int[] order)
    {
        float[] values = Of(layer, name), before = [.. values];
        int width = values.Length / DModel, group = width / order.Length;
        for (int row = 0; row < DModel; row++)
            for (int i = 0; i < order.Length; i++) before.AsSpan(row * width + order[i] * group, group).CopyTo(values.AsSpan(row * width + i * group, group));
    }
}
