using Castalia.Architectures;
using static Castalia.Reports.FamilyWords;

namespace Castalia.Reports;

/// <summary>How a family's weights are stored, in words.</summary>
static class FamilyStorage
{
    /// <summary>Queries, keys and values.</summary>
    public static string Attention(IReadOnlyDictionary<WeightRole, TensorSlot> tensors) => tensors[WeightRole.Query].Rows switch
    {
        RowOrder.AsStored => "three tensors",
        RowOrder.InterleavedPairs => "three, rotary pairs interleaved",
        RowOrder.FusedByGroupQuery => "one, [group][q…|k|v]",
        RowOrder.FusedInTurnQuery => "one, [q|k|v]",
        RowOrder.FusedInQuartersQuery => "one, [quarter][q|v|k]",
        var order => throw new InvalidOperationException($"No words for {order}."),
    };

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
        string prefix = TensorPrefix.Of([.. family.Tensors.Where(pair => WeightShapes.IsPerLayer(pair.Key)).Select(pair => pair.Value.Name)]);
        string bare = family.BasePrefix;
        return bare.Length > 0 && prefix.StartsWith(bare, StringComparison.Ordinal) ? $"[{bare}]{prefix[bare.Length..]}" : prefix;
    }
}
