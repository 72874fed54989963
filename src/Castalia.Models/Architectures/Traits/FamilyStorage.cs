using static Castalia.Architectures.FamilyWords;

namespace Castalia.Architectures;

/// <summary>How a family's weights are stored, in words.</summary>
static class FamilyStorage
{
    /// <summary>Gate and up of a gated MLP.</summary>
    public static string Gate(IReadOnlyDictionary<WeightRole, TensorSlot> tensors) => tensors.GetValueOrDefault(WeightRole.MlpGate) switch
    {
        null => Absent,
        { InParts: true } => "two for each expert",
        { Rows: RowOrder.FusedGate } => "one, [gate|up]",
        _ => "two tensors",
    };

    /// <summary>What the names of a block's tensors begin with; in brackets what some checkpoints leave out.</summary>
    public static string BlockNames(Family family)
    {
        string prefix = TensorNames.Common(family.Tensors.Where(pair => WeightShapes.IsPerLayer(pair.Key)).Select(pair => pair.Value.Name))[^1];
        string bare = family.BasePrefix;
        return bare.Length > 0 && prefix.StartsWith(bare, StringComparison.Ordinal) ? $"[{bare}]{prefix[bare.Length..]}" : prefix;
    }
}
