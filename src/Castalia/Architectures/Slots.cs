namespace Castalia.Architectures;

/// <summary>Shorthand for tables of slots: a stem's <c>.weight</c> and <c>.bias</c>.</summary>
static class Slots
{
    /// <summary>A table.</summary>
    public static IReadOnlyDictionary<WeightRole, TensorSlot> Of(params IEnumerable<IEnumerable<(WeightRole Role, TensorSlot Slot)>> parts) =>
        parts.SelectMany(part => part).ToDictionary(pair => pair.Role, pair => pair.Slot);

    /// <summary>Another family's table, with some slots replaced or added and some left out.</summary>
    public static IReadOnlyDictionary<WeightRole, TensorSlot> With(
        this IReadOnlyDictionary<WeightRole, TensorSlot> table, IReadOnlyList<WeightRole> without,
        params IEnumerable<IEnumerable<(WeightRole Role, TensorSlot Slot)>> parts)
    {
        var changed = table.Where(pair => !without.Contains(pair.Key)).ToDictionary();
        foreach (var (role, slot) in parts.SelectMany(part => part)) changed[role] = slot;
        return changed;
    }

    /// <summary><c>{stem}.weight</c>.</summary>
    public static IEnumerable<(WeightRole, TensorSlot)> Weight(WeightRole role, string stem, RowOrder rows = RowOrder.AsStored) =>
        [(role, new($"{stem}.weight", rows))];

    /// <summary><c>{stem}.weight</c> and <c>{stem}.bias</c>.</summary>
    public static IEnumerable<(WeightRole, TensorSlot)> Biased(
        WeightRole role, string stem, RowOrder rows = RowOrder.AsStored, bool transposed = false, string? or = null) =>
    [
        (role, new($"{stem}.weight", rows) { Transposed = transposed, Or = or is null ? null : $"{or}.weight" }),
        (Enum.Parse<WeightRole>($"{role}Bias"), new($"{stem}.bias", rows) { Or = or is null ? null : $"{or}.bias" }),
    ];

    /// <summary>Queries, keys and values in one tensor, grouped by key/value head.</summary>
    public static IEnumerable<(WeightRole, TensorSlot)> FusedByGroup(string stem) =>
    [
        .. Biased(WeightRole.Query, stem, RowOrder.FusedByGroupQuery), .. Biased(WeightRole.Key, stem, RowOrder.FusedByGroupKey),
        .. Biased(WeightRole.Value, stem, RowOrder.FusedByGroupValue),
    ];

    /// <summary>Queries, keys and values in one tensor, one after the other.</summary>
    public static IEnumerable<(WeightRole, TensorSlot)> FusedInTurn(string stem, bool transposed = false) =>
    [
        .. Biased(WeightRole.Query, stem, RowOrder.FusedInTurnQuery, transposed), .. Biased(WeightRole.Key, stem, RowOrder.FusedInTurnKey, transposed),
        .. Biased(WeightRole.Value, stem, RowOrder.FusedInTurnValue, transposed),
    ];
}
