using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;

namespace Castalia.Training;

/// <summary>A checkpoint that is not written yet: its config, and the tensors that its description asks for.</summary>
static class StoredTensors
{
    /// <summary>Names and shapes, in the order of the blocks.</summary>
    public static IReadOnlyList<SafetensorsEntry> Of(Architecture a)
    {
        var needed = WeightShapes.Needed(a);
        return
        [
            .. needed.Where(role => !WeightShapes.IsPerLayer(role)).GroupBy(role => a.Tensors[role].Name).Select(group => Entry(a, group, 0)),
            .. Enumerable.Range(0, a.NLayers).SelectMany(layer => needed.Where(WeightShapes.IsPerLayer).GroupBy(role => a.Tensors[role].Name).Select(group => Entry(a, group, layer))),
        ];
    }

    /// <summary>A checkpoint of a config, with these tensors, whose values are nowhere.</summary>
    public static unsafe Checkpoint Imagined(JsonObject config, IEnumerable<SafetensorsEntry> tensors) => new()
    {
        Path = "a model to be trained",
        Format = CheckpointFormat.Safetensors,
        Files = [],
        Config = config,
        Tensors = tensors.ToDictionary(
            entry => entry.Name, entry => new Tensor(entry.Name, entry.DType, entry.Shape, "model.safetensors", null, sizeof(float) * entry.Shape.Aggregate(1L, (n, axis) => n * axis)),
            StringComparer.Ordinal),
    };

    static SafetensorsEntry Entry(Architecture a, IGrouping<string, WeightRole> roles, int layer) =>
        new(a.Tensors[roles.First()].NameIn(layer), DType.F32, WeightShapes.Stored(a, [.. roles]));
}
