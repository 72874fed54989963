using System.Text.RegularExpressions;
using Castalia.Cards;
using Castalia.Errors;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Castalia.Store;

/// <summary>The database in which queries of others run: all that the runs hold is in memory, no file can be reached, no setting changed.</summary>
/// <remarks>
/// Three walls, each of which would do: one statement, which must be a SELECT as the database itself classes it; external access off, so that no function
/// opens a file; and the configuration locked, so that this stays so. No run's file is needed once the tables are loaded.
/// </remarks>
sealed partial class QueryDatabase : IDisposable
{
    // In a database beside that of the views, so that SHOW TABLES shows these alone.
    const string Results = "castalia_results", Result = $"{Results}.result", Make = $"CREATE OR REPLACE TABLE {Result} AS ";

    readonly Database _database = new();

    /// <summary>Fills the tables from elsewhere and shuts the doors.</summary>
    /// <param name="fill">Makes the tables and views.</param>
    /// <param name="output">The one file that <see cref="Write"/> may write; null for none.</param>
    /// <param name="cancellation">Stops between statements.</param>
    public QueryDatabase(Action<Database> fill, string? output, CancellationToken cancellation)
    {
        try
        {
            fill(_database);
            _database.Execute($"ATTACH ':memory:' AS {Results}", cancellation);
            if (output is not null) _database.Execute($"SET allowed_paths = [{Database.Literal(output)}]", cancellation);
            _database.Execute("SET enable_external_access = false", cancellation);
            _database.Execute("SET lock_configuration = true", cancellation);
        }
        catch
        {
            _database.Dispose();
            throw;
        }
    }

    /// <summary>The database's plan of a query as JSON; null where it has none to show.</summary>
    /// <exception cref="InputException">It is no single SELECT, or does not fit the views.</exception>
    public string? Plan(string sql, CancellationToken cancellation)
    {
        SelectOnly.Check(_database.Connection, sql);
        if (Told().IsMatch(sql)) return null;
        try
        {
            return _database.Read($"EXPLAIN (FORMAT json) {sql}", row => row.GetString(1), cancellation) is [var plan] ? plan : null;
        }
        catch (Exception e) when (e is DuckDBException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Runs a query and hands on its rows one by one.</summary>
    /// <param name="sql">One SELECT.</param>
    /// <param name="begin">Given the columns, once the query has run.</param>
    /// <param name="row">Given each row.</param>
    /// <param name="cancellation">Stops the query, or between rows.</param>
    /// <exception cref="InputException">It is no single SELECT, or the database refuses it.</exception>
    public void Run(string sql, Action<IReadOnlyList<QueryColumn>> begin, Action<object?[]> row, CancellationToken cancellation)
    {
        Hold(sql, columns =>
        {
            begin(columns);
            var types = columns.Select(ResultValues.Of).ToList();
            string list = string.Join(", ", columns.Zip(types, (column, type) => type.Select(Database.Identifier(column.Name))));
            _database.Each($"SELECT {list} FROM {Result}", reader =>
            {
                object?[] values = new object?[types.Count];
                for (int i = 0; i < values.Length; i++) values[i] = reader.IsDBNull(i) ? null : types[i].Read(reader, i);
                row(values);
            }, cancellation);
        }, cancellation);
    }

    /// <summary>Runs a query and writes its rows into the file that was allowed, as Parquet.</summary>
    public void Write(string sql, string output, CancellationToken cancellation) => Hold(sql, columns =>
    {
        string list = string.Join(", ", columns.Select(ResultValues.Stored));
        _database.Execute($"COPY (SELECT {list} FROM {Result}) TO {Database.Literal(output)} (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)", cancellation);
    }, cancellation);

    /// <summary>Keeps a query's result while it is read: the query has ended, and failed if it does, before the first row is seen.</summary>
    void Hold(string sql, Action<IReadOnlyList<QueryColumn>> read, CancellationToken cancellation)
    {
        SelectOnly.Check(_database.Connection, sql);
        bool isHeld = false;
        try
        {
            _database.Execute(Make + (Told().IsMatch(sql) ? $"FROM ({sql.TrimEnd().TrimEnd(';')}\n)" : sql), cancellation);
            isHeld = true;
            read(_database.Read($"SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = '{Results}' ORDER BY column_index",
                row => new QueryColumn(row.GetString(0), row.GetString(1)), cancellation));
        }
        catch (Exception e) when (e is DuckDBException { ErrorType: not DuckDBErrorType.Io } || (e is InvalidOperationException && !isHeld))
        {
            throw QueryErrors.Refused(sql, e.Message.Replace(Make, "", StringComparison.Ordinal));
        }
        finally
        {
            if (isHeld) Drop();
        }
    }

    /// <summary>Frees the memory of a result.</summary>
    void Drop()
    {
        try
        {
            _database.Execute($"DROP TABLE {Result}", CancellationToken.None);
        }
        catch (DuckDBException)
        {
            // A query that shut its own database out, by turning a log on; the next one is told so, or takes this one's place.
        }
    }

    // What the database tells of itself is a SELECT to it, but must stand in brackets to be kept.
    [GeneratedRegex(@"^\s*(DESCRIBE|DESC|SHOW|SUMMARIZE)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Told();

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();
}
