using Castalia.Runs;
using DuckDB.NET.Data;
using Xunit;

namespace Castalia.Tests.Runs;

public sealed class TableFileTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(100)] // 240 rows: two parts and a bit
    [InlineData(240)] // the last part is empty
    public void Rows_are_the_same_and_in_the_same_order_however_many_are_held(int held)
    {
        using var folder = new TemporaryFolder();
        var run = HandBuilt.Run(HandBuilt.TenPrompts());
        string odd = Directory.CreateDirectory(Path.Combine(folder.Path, "an [odd]* 'name'?")).FullName, whole = Path.Combine(odd, "whole"), joined = Path.Combine(odd, "joined");
        TableFile.Write(RunTables.Readings, run.Models.SelectMany(model => ReadingRow.Of(model, run.Options.AllPositions)), whole, TestContext.Current.CancellationToken);
        TableFile.Write(RunTables.Readings, run.Models.SelectMany(model => ReadingRow.Of(model, run.Options.AllPositions)), joined, TestContext.Current.CancellationToken, held);
        Assert.Equal([joined, whole], Directory.GetFileSystemEntries(odd).Order());
        var rows = Rows(whole);
        Assert.Equal(240, rows.Count);
        Assert.Equal(rows, Rows(joined));
    }

    static List<string> Rows(string path)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        string literal = string.Concat(path.Select(c => c is '[' or '*' or '?' ? $"[{c}]" : c == '\'' ? "''" : $"{c}"));
        command.CommandText = $"SELECT readings::VARCHAR FROM read_parquet('{literal}') AS readings";
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read()) rows.Add(reader.GetString(0));
        return rows;
    }
}
