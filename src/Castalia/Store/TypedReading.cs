using Castalia.Runs;
using DuckDB.NET.Data;

namespace Castalia.Store;

/// <content>Rows as records, for analyses; by run, model, then prompt and position, or block.</content>
sealed partial class RunStore
{
    /// <summary>The view gains.</summary>
    public IReadOnlyList<GainRow> Gains(CancellationToken cancellation = default) =>
        Gains(Runs, cancellation);

    /// <summary>The view gains of some runs; the files of others are not read.</summary>
    internal IReadOnlyList<GainRow> Gains(IReadOnlyList<StoredRun> runs, CancellationToken cancellation) =>
        Read(StoreViews.Gains, runs, "run, model, prompt_index", row => Gain(row, 6), cancellation);

    /// <summary>The view positions.</summary>
    public IReadOnlyList<PositionRow> Positions(CancellationToken cancellation = default) => Read(StoreViews.Positions, Runs, "run, model, prompt_index, position",
        row => new PositionRow(row.GetInt32(6), row.GetInt32(7), Text(row, 8), Gain(row, 9)), cancellation);

    /// <summary>The view blocks.</summary>
    public IReadOnlyList<BlockRow> Blocks(CancellationToken cancellation = default) => Read(StoreViews.Blocks, Runs, "run, model, layer",
        row => new BlockRow(row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), row.GetInt64(4), Real(row, 5), Real(row, 6), Real(row, 7)), cancellation);

    /// <summary>The view models: within a run in the order in which they were named.</summary>
    public IReadOnlyList<ModelRow> Models() => StoreTables.Models(Runs, Cards).Rows;

    List<T> Read<T>(StoreView view, IReadOnlyList<StoredRun> runs, string order, Func<DuckDBDataReader, T> row, CancellationToken cancellation)
    {
        List<T> rows = [];
        Reading(() =>
        {
            using var database = new Database();
            rows = database.Read($"FROM ({StoreViews.Over(view, $"({StoreTables.RowsOf(RunTables.Readings, runs)})")}) ORDER BY {order}", row, cancellation);
        });
        return rows;
    }

    static GainRow Gain(DuckDBDataReader row, int at) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetInt32(3), Text(row, 4), row.GetInt32(5),
        Real(row, at), Real(row, at + 1), Real(row, at + 2), Real(row, at + 3), Real(row, at + 4), Real(row, at + 5), Text(row, at + 6),
        Real(row, at + 7), Real(row, at + 8), Real(row, at + 9), Real(row, at + 10), Real(row, at + 11), Real(row, at + 12), Real(row, at + 13),
        Real(row, at + 14), Real(row, at + 15));

    static double? Real(DuckDBDataReader row, int column) => !row.IsDBNull(column) && row.GetDouble(column) is var real && double.IsFinite(real) ? real : null;

    static string? Text(DuckDBDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
