namespace Castalia.Architectures;

/// <summary>The arithmetic of <see cref="RowOrder"/>.</summary>
public static class RowOrders
{
    /// <summary>The stored row that holds row <paramref name="row"/> of a role.</summary>
    /// <remarks>
    /// Row = head·head_dim + k. <c>FusedByHead…</c> (GPT-NeoX) stores [head][q|k|v][head_dim], so q, k, v of a head stand at
    /// head·3·head_dim + {0, 1, 2}·head_dim + k. <c>InterleavedPairs</c> (GGUF llama): with k = s·head_dim/2 + i, s ∈ {0, 1},
    /// the stored row is head·head_dim + 2i + s, which turns interleaved pairs (2i, 2i + 1) back into (i, i + head_dim/2).
    /// </remarks>
    /// <param name="order">How the rows are stored.</param>
    /// <param name="row">Row of the role, from 0 to <paramref name="nHeads"/>·<paramref name="headDim"/>.</param>
    /// <param name="nHeads">Heads the role has: n_heads for queries, n_kv_heads for keys and values.</param>
    /// <param name="headDim">Width of a head; even for <c>InterleavedPairs</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A row the role does not have.</exception>
    public static int SourceRow(RowOrder order, int row, int nHeads, int headDim)
    {
        if (order == RowOrder.AsStored) return row;
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, (long)nHeads * headDim);
        (int head, int k) = Math.DivRem(row, headDim);
        return order switch
        {
            RowOrder.FusedByHeadQuery => head * 3 * headDim + k,
            RowOrder.FusedByHeadKey => (head * 3 + 1) * headDim + k,
            RowOrder.FusedByHeadValue => (head * 3 + 2) * headDim + k,
            RowOrder.InterleavedPairs => head * headDim + k % (headDim / 2) * 2 + k / (headDim / 2),
            _ => throw new ArgumentOutOfRangeException(nameof(order), order, null),
        };
    }

    /// <summary>How many roles share one stored tensor in this order.</summary>
    internal static int RolesPerTensor(RowOrder order) =>
        order is RowOrder.FusedByHeadQuery or RowOrder.FusedByHeadKey or RowOrder.FusedByHeadValue ? 3 : 1;
}
