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

    /// <summary>The few figures of the view gains that tables of gains are made of, of some runs.</summary>
    internal IReadOnlyList<GainFigures> GainFigures(IReadOnlyList<StoredRun> runs, CancellationToken cancellation)
    {
        string[] columns = ["run", "model", "prompt_index", "gain", "entropy", "align_attn", "align_mlp"];
        return Read(StoreViews.Gains with { Columns = [.. columns.Select(name => StoreViews.Gains.Columns.First(c => c.Name == name))] }, runs, "run, model, prompt_index",
            row => new GainFigures(row.GetString(0), row.GetString(1), row.GetInt32(2), Real(row, 3), Real(row, 4), Real(row, 5), Real(row, 6)), cancellation);
    }

    /// <summary>The view positions.</summary>
    public IReadOnlyList<PositionRow> Positions(CancellationToken cancellation = default) => Positions(Runs, cancellation);

    /// <summary>The view positions of some runs; the files of others are not read.</summary>
    internal IReadOnlyList<PositionRow> Positions(IReadOnlyList<StoredRun> runs, CancellationToken cancellation) => Read(StoreViews.Positions, runs, "run, model, prompt_index, position",
        row => new PositionRow(row.GetInt32(6), row.GetInt32(7), Text(row, 8), Gain(row, 9)), cancellation);

    /// <summary>The view blocks.</summary>
    public IReadOnlyList<BlockRow> Blocks(CancellationToken cancellation = default) => Read(StoreViews.Blocks, Runs, "run, model, layer",
        row => new BlockRow(row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetInt32(3), row.GetInt64(4), Real(row, 5), Real(row, 6), Real(row, 7)), cancellation);

    /// <summary>The view models: within a run in the order in which they were named.</summary>
    public IReadOnlyList<ModelRow> Models() => _models.Value.Rows;

    List<T> Read<T>(StoreView view, IReadOnlyList<StoredRun> runs, string order, Func<DuckDBDataReader, T> row, CancellationToken cancellation)
    {
        List<T> rows = [];
        string which = StoreViews.Which(view);
        Reading(gathered =>
        {
            using var database = new Database();
            var of = TableRows.IsGathered(RunTables.Readings, which.Contains(StoreViews.LastBlock, StringComparison.Ordinal)) ? gathered?.Of(RunTables.Readings, cancellation) : null;
            StoreTables.InParts(
                database, "asked", runs, some => StoreViews.Over(view, $"({TableRows.Of(RunTables.Readings, some, RunTables.Readings.Columns, which, of)})"), cancellation);
            rows = database.Read($"FROM asked ORDER BY {order}", row, cancellation);
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
