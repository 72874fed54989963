using Castalia.Errors;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Castalia.Store;

/// <summary>The result of a query that has ended, until it is disposed of.</summary>
/// <param name="queries">Where it is.</param>
/// <param name="table">The table that it is.</param>
/// <param name="sql">The query.</param>
/// <param name="columns">Its columns.</param>
sealed class HeldResult(QueryDatabase queries, string table, string sql, IReadOnlyList<QueryColumn> columns) : IDisposable
{
    /// <summary>Its columns.</summary>
    public IReadOnlyList<QueryColumn> Columns => columns;

    /// <summary>Called when it is disposed of.</summary>
    public Action? Released { get; set; }

    /// <summary>Hands on its rows, one by one, in their order.</summary>
    public void Read(Action<object?[]> row, CancellationToken cancellation) => Read("", row, cancellation);

    /// <summary>The same, of some rows or in another order.</summary>
    /// <param name="rest">What follows FROM and the result in a SELECT of ours.</param>
    /// <param name="row">Given each row.</param>
    /// <param name="cancellation">Stops it.</param>
    public void Read(string rest, Action<object?[]> row, CancellationToken cancellation)
    {
        var types = columns.Select(ResultValues.Of).ToList();
        string list = string.Join(", ", columns.Zip(types, (column, type) => type.Select(Database.Identifier(column.Name))));
        Ask(list, rest, reader =>
        {
            object?[] values = new object?[types.Count];
            for (int i = 0; i < values.Length; i++) values[i] = reader.IsDBNull(i) ? null : types[i].Read(reader, i);
            row(values);
        }, cancellation);
    }

    /// <summary>Hands on the rows of a SELECT of ours over it.</summary>
    /// <param name="select">What is selected.</param>
    /// <param name="rest">What follows FROM and the result.</param>
    /// <param name="row">Given each row.</param>
    /// <param name="cancellation">Stops it.</param>
    public void Ask(string select, string rest, Action<DuckDBDataReader> row, CancellationToken cancellation) =>
        Seated(seat => seat.Each($"SELECT {select} FROM {table} {rest}", row, cancellation), cancellation);

    /// <summary>Writes its rows as Parquet.</summary>
    public void Write(string output, CancellationToken cancellation)
    {
        string list = string.Join(", ", columns.Select(ResultValues.Stored));
        Seated(seat => seat.Execute($"COPY (SELECT {list} FROM {table}) TO {Database.Literal(output)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)", cancellation), cancellation);
    }

    void Seated(Action<Database> work, CancellationToken cancellation) => queries.Seated(seat =>
    {
        try
        {
            work(seat);
            return true;
        }
        catch (DuckDBException e) when (e.ErrorType != DuckDBErrorType.Io)
        {
            throw QueryErrors.Refused(sql, e.Message);
        }
    }, cancellation);

    /// <summary>Frees its memory.</summary>
    public void Dispose()
    {
        queries.Seated(seat =>
        {
            QueryDatabase.Drop(seat, table);
            return true;
        }, CancellationToken.None);
        Released?.Invoke();
        Released = null;
    }
}
