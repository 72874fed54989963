using Castalia.Runs;
using DuckDB.NET.Data;

namespace Castalia.Store;

/// <summary>An in-memory database of one thread, so that sums have the same bits every time.</summary>
sealed class Database : IDisposable
{
    const string OfConnection = "TimeZone = 'UTC'"; // other settings are of the database

    readonly DuckDBConnection _connection;

    public Database()
    {
        _connection = DatabaseLibrary.Open();
        // Memory that is given back after each part of a long list of files is faulted in again for the next.
        foreach (string setting in new[] { "allocator_flush_threshold = '1GB'", "autoinstall_known_extensions = false", "autoload_known_extensions = false", "temp_directory = ''", OfConnection })
            Execute($"SET {setting}", CancellationToken.None);
    }

    Database(DuckDBConnection connection) => _connection = connection;

    public DuckDBConnection Connection => _connection;

    /// <summary>A second connection to the same database, for another thread; whoever has it disposes of it.</summary>
    public Database Beside()
    {
        var connection = _connection.Duplicate();
        if (connection.State != System.Data.ConnectionState.Open) connection.Open();
        var beside = new Database(connection);
        beside.Execute($"SET {OfConnection}", CancellationToken.None);
        return beside;
    }

    /// <summary>Runs a statement of ours.</summary>
    public void Execute(string sql, CancellationToken cancellation) => Run(sql, command => command.ExecuteNonQuery(), cancellation);

    /// <summary>Reads every row of a statement of ours.</summary>
    public List<T> Read<T>(string sql, Func<DuckDBDataReader, T> row, CancellationToken cancellation)
    {
        var rows = new List<T>();
        Each(sql, reader => rows.Add(row(reader)), cancellation);
        return rows;
    }

    /// <summary>Hands on every row of a statement of ours.</summary>
    public void Each(string sql, Action<DuckDBDataReader> row, CancellationToken cancellation) => Run(sql, command =>
    {
        using var reader = command.ExecuteReader();
        for (; reader.Read(); cancellation.ThrowIfCancellationRequested()) row(reader);
        return true;
    }, cancellation);

    T Run<T>(string sql, Func<DuckDBCommand, T> work, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var interruption = cancellation.Register(command.Cancel);
        try
        {
            return work(command);
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation); // as the database says it is an error of its own
        }
    }

    /// <summary>A text as an SQL literal.</summary>
    public static string Literal(string text) => $"'{text.Replace("'", "''")}'";

    /// <summary>A name as an SQL identifier.</summary>
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"")}\"";

    /// <summary>A parquet file as a relation; what would be a pattern in its path stands for itself.</summary>
    public static string Parquet(string path) => $"read_parquet({Exactly(path)})";

    /// <summary>Parquet files of the same columns as one relation, in their order; the column filename says whose a row is.</summary>
    public static string Parquet(IEnumerable<string> paths) => $"read_parquet([{string.Join(", ", paths.Select(Exactly))}], filename = true)";

    static string Exactly(string path) => Literal(string.Concat(path.Select(c => c is '[' or '*' or '?' ? $"[{c}]" : $"{c}")));

    public void Dispose() => _connection.Dispose();
}
