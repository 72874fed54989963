using Castalia.Errors;
using Castalia.Runs;
using DuckDB.NET.Data;
using Xunit;

namespace Castalia.Tests.Runs;

public sealed class TableFileTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(240)]
    [InlineData(4096)] // two vectors of the database, whole
    [InlineData(5000)]
    public void Rows_stand_in_their_order_with_their_values_and_nulls(int count)
    {
        using var folder = new TemporaryFolder();
        string odd = Directory.CreateDirectory(Path.Combine(folder.Path, "an [odd]* 'name'?")).FullName, file = Path.Combine(odd, "rows");
        var table = new RunTable<int>("rows", "test", "", [
            new("text", "VARCHAR", "", "", i => i % 3 == 0 ? null : i % 7 == 0 ? "" : $"zwölf \U0001D11E \0 {i}"),
            new("number", "INTEGER", "", "", i => i % 2 == 0 ? null : -i),
            new("value", "DOUBLE", "", "", i => i % 5 == 0 ? null : i / 3.0),
            new("fast", "DOUBLE", "", "", i => throw new InvalidOperationException("never asked")) { Number = i => i % 64 == 63 ? null : i / 7.0 },
        ]);
        TableFile.Write(table, Enumerable.Range(0, count), file, TestContext.Current.CancellationToken);
        Assert.Equal([file], Directory.GetFileSystemEntries(odd));
        var rows = Values(file);
        Assert.Equal(count, rows.Count);
        for (int i = 0; i < count; i++)
            Assert.Equal([i % 3 == 0 ? null : i % 7 == 0 ? "" : $"zwölf \U0001D11E \0 {i}", i % 2 == 0 ? null : -i, i % 5 == 0 ? null : i / 3.0, i % 64 == 63 ? null : i / 7.0], rows[i]);
    }

    [Fact]
    public void What_goes_wrong_in_a_row_is_said_as_it_is()
    {
        using var folder = new TemporaryFolder();
        var table = new RunTable<int>("rows", "test", "", [new("text", "VARCHAR", "", "", i => i < 3000 ? "a" : throw new InputException("No.", "row 3000", "None."))]);
        var error = Assert.Throws<InputException>(() => TableFile.Write(table, Enumerable.Range(0, 5000), Path.Combine(folder.Path, "rows"), TestContext.Current.CancellationToken));
        Assert.Equal("row 3000", error.Place);
        var mistyped = new RunTable<int>("rows", "test", "", [new("text", "VARCHAR", "", "", i => i)]);
        Assert.Contains("gave a System.Int32", Assert.Throws<InvalidOperationException>(() => TableFile.Write(mistyped, [1], Path.Combine(folder.Path, "other"), TestContext.Current.CancellationToken)).Message);
    }

    [Fact]
    public void It_stops_where_it_is_told_to()
    {
        using var folder = new TemporaryFolder();
        using var stop = new CancellationTokenSource();
        var table = new RunTable<int>("rows", "test", "", [new("number", "INTEGER", "", "", i => i)]);
        Assert.ThrowsAny<OperationCanceledException>(() => TableFile.Write(table, Stopping(), Path.Combine(folder.Path, "rows"), stop.Token));

        IEnumerable<int> Stopping()
        {
            for (int i = 0; ; i++)
            {
                if (i == 10_000) stop.Cancel();
                yield return i;
            }
        }
    }

    static List<object?[]> Values(string path)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        string literal = string.Concat(path.Select(c => c is '[' or '*' or '?' ? $"[{c}]" : c == '\'' ? "''" : $"{c}"));
        command.CommandText = $"SELECT * FROM read_parquet('{literal}')";
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read()) rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        return rows;
    }
}
