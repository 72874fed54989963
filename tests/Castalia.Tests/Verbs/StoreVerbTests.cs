using System.Text.Json.Nodes;
using Castalia.Tests.Store;
using DuckDB.NET.Data;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class StoreVerbTests
{
    [Fact]
    public void Runs_are_listed_in_80_columns_with_what_is_wrong_and_left_as_they_are()
    {
        using var folder = new TemporaryFolder();
        var (none, text, _) = CommandLineTests.Castalia(["runs", "--runs", folder.Path]);
        Assert.Equal(0, none);
        Assert.Contains("There are no runs in", text);
        Assert.Contains("castalia measure", text);
        string run = StoredRuns.Write(folder.Path), damaged = StoredRuns.Write(folder.Path);
        File.Delete(Path.Combine(damaged, "summary.json"));
        string[] before = StoredRuns.State(folder.Path);
        var (code, output, error) = CommandLineTests.Castalia(["runs", "--runs", folder.Path]);
        Assert.Equal((0, ""), (code, error));
        Assert.All(output.Split('\n').Skip(1), line => Assert.True(line.Length <= 80, line));
        Assert.Contains(Path.GetFileName(run), output);
        Assert.Contains("complete", output);
        Assert.Contains("damaged: The run is incomplete: there is no summary.json.", output);
        var json = JsonNode.Parse(CommandLineTests.Castalia(["runs", "--runs", folder.Path, "--json"]).Output)!["runs"]!.AsArray();
        Assert.Equal(["complete", "damaged"], json.Select(listed => (string?)listed!["state"]));
        Assert.Equal(["tiny", "other"], json[0]!["models"]!.AsArray().Select(model => (string?)model));
        Assert.Equal(before, StoredRuns.State(folder.Path));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void A_table_takes_the_width_of_the_terminal_and_prose_what_can_be_read(int columns)
    {
        using var folder = new TemporaryFolder();
        StoredRuns.Write(folder.Path);
        string output = WideTerminal.Castalia(columns, ["query", "SELECT model, repeat(model, 14) AS a, repeat(model, 14) AS b FROM gains ORDER BY model LIMIT 1", "--runs", folder.Path]);
        Assert.Equal(columns == 200, !output.Contains("Row 1", StringComparison.Ordinal));
        Assert.All(output.Split('\n'), line => Assert.True(line.TrimEnd('\r').Length <= columns, line));
        string help = WideTerminal.Castalia(columns, ["measure", "--help"]);
        Assert.InRange(help.Split('\n').Max(line => line.Trim().Length), columns == 80 ? 60 : 100, Math.Min(columns, 120));
    }

    [Fact]
    public void A_query_is_printed_or_written_in_every_format_and_replaces_nothing()
    {
        using var folder = new TemporaryFolder();
        string runs = Path.Combine(folder.Path, "runs"), run = StoredRuns.Write(runs);
        string[] before = StoredRuns.State(runs);
        string[] query = ["query", "SELECT model, count(*) AS n FROM gains GROUP BY ALL ORDER BY model", "--runs", runs];
        Assert.Equal((0, "  model   n\n  ─────────\n  other  10\n  tiny   10\n\n  2 rows.\n", ""), CommandLineTests.Castalia(query));
        Assert.Equal((0, "model,n\r\nother,10\r\ntiny,10\r\n", ""), CommandLineTests.Castalia([.. query, "--format", "csv"]));
        Assert.Equal((0, "[\n  {\"model\":\"other\",\"n\":10},\n  {\"model\":\"tiny\",\"n\":10}\n]\n", ""), CommandLineTests.Castalia([.. query, "--format", "json"]));
        Assert.Equal((0, "| model | n |\n| --- | ---: |\n| other | 10 |\n| tiny | 10 |\n\n2 rows.\n", ""), CommandLineTests.Castalia([.. query, "--format", "markdown"]));
        Assert.Equal((0, "model\tn\nother\t10\ntiny\t10\n\n2 rows.\n", ""), CommandLineTests.Castalia([.. query, "--format", "plain"]));
        Assert.Contains("<td class=\"words\">tiny</td><td>10</td>", CommandLineTests.Castalia([.. query, "--format", "html"]).Output);
        string file = Path.Combine(folder.Path, "n.parquet");
        string[] parquet = [.. query, "--format", "parquet"];
        Assert.Equal((2, "", "castalia: --format parquet needs --out FILE: it is not for a terminal.\nSee 'castalia query --help'.\n"), CommandLineTests.Castalia(parquet));
        Assert.Equal((0, "", $"castalia: wrote {file}\n"), CommandLineTests.Castalia([.. parquet, "--out", file]));
        using (var connection = new DuckDBConnection("DataSource=:memory:"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT string_agg(model || ' ' || n, ', ') FROM '{file}'";
            Assert.Equal("other 10, tiny 10", command.ExecuteScalar());
        }
        byte[] written = File.ReadAllBytes(file);
        var (code, _, error) = CommandLineTests.Castalia([.. query, "--out", file]);
        Assert.Equal(2, code);
        Assert.Contains("results never replace a file", error);
        Assert.Equal(written, File.ReadAllBytes(file));
        Assert.Equal(2, CommandLineTests.Castalia(["query", $"COPY gains TO '{file}x'", "--runs", runs, "--out", $"{file}y"]).Code);
        Assert.Equal([file, runs], Directory.GetFileSystemEntries(folder.Path).Order());
        Assert.Equal(before, StoredRuns.State(runs));
        Assert.Contains("There is no run 'tin'", CommandLineTests.Castalia([.. query, "tin"]).Error);
        Assert.Equal(0, CommandLineTests.Castalia([.. query, Path.GetFileName(run)]).Code);
    }
}
