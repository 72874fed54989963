using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Castalia.Forward;
using Castalia.Store;
using Xunit;

namespace Castalia.Tests.Store;

/// <summary>docs/store.md tells what the views are.</summary>
public sealed class StoreDocumentTests
{
    static readonly string Document = Path.Combine(Shared.Repository, "docs", "store.md");

    [Fact]
    public void Its_tables_are_the_list_of_the_columns()
    {
        string document = File.ReadAllText(Document);
        int views = document.IndexOf("## runs\n", StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(Document, (views < 0 ? document : document[..views]) + StoreViews.Documentation());
            Assert.Fail("wrote docs/store.md");
        }
        Assert.Equal(StoreViews.Documentation(), document[views..]);
    }

    [Fact]
    public void The_list_is_what_the_database_has()
    {
        using var folder = new TemporaryFolder();
        StoredRuns.Write(folder.Path);
        using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
        foreach (var view in StoreViews.All)
        {
            var columns = store.Query($"SELECT column_name, column_type FROM (DESCRIBE {view.Name})", TestContext.Current.CancellationToken).Rows;
            Assert.Equal(view.Columns.Select(c => $"{c.Name} {c.Type}"), columns.Select(c => $"{c[0]} {c[1]}"));
        }
    }

    [Fact]
    public void Its_queries_give_rows_and_parts_add_up()
    {
        using var folder = new TemporaryFolder();
        StoredRuns.Write(folder.Path);
        using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
        string[] queries = [.. Regex.Matches(File.ReadAllText(Document), "```sql\n([^`]*)```").Select(match => match.Groups[1].Value)];
        Assert.Equal(3, queries.Length);
        foreach (string query in queries) Assert.Equal(2, store.Query(query, TestContext.Current.CancellationToken).Rows.Count);
        object?[] parts = store.Query(queries[1], TestContext.Current.CancellationToken).Rows[0];
        Assert.Equal((double)parts[4]!, (double)parts[2]! + (double)parts[3]!, 1e-9);
        string[] commands = [.. Regex.Matches(File.ReadAllText(Document), "castalia query \"(SELECT[^\"]*)\"").Select(match => match.Groups[1].Value)];
        Assert.All(commands, sql => Assert.NotEmpty(store.Query(sql, TestContext.Current.CancellationToken).Rows));
    }

    /// <summary>Descriptions of real checkpoint folders flatten into columns that are known; only storage types are left to follow.</summary>
    [Fact]
    public void Every_field_of_a_description_is_a_column_that_is_known()
    {
        var descriptions = Directory.GetFiles(Shared.Path("golden", "models"), "config.json", SearchOption.AllDirectories).Select(path =>
        {
            using var checkpoint = Castalia.Checkpoints.Checkpoint.Open(Path.GetDirectoryName(path)!);
            var architecture = Castalia.Architectures.ArchitectureReader.Read(checkpoint);
            var description = Castalia.Forward.DescriptionJson.Of(architecture, Castalia.Forward.WeightMap.Bind(architecture, checkpoint), path);
            return JsonNode.Parse(description.ToJsonString())!.AsObject(); // as it comes back from a manifest
        }).ToList();
        Assert.True(descriptions.Count > 10);
        var known = StoreViews.Models.Columns.ToDictionary(c => c.Name, c => c.Type);
        var unlike = new HashSet<string>();
        foreach (var (name, value) in descriptions.SelectMany(d => ModelColumns.Flatten(d)).Where(field => field.Value is not null))
        {
            if (name.StartsWith("dtypes_", StringComparison.Ordinal)) continue;
            Assert.True(known.ContainsKey(name), name);
            string type = ModelColumns.TypeOf([value]), column = known[name];
            bool fits = type == column || (type, column) is ("BIGINT", "DOUBLE") or ("BIGINT[]", "DOUBLE[]") || (value is object?[] list && list.All(item => item is null));
            if (!fits) unlike.Add($"{name}: {type} is no {column}");
        }
        Assert.Empty(unlike);
    }
}
