using Castalia.Checkpoints;

namespace Castalia.Architectures;

/// <summary>A family's slots under the names that a checkpoint has for them.</summary>
static class TensorNames
{
    /// <summary>The family's own slots where the checkpoint names everything as the family does.</summary>
    /// <remarks>
    /// A checkpoint saved from the model without its head leaves out what all names begin with (<see cref="Family.BasePrefix"/>):
    /// the hub's gpt2 has <c>wte.weight</c> for <c>transformer.wte.weight</c>. The embedding tells which it is.
    /// </remarks>
    public static IReadOnlyDictionary<WeightRole, TensorSlot> Of(Family family, Checkpoint checkpoint)
    {
        string prefix = family.BasePrefix, embedding = family.Tensors[WeightRole.Embedding].Name;
        bool isBare = prefix.Length > 0 && !checkpoint.Tensors.ContainsKey(embedding) &&
                      checkpoint.Tensors.ContainsKey(embedding[prefix.Length..]);
        if (!isBare && family.Tensors.Values.All(slot => slot.Or is null)) return family.Tensors;
        return family.Tensors.ToDictionary(pair => pair.Key, pair => Found(isBare ? Bare(pair.Value, prefix) : pair.Value, checkpoint));
    }

    /// <summary>A name pattern under the prefix this checkpoint has.</summary>
    public static string Bare(string pattern, string prefix) =>
        pattern.StartsWith(prefix, StringComparison.Ordinal) ? pattern[prefix.Length..] : pattern;

    static TensorSlot Bare(TensorSlot slot, string prefix) =>
        slot with
        {
            Name = Bare(slot.Name, prefix),
            Or = slot.Or is { } or ? Bare(or, prefix) : null,
            Deciding = slot.Deciding is { } deciding ? Bare(deciding, prefix) : null,
        };

    static TensorSlot Found(TensorSlot slot, Checkpoint checkpoint)
    {
        if (slot.Or is not { } or) return slot;
        TensorSlot other = slot with { Name = or, Or = null };
        TensorSlot deciding = slot with { Name = slot.Deciding ?? slot.Name };
        bool isOther = !checkpoint.Tensors.ContainsKey(deciding.NameIn(0)) && checkpoint.Tensors.ContainsKey(other.NameIn(0));
        return isOther ? other : slot with { Or = null };
    }
}
