using System.Text.Json.Nodes;
using Castalia.Errors;
using Castalia.Runs;
using Castalia.Store;
using Xunit;

namespace Castalia.Tests.Runs;

/// <summary>A new kind of results is one value: what is written, stated, read and checked follows from it.</summary>
public sealed class RunTableTests
{
    sealed record Row(string Model, int Layer, double? Part);

    static readonly RunTable<Row> s_parts = new("parts", "explain", "One row for each model and block.",
    [
        new("model", "VARCHAR", "", "Its name.", row => row.Model),
        new("layer", "INTEGER", "", "The block, from 0.", row => row.Layer),
        new("part", "DOUBLE", "nats", "A part; null where undefined.", row => row.Part),
    ]);

    [Fact]
    public void It_is_written_beside_the_readings_and_stated_in_the_manifest()
    {
        using var folder = new TemporaryFolder();
        var written = Written(folder.Path, out var manifest);
        Assert.Equal(["manifest.json", "parts.parquet", "readings.parquet", "summary.json"], Directory.GetFiles(written).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(Castalia.Checkpoints.Sha256.OfFile(Path.Combine(written, "parts.parquet"), TestContext.Current.CancellationToken), (string?)manifest["parts_sha256"]);
        var table = Assert.Single(manifest["tables"]!.AsArray())!;
        Assert.Equal(["parts", "explain", "One row for each model and block."], [(string?)table["name"], (string?)table["verb"], (string?)table["rows"]]);
        Assert.Equal(["model VARCHAR ", "layer INTEGER ", "part DOUBLE nats"], table["columns"]!.AsArray().Select(c => $"{c!["name"]} {c["type"]} {c["unit"]}"));
    }

    [Fact]
    public void It_is_read_with_the_name_of_its_run_and_checked_column_by_column()
    {
        using var folder = new TemporaryFolder();
        string written = Written(folder.Path, out _);
        using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
        var run = store.Runs[0] with { Tables = new Dictionary<RunTable, string?> { [s_parts] = null } };
        using var database = new Database();
        var rows = database.Read($"SELECT run, model, layer, part FROM ({TableRows.Of(s_parts, [run])}) ORDER BY layer", row => $"{row.GetString(0)} {row.GetString(1)} {row.GetInt32(2)} {(row.IsDBNull(3) ? "null" : row.GetDouble(3))}", TestContext.Current.CancellationToken);
        Assert.Equal([$"{Path.GetFileName(written)} m 0 0.25", $"{Path.GetFileName(written)} m 1 null"], rows);
        RunCheck.CheckColumns(run, s_parts, database, TestContext.Current.CancellationToken);
        var wider = s_parts with { Declared = [.. s_parts.Declared, new("later", "DOUBLE", "", "Another.", _ => null)] };
        var lacks = Assert.Throws<InputException>(() => RunCheck.CheckColumns(run, wider, database, TestContext.Current.CancellationToken));
        Assert.Equal("parts.parquet has no column later of type DOUBLE.", lacks.Cause);
        Assert.Contains("castalia explain", lacks.Remedy, StringComparison.Ordinal);
        var later = wider with { Declared = [.. s_parts.Declared, wider.Declared[^1] with { CameLater = true }] };
        RunCheck.CheckColumns(run, later, database, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Where_no_run_holds_it_its_view_has_its_columns_and_no_row()
    {
        using var database = new Database();
        database.Execute($"CREATE VIEW parts AS {TableRows.Of(s_parts, [])}", TestContext.Current.CancellationToken);
        Assert.Equal(StoreViews.Of(s_parts).Columns.Select(c => $"{c.Name} {c.Type}"),
            database.Read("SELECT column_name, column_type FROM (DESCRIBE parts)", row => $"{row.GetString(0)} {row.GetString(1)}", TestContext.Current.CancellationToken));
    }

    static string Written(string folder, out JsonObject manifest)
    {
        var result = RunResult.Of(s_parts, [new("m", 0, 0.25), new("m", 1, null)]);
        string written = RunFolder.WriteAndTell(HandBuilt.Run(HandBuilt.TenPrompts()), [result], folder, TestContext.Current.CancellationToken).Folder;
        manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(written, "manifest.json")))!.AsObject();
        return written;
    }
}
