using System.Collections.Concurrent;
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
    const string Results = "castalia_results";

    readonly Database _database = new();
    readonly BlockingCollection<Database> _seats = [];
    int _results;

    /// <summary>Fills the tables from elsewhere and shuts the doors.</summary>
    /// <param name="fill">Makes the tables and views.</param>
    /// <param name="output">The one file that <see cref="Write"/> may write; null for none.</param>
    /// <param name="cancellation">Stops between statements.</param>
    /// <param name="seats">How many queries may run at a time; others wait.</param>
    public QueryDatabase(Action<Database> fill, string? output, CancellationToken cancellation, int seats = 1)
    {
        try
        {
            fill(_database);
            _database.Execute($"ATTACH ':memory:' AS {Results}", cancellation);
            _seats.Add(_database, CancellationToken.None);
            for (int i = 1; i < seats; i++) _seats.Add(_database.Beside(), CancellationToken.None);
            if (output is not null) _database.Execute($"SET allowed_paths = [{Database.Literal(output)}]", cancellation);
            _database.Execute("SET enable_external_access = false", cancellation);
            _database.Execute("SET lock_configuration = true", cancellation);
        }
        catch
        {
            Dispose();
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
        using var held = Hold(sql, cancellation);
        begin(held.Columns);
        held.Read(row, cancellation);
    }

    /// <summary>The columns of a query's result; it is not run where the database tells them without.</summary>
    /// <exception cref="InputException">It is no single SELECT, or the database refuses it.</exception>
    public IReadOnlyList<QueryColumn> Columns(string sql, CancellationToken cancellation)
    {
        SelectOnly.Check(_database.Connection, sql);
        if (!Told().IsMatch(sql))
        {
            try
            {
                return _database.Read($"DESCRIBE {sql}", Column, cancellation);
            }
            catch (Exception e) when (e is DuckDBException or InvalidOperationException)
            {
                // What is wrong with it is said when it is run.
            }
        }
        using var held = Hold(sql, cancellation);
        return held.Columns;
    }

    /// <summary>Runs a query and writes its rows into the file that was allowed, as Parquet.</summary>
    public void Write(string sql, string output, CancellationToken cancellation)
    {
        using var held = Hold(sql, cancellation);
        held.Write(output, cancellation);
    }

    /// <summary>Runs a query and keeps its result until that is disposed of: the query has ended, and failed if it does, before the first row is seen.</summary>
    /// <exception cref="InputException">It is no single SELECT, or the database refuses it.</exception>
    public HeldResult Hold(string sql, CancellationToken cancellation)
    {
        string table = FormattableString.Invariant($"{Results}.result_{Interlocked.Increment(ref _results)}"), make = $"CREATE OR REPLACE TABLE {table} AS ";
        return Seated(seat =>
        {
            SelectOnly.Check(seat.Connection, sql);
            bool isHeld = false;
            try
            {
                seat.Execute(make + (Told().IsMatch(sql) ? $"FROM ({sql.TrimEnd().TrimEnd(';')}\n)" : sql), cancellation);
                isHeld = true;
                return new HeldResult(this, table, sql, seat.Read($"DESCRIBE {table}", Column, cancellation));
            }
            catch (Exception e)
            {
                if (isHeld) Drop(seat, table);
                if (e is DuckDBException { ErrorType: not DuckDBErrorType.Io } || (e is InvalidOperationException && !isHeld))
                    throw QueryErrors.Refused(sql, e.Message.Replace(make, "", StringComparison.Ordinal));
                throw;
            }
        }, cancellation);
    }

    static QueryColumn Column(DuckDBDataReader row) => new(row.GetString(0), row.GetString(1));

    /// <summary>Does something by one of the connections.</summary>
    internal T Seated<T>(Func<Database, T> work, CancellationToken cancellation)
    {
        var seat = _seats.Take(cancellation);
        try
        {
            return work(seat);
        }
        finally
        {
            _seats.Add(seat, CancellationToken.None);
        }
    }

    /// <summary>Frees the memory of a result.</summary>
    internal static void Drop(Database seat, string table)
    {
        try
        {
            seat.Execute($"DROP TABLE {table}", CancellationToken.None);
        }
        catch (DuckDBException)
        {
            // A query that shut its own database out, by turning a log on; the next one is told so.
        }
    }

    // What the database tells of itself is a SELECT to it, but must stand in brackets to be kept.
    [GeneratedRegex(@"^\s*(DESCRIBE|DESC|SHOW|SUMMARIZE)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Told();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var seat in _seats.Where(seat => seat != _database)) seat.Dispose();
        _seats.Dispose();
        _database.Dispose();
    }
}
