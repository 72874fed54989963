using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Castalia.Errors;
using Castalia.Runs;
using Castalia.Store;
using Castalia.Tests.Runs;
using Xunit;

namespace Castalia.Tests.Store;

/// <summary>Folders of runs for the tests of the store.</summary>
static class StoredRuns
{
    /// <summary>Writes one run of two models with all positions and ten prompts each; returns its folder.</summary>
    public static string Write(string parent)
    {
        var run = HandBuilt.Run(HandBuilt.TenPrompts(), HandBuilt.TenPrompts("other"));
        return RunFolder.Write(run with { Options = run.Options with { AllPositions = true } }, parent, CancellationToken.None);
    }

    /// <summary>Everything that can be seen of a folder's files: path, time of last change and hash of the bytes.</summary>
    public static string[] State(string folder) =>
    [
        .. Directory.GetFileSystemEntries(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path =>
            $"{path} {File.GetLastWriteTimeUtc(path):O} {(File.Exists(path) && Castalia.Checkpoints.InputFile.KindOf(path) is null ? Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))) : "folder")}"),
    ];

    /// <summary>Another byte in the middle of a run's file, under the file's old date; a second time the byte that was there.</summary>
    public static void Change(string run, string file)
    {
        string path = Path.Combine(run, file);
        byte[] bytes = File.ReadAllBytes(path);
        var written = File.GetLastWriteTimeUtc(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, written);
    }

    /// <summary>Writes a table of a run anew, with its hash in the manifest: a whole run that is another.</summary>
    /// <param name="run">Its folder.</param>
    /// <param name="table">The table.</param>
    /// <param name="rows">From the table's columns in SQL, and where its rows are now, a SELECT.</param>
    public static void Rewrite(string run, RunTable table, Func<string, string> rows)
    {
        string path = Path.Combine(run, table.FileName), written = path + ".new", manifest = Path.Combine(run, StoredRun.ManifestName);
        using (var database = new Database())
            database.Execute($"COPY ({rows(Database.Parquet(path))}) TO {Database.Literal(written)} (FORMAT parquet, COMPRESSION zstd)", CancellationToken.None);
        File.Move(written, path, overwrite: true);
        var json = JsonNode.Parse(File.ReadAllText(manifest))!.AsObject();
        json[table.HashKey] = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
        File.WriteAllText(manifest, ManifestDigest.Stamped(json));
    }

    /// <summary>Gives a run units, some of each block.</summary>
    public static void AddUnits(string run, int seed)
    {
        var values = RunTables.Units.Columns.Select(c => (c.Name, c.Type) switch
        {
            ("layer", _) => "layer",
            ("model", _) => "model",
            ("quantity", _) => "CASE WHEN k % 2 = 0 THEN 'a_mean' ELSE 'a_negative_mean' END",
            (_, "DOUBLE") => string.Create(CultureInfo.InvariantCulture, $"(hash(k, layer, {seed}) % 1009) / 1009.0::DOUBLE"),
            (_, "INTEGER") => "k::INTEGER",
            _ => "'neuron'",
        }).Zip(RunTables.Units.Columns, (value, column) => $"{value} AS {Database.Identifier(column.Name)}");
        string readings = Database.Parquet(Path.Combine(run, RunTables.Readings.FileName));
        Rewrite(run, RunTables.Units, _ => $"SELECT {string.Join(", ", values)} FROM (SELECT DISTINCT model, layer FROM {readings}), range(6) AS r(k) ORDER BY model, layer, k");
    }

    /// <summary>An hour on, so that files written just now have rested.</summary>
    public sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UtcNow.AddHours(1);
    }

    /// <summary>The error of a query.</summary>
    public static InputException Refusal(RunStore store, string sql) =>
        Assert.Throws<InputException>(() => store.Query(sql, TestContext.Current.CancellationToken));
}
