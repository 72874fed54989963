using DuckDB.NET.Data;

namespace Castalia.Runs;

/// <summary>Writes readings.parquet, zstd, and its documentation.</summary>
public static class ReadingsFile
{
    const int CheckEvery = 4096; // rows between looks at the cancellation

    /// <summary>Writes every row of a run.</summary>
    /// <param name="run">The run.</param>
    /// <param name="path">Where; not there yet.</param>
    /// <param name="cancellation">Stops between rows.</param>
    public static void Write(Run run, string path, CancellationToken cancellation)
    {
        var columns = ReadingColumns.All;
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Execute(connection, $"CREATE TABLE readings ({string.Join(", ", columns.Select(c => $"\"{c.Name}\" {c.Type}"))})", cancellation);
        using (var appender = connection.CreateAppender("readings"))
        {
            int rows = 0;
            foreach (var reading in run.Models.SelectMany(model => ReadingRow.Of(model, run.Options.AllPositions)))
            {
                if (rows++ % CheckEvery == 0) cancellation.ThrowIfCancellationRequested();
                var row = appender.CreateRow();
                foreach (var column in columns) Append(row, column.Value(reading));
                row.EndRow();
            }
        }
        cancellation.ThrowIfCancellationRequested();
        Execute(connection, $"COPY readings TO '{path.Replace("'", "''")}' (FORMAT parquet, COMPRESSION zstd)", cancellation);
    }

    /// <summary>The table of docs/readings.md: every column with type, unit and meaning.</summary>
    internal static string Documentation() => string.Concat(ReadingColumns.All
        .Select(c => $"| `{c.Name}` | {c.Type} | {c.Unit} | {c.Description.Replace("|", "\\|")} |\n")
        .Prepend("| column | type | unit | what it is |\n| --- | --- | --- | --- |\n"));

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
