namespace Castalia.Architectures;

/// <summary>The arithmetic of <see cref="RowOrder"/>.</summary>
static class RowOrders
{
    /// <summary>The stored row that holds row <paramref name="row"/> of a role.</summary>
    /// <remarks>
    /// Row = head·head_dim + k. <c>FusedByGroup…</c> stores, for each key/value head, its g = n_heads/n_kv_heads query heads, then
    /// the key, then the value: g + 2 heads a group; with g = 1 that is GPT-NeoX's [head][q|k|v]. <c>FusedInTurn…</c> stores n_heads
    /// query heads, n_kv_heads keys, n_kv_heads values. <c>FusedInQuarters…</c> stores four times n_heads/4 heads of q, of v, of k.
    /// <c>InterleavedPairs</c> (GGUF llama): with k = s·head_dim/2 + i, s ∈ {0, 1}, the stored row is head·head_dim + 2i + s, which
    /// turns interleaved pairs (2i, 2i + 1) back into (i, i + head_dim/2).
    /// </remarks>
    /// <param name="order">How the rows are stored.</param>
    /// <param name="row">Row of the role, from 0.</param>
    /// <param name="a">The sizes.</param>
    /// <exception cref="ArgumentOutOfRangeException">A row the role does not have.</exception>
    public static int SourceRow(RowOrder order, int row, Architecture a)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        if (order == RowOrder.AsStored) return row;
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Rows(order, a));
        (int head, int k) = Math.DivRem(row, a.HeadDim);
        int group = a.NHeads / a.NKvHeads, quarter = a.NHeads / 4;
        return order switch
        {
            RowOrder.FusedByGroupQuery => (head / group * (group + 2) + head % group) * a.HeadDim + k,
            RowOrder.FusedByGroupKey => (head * (group + 2) + group) * a.HeadDim + k,
            RowOrder.FusedByGroupValue => (head * (group + 2) + group + 1) * a.HeadDim + k,
            RowOrder.FusedInTurnQuery => row,
            RowOrder.FusedInTurnKey => a.NHeads * a.HeadDim + row,
            RowOrder.FusedInTurnValue => (a.NHeads + a.NKvHeads) * a.HeadDim + row,
            RowOrder.FusedInQuartersQuery => (head / quarter * 3 * quarter + head % quarter) * a.HeadDim + k,
            RowOrder.FusedInQuartersValue => ((head / quarter * 3 + 1) * quarter + head % quarter) * a.HeadDim + k,
            RowOrder.FusedInQuartersKey => ((head / quarter * 3 + 2) * quarter + head % quarter) * a.HeadDim + k,
            RowOrder.FusedGate => row,
            RowOrder.FusedUp => a.DFf + row,
            RowOrder.InterleavedPairs => head * a.HeadDim + k % (a.HeadDim / 2) * 2 + k / (a.HeadDim / 2),
            _ => throw new ArgumentOutOfRangeException(nameof(order), order, null),
        };
    }

    /// <summary>Rows a role of this order has; of pairs the most.</summary>
    static long Rows(RowOrder order, Architecture a) => order switch
    {
        RowOrder.FusedByGroupKey or RowOrder.FusedByGroupValue or RowOrder.FusedInTurnKey or RowOrder.FusedInTurnValue =>
            (long)a.NKvHeads * a.HeadDim,
        RowOrder.FusedGate or RowOrder.FusedUp => a.DFf,
        _ => (long)a.NHeads * a.HeadDim,
    };

    /// <summary>How many roles share one stored tensor in this order.</summary>
    internal static int RolesPerTensor(RowOrder order) => order switch
    {
        RowOrder.AsStored or RowOrder.InterleavedPairs => 1,
        RowOrder.FusedGate or RowOrder.FusedUp => 2,
        _ => 3,
    };
}
