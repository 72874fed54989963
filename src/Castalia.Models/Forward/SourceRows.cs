using Castalia.Architectures;

namespace Castalia.Forward;

/// <summary>The stored row of each row of a matrix, the same table for every block; for one thread.</summary>
sealed class SourceRows(Architecture architecture)
{
    readonly int[]?[] _tables = new int[Enum.GetValues<RowOrder>().Length][];

    /// <summary>The table of an order, for at least some rows; null where rows are where they are stored.</summary>
    public int[]? Of(RowOrder order, int rows)
    {
        if (order == RowOrder.AsStored) return null;
        ref int[]? table = ref _tables[(int)order];
        if (table is null || table.Length < rows)
        {
            int[] longer = new int[rows];
            for (int row = 0; row < rows; row++) longer[row] = RowOrders.SourceRow(order, row, architecture);
            table = longer;
        }
        return table;
    }
}
