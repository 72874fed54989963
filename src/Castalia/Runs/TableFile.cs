using DuckDB.NET.Data;

namespace Castalia.Runs;

/// <summary>Writes a table of a run as Parquet, zstd.</summary>
static class TableFile
{
    /// <summary>Rows that are held in memory at a time: one row group of the file. More are set down in parts, which are joined as they are read back.</summary>
    public const int MostHeld = 122_880;

    const int CheckEvery = 4096; // rows between looks at the cancellation

    /// <summary>Writes every row of a table.</summary>
    /// <param name="table">Its columns.</param>
    /// <param name="of">Its rows, read once.</param>
    /// <param name="path">Where; not there yet. Parts stand beside it until they are joined.</param>
    /// <param name="cancellation">Stops between rows.</param>
    /// <param name="held">Rows held at a time.</param>
    public static void Write<TRow>(RunTable<TRow> table, IEnumerable<TRow> of, string path, CancellationToken cancellation, int held = MostHeld)
    {
        using var rows = of.GetEnumerator();
        var parts = new List<string>();
        for (bool isMore = true; isMore;)
        {
            // A database of its own for each part: what was deleted from one is not given back before its end.
            using var database = Open(cancellation);
            Execute(database, $"CREATE TABLE rows ({string.Join(", ", table.Columns.Select(c => $"\"{c.Name}\" {c.Type}"))})", cancellation);
            isMore = Fill(database, table, rows, held, cancellation);
            if (isMore || parts.Count > 0) parts.Add(FormattableString.Invariant($"{path}.part-{parts.Count}"));
            Copy(database, "rows", parts.Count == 0 ? path : parts[^1], cancellation);
        }
        if (parts.Count == 0) return;
        using var join = Open(cancellation);
        Execute(join, "SET threads = 1", cancellation); // several would each hold row groups until those before theirs are written
        Copy(join, $"(SELECT * FROM read_parquet([{string.Join(", ", parts.Select(part => Literal(Verbatim(part))))}]))", path, cancellation);
        foreach (string part in parts) File.Delete(part);
    }

    static DuckDBConnection Open(CancellationToken cancellation)
    {
        var connection = DatabaseLibrary.Open();
        Execute(connection, "SET temp_directory = ''", cancellation); // nothing is written but where it was asked for
        return connection;
    }

    /// <summary>Appends the next rows to the table; whether there are more.</summary>
    static bool Fill<TRow>(DuckDBConnection connection, RunTable<TRow> table, IEnumerator<TRow> rows, int most, CancellationToken cancellation)
    {
        using var appender = connection.CreateAppender("rows");
        for (int filled = 0; filled < most; filled++)
        {
            if (filled % CheckEvery == 0) cancellation.ThrowIfCancellationRequested();
            if (!rows.MoveNext()) return false;
            var row = appender.CreateRow();
            foreach (var column in table.Declared) Append(row, column.Value(rows.Current));
            row.EndRow();
        }
        return true;
    }

    static void Copy(DuckDBConnection connection, string rows, string path, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        Execute(connection, $"COPY {rows} TO {Literal(path)} (FORMAT parquet, COMPRESSION zstd)", cancellation);
    }

    /// <summary>A path in which what would be a pattern stands for itself.</summary>
    static string Verbatim(string path) => string.Concat(path.Select(c => c is '[' or '*' or '?' ? $"[{c}]" : $"{c}"));

    static string Literal(string text) => $"'{text.Replace("'", "''")}'";

    static void Append(IDuckDBAppenderRow row, object? value)
    {
        switch (value)
        {
            case null: row.AppendNullValue(); break;
            case string text: row.AppendValue(text); break;
            case int number: row.AppendValue((int?)number); break;
            case double real: row.AppendValue((double?)real); break;
            default: throw new InvalidOperationException($"A column gave a {value.GetType()}.");
        }
    }

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
