using Castalia.Checkpoints;

namespace Castalia.Architectures;

/// <summary>A family's slots under the names that a checkpoint has for them.</summary>
/// <param name="Prefix">What every name in the checkpoint begins with before the family's own begins; empty for nothing.</param>
/// <param name="Slots">The slots; the family's own where the checkpoint names everything as the family does.</param>
sealed record TensorNames(string Prefix, IReadOnlyDictionary<WeightRole, TensorSlot> Slots)
{
    const int MostDots = 8;

    /// <summary>Finds them.</summary>
    /// <remarks>
    /// A checkpoint saved from the model without its head leaves out what all names begin with (<see cref="Family.BasePrefix"/>):
    /// the hub's gpt2 has <c>wte.weight</c> for <c>transformer.wte.weight</c>. One saved from a wrapper around the model puts the wrapper's name
    /// before all: <c>module.</c>, <c>base_model.model.</c>. The names themselves tell: those are taken under which the most of the first
    /// block's tensors and of those of no block are there.
    /// </remarks>
    public static TensorNames Of(Family family, Checkpoint checkpoint)
    {
        (string prefix, bool isBare) = FormOf(family, checkpoint);
        if (prefix.Length == 0 && !isBare && family.Tensors.Values.All(slot => slot.Or is null)) return new("", family.Tensors);
        return new(prefix, family.Tensors.ToDictionary(pair => pair.Key, pair => Found(Under(pair.Value, prefix, isBare ? family.BasePrefix : ""), checkpoint)));
    }

    /// <summary>A name pattern without the prefix that a checkpoint leaves out.</summary>
    public static string Bare(string pattern, string prefix) =>
        pattern.StartsWith(prefix, StringComparison.Ordinal) ? pattern[prefix.Length..] : pattern;

    static (string Prefix, bool IsBare) FormOf(Family family, Checkpoint checkpoint)
    {
        string embedding = family.Tensors[WeightRole.Embedding].Name;
        if (checkpoint.Tensors.ContainsKey(embedding)) return ("", false);
        (string, bool) best = ("", false);
        int most = Present(family, checkpoint, "", "");
        foreach (string prefix in Common(checkpoint.Tensors.Keys))
        {
            foreach (string left in family.BasePrefix.Length > 0 ? ["", family.BasePrefix] : new[] { "" })
            {
                int present = Present(family, checkpoint, prefix, left);
                if (present > most) (best, most) = ((prefix, left.Length > 0), present);
            }
        }
        return best;
    }

    /// <summary>How many roles have a tensor, of the first block's and of those of no block.</summary>
    static int Present(Family family, Checkpoint checkpoint, string prefix, string left) =>
        family.Tensors.Values.Count(slot => checkpoint.Tensors.ContainsKey(prefix + Bare(slot.NameIn(0), left)));

    /// <summary>What all names begin with, up to a dot: nothing, and then as far as the first dot, the second, and so on.</summary>
    public static IReadOnlyList<string> Common(IEnumerable<string> names)
    {
        string? common = null;
        foreach (string name in names) common = common is null ? name : common[..common.AsSpan().CommonPrefixLength(name)];
        List<string> prefixes = [""];
        for (int dot = -1; prefixes.Count <= MostDots && (dot = (common ?? "").IndexOf('.', dot + 1)) >= 0;) prefixes.Add(common![..(dot + 1)]);
        return prefixes;
    }

    static TensorSlot Under(TensorSlot slot, string prefix, string left) => prefix.Length == 0 && left.Length == 0
        ? slot
        : slot with
        {
            Name = prefix + Bare(slot.Name, left),
            Or = slot.Or is { } or ? prefix + Bare(or, left) : null,
            Deciding = slot.Deciding is { } deciding ? prefix + Bare(deciding, left) : null,
        };

    static TensorSlot Found(TensorSlot slot, Checkpoint checkpoint)
    {
        if (slot.Or is not { } or) return slot;
        TensorSlot other = slot with { Name = or, Or = null };
        TensorSlot deciding = slot with { Name = slot.Deciding ?? slot.Name };
        bool isOther = checkpoint.Find(deciding.NameIn(0)) is null && checkpoint.Find(other.NameIn(0)) is not null;
        return isOther ? other : slot with { Or = null };
    }
}
