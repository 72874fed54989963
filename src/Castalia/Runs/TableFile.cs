using DuckDB.NET.Data;

namespace Castalia.Runs;

/// <summary>Writes a table of a run as Parquet, zstd.</summary>
static class TableFile
{
    /// <summary>Rows of one row group of the file, the most that are held in memory at a time.</summary>
    public const int MostHeld = 122_880;

    /// <summary>Writes every row of a table as it comes.</summary>
    /// <param name="table">Its columns.</param>
    /// <param name="rows">Its rows, read once, in another thread's time where they wait for one.</param>
    /// <param name="path">Where; not there yet.</param>
    /// <param name="cancellation">Stops between rows.</param>
    /// <exception cref="OperationCanceledException">Stopped.</exception>
    public static void Write<TRow>(RunTable<TRow> table, IEnumerable<TRow> rows, string path, CancellationToken cancellation)
    {
        using var connection = DatabaseLibrary.Open();
        Execute(connection, "SET temp_directory = ''", cancellation); // nothing is written but where it was asked for
        using var of = rows.GetEnumerator();
        var function = new RowsFunction<TRow>(table, of, cancellation);
        function.Register(connection, "rows");
        try
        {
            Execute(connection, FormattableString.Invariant($"COPY (SELECT * FROM rows()) TO {Literal(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {MostHeld})"), cancellation);
        }
        catch (DuckDBException)
        {
            function.Failed?.Throw();
            throw;
        }
    }

    static string Literal(string text) => $"'{text.Replace("'", "''")}'";

    static void Execute(DuckDBConnection connection, string sql, CancellationToken cancellation)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var interruption = cancellation.Register(command.Cancel);
        try
        {
            command.ExecuteNonQuery();
        }
        catch (Exception) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation); // as the database says it is an error of its own
        }
    }
}
