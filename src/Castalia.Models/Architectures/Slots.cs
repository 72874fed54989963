namespace Castalia.Architectures;

/// <summary>A row of a family's table.</summary>
/// <param name="Role">The weight's part in the arithmetic.</param>
/// <param name="Slot">Where it is.</param>
sealed record RoleSlot(WeightRole Role, TensorSlot Slot);

/// <summary>Shorthand for tables of slots: a stem's <c>.weight</c> and <c>.bias</c>.</summary>
static class Slots
{
    /// <summary>A table.</summary>
    public static IReadOnlyDictionary<WeightRole, TensorSlot> Of(params IEnumerable<IEnumerable<RoleSlot>> parts) =>
        parts.SelectMany(part => part).ToDictionary(pair => pair.Role, pair => pair.Slot);

    /// <summary>Another family's table, with some slots replaced or added and some left out.</summary>
    public static IReadOnlyDictionary<WeightRole, TensorSlot> With(
        this IReadOnlyDictionary<WeightRole, TensorSlot> table, IReadOnlyList<WeightRole> without,
        params IEnumerable<IEnumerable<RoleSlot>> parts)
    {
        var changed = new Dictionary<WeightRole, TensorSlot>(table);
        foreach (var role in without) changed.Remove(role);
        foreach (var (role, slot) in parts.SelectMany(part => part)) changed[role] = slot;
        return changed;
    }

    /// <summary>The same, in which any of some roles may be absent.</summary>
    public static IReadOnlyDictionary<WeightRole, TensorSlot> Optional(this IReadOnlyDictionary<WeightRole, TensorSlot> table, IReadOnlyList<WeightRole> roles) =>
        table.ToDictionary(pair => pair.Key, pair => roles.Contains(pair.Key) ? pair.Value with { Optional = true } : pair.Value);

    /// <summary><c>{stem}.weight</c>.</summary>
    public static IEnumerable<RoleSlot> Weight(WeightRole role, string stem, RowOrder rows = RowOrder.AsStored) =>
        [new(role, new($"{stem}.weight", rows))];

    /// <summary><c>{stem}.weight</c> and <c>{stem}.bias</c>.</summary>
    public static IEnumerable<RoleSlot> Biased(
        WeightRole role, string stem, RowOrder rows = RowOrder.AsStored, bool transposed = false, string? or = null) =>
    [
        new(role, new($"{stem}.weight", rows) { Transposed = transposed, Or = or is null ? null : $"{or}.weight" }),
        new(Enum.Parse<WeightRole>(role + "Bias"), new($"{stem}.bias", rows)
        {
            Or = or is null ? null : $"{or}.bias",
            Deciding = $"{stem}.weight",
        }),
    ];

    /// <summary>Queries, keys and values in one tensor, grouped by key/value head.</summary>
    public static IEnumerable<RoleSlot> FusedByGroup(string stem) =>
    [
        .. Biased(WeightRole.Query, stem, RowOrder.FusedByGroupQuery), .. Biased(WeightRole.Key, stem, RowOrder.FusedByGroupKey),
        .. Biased(WeightRole.Value, stem, RowOrder.FusedByGroupValue),
    ];

    /// <summary>Queries, keys and values in one tensor, one after the other.</summary>
    public static IEnumerable<RoleSlot> FusedInTurn(string stem, bool transposed = false) =>
    [
        .. Biased(WeightRole.Query, stem, RowOrder.FusedInTurnQuery, transposed), .. Biased(WeightRole.Key, stem, RowOrder.FusedInTurnKey, transposed),
        .. Biased(WeightRole.Value, stem, RowOrder.FusedInTurnValue, transposed),
    ];
}
