using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Castalia.Errors;
using Castalia.Runs;
using Castalia.Store;
using Castalia.Tests.Runs;
using DuckDB.NET.Data;
using Xunit;

namespace Castalia.Tests.Store;

/// <summary>A folder that is not as it was written is named with what is wrong, and nothing is read from it.</summary>
public sealed class DamagedRunTests
{
    static string Folder(TemporaryFolder folder) => StoredRuns.Write(folder.Path);

    /// <summary>Edits the manifest and takes out what it states of itself, so that what else is wrong is seen.</summary>
    static void Edit(string run, Action<JsonObject> change)
    {
        string path = Path.Combine(run, "manifest.json");
        var manifest = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        change(manifest);
        manifest.Remove("manifest_sha256");
        File.WriteAllText(path, manifest.ToJsonString());
    }

    /// <summary>Rewrites the readings and forgets the hashes, as a run of an older version with edited readings has it.</summary>
    static void Rewrite(string run, string select)
    {
        string path = Path.Combine(run, "readings.parquet");
        using (var connection = new DuckDBConnection("DataSource=:memory:"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"CREATE TABLE r AS SELECT * FROM '{path}'; COPY ({select}) TO '{path}' (FORMAT parquet)";
            command.ExecuteNonQuery();
        }
        Edit(run, manifest => manifest.Remove("readings_sha256"));
    }

    public static TheoryData<string, Action<string>> Damages { get; } = new()
    {
        { "there is no manifest.json", run => File.Delete(Path.Combine(run, "manifest.json")) },
        { "there is no readings.parquet", run => File.Delete(Path.Combine(run, "readings.parquet")) },
        { "there is no summary.json", run => File.Delete(Path.Combine(run, "summary.json")) },
        { "manifest.json is no JSON", run => File.AppendAllText(Path.Combine(run, "manifest.json"), "}") },
        { "manifest.json is no JSON", run => File.WriteAllText(Path.Combine(run, "manifest.json"), "[]") },
        { "readings.parquet is not what was written", run => Cut(Path.Combine(run, "readings.parquet")) },
        { "summary.json is not what was written", run => File.AppendAllText(Path.Combine(run, "summary.json"), "\n") },
        { "readings.parquet cannot be read", run => { Cut(Path.Combine(run, "readings.parquet")); Edit(run, m => m.Remove("readings_sha256")); } },
        { "summary.json is no JSON", run => { File.WriteAllText(Path.Combine(run, "summary.json"), "{"); Edit(run, m => m.Remove("summary_sha256")); } },
        { "manifest.json is not what was written", run => Replace(run, "\"seed\": ", "\"seed\": 1") },
        { "manifest.json is not what was written", run => Replace(run, "\"manifest_sha256\": \"", "\"manifest_sha256\": \"0") },
        { "manifest.json is not what was written", run => Replace(run, "  ", " ") },
        { "of format 'castalia run 9'", run => Edit(run, m => m["format"] = "castalia run 9") },
        { "lacks a text at 'software'", run => Edit(run, m => m.Remove("software")) },
        { "lacks a time at 'started_utc'", run => Edit(run, m => m["started_utc"] = "soon") },
        { "lacks a whole number at 'options.seed'", run => Edit(run, m => m["options"]!["seed"] = "one") },
        { "lacks an object at 'models[0]'", run => Edit(run, m => m["models"] = new JsonArray()) },
        { "lacks a list of token ids at 'models[1].prompts[3].ids'", run => Edit(run, m => m["models"]![1]!["prompts"]![3]!["ids"] = new JsonArray("a")) },
        { "two models called 'tiny'", run => Edit(run, m => m["models"]![1]!["model"] = "tiny") },
        { "lacks a whole number at 'models[0].architecture.n_layers'", run => Edit(run, m => m["models"]![0]!["architecture"]!["n_layers"] = "four") },
        { "has 4 blocks there, 5 here", run => Edit(run, m => m["models"]![0]!["architecture"]!["n_layers"] = 5) },
        { "lacks a whole number at 'models[1].architecture.n_layers'", run => Architecture(run, 1, a => a.Remove("n_layers")) },
        { "lacks a whole number at 'models[1].architecture.n_layers'", run => Architecture(run, 1, a => a["n_layers"] = 4.5) },
        { "lacks a count at 'models[0].architecture.n_layers'", run => Architecture(run, 0, a => a["n_layers"] = 3_000_000_000) },
        { "lacks a count above 0 at 'models[0].architecture.n_layers'", run => Architecture(run, 0, a => a["n_layers"] = 0) },
        { "lacks a whole number at 'models[0].architecture.d_vocab'", run => Architecture(run, 0, a => a.Remove("d_vocab")) },
        { "lacks a text at 'models[0].architecture.family'", run => Architecture(run, 0, a => a["family"] = null) },
        { "lacks a text at 'models[0].architecture.activation'", run => Architecture(run, 0, a => a["activation"] = 1) },
        { "lacks an object at 'models[0].architecture'", run => Edit(run, m => m["models"]![0]!["architecture"] = new JsonArray()) },
        { "lacks a value of type VARCHAR at 'architecture: norm'", run => Architecture(run, 0, a => a["norm"] = true) },
        { "lacks a name of letters, digits, _, - and . here at 'models[0].architecture.a\\u0000b'", run => Architecture(run, 0, a => a["a\0b"] = 1) },
        { "lacks a name of letters, digits, _, - and . here at 'models[0].architecture.'", run => Architecture(run, 0, a => a[""] = 1) },
        { "lacks a description of at most 1000 fields", run => Architecture(run, 0, a => { for (int i = 0; i < 1001; i++) a[$"f{i}"] = i; }) },
        { "half of a surrogate pair", run => Replace(run, "\"family\": \"", "\"family\": \"\\ud800") },
        { "half of a surrogate pair", run => Replace(run, "\"family\": ", "\"\\udc00\": ") },
        { "not valid UTF-8", run => File.WriteAllBytes(Path.Combine(run, "manifest.json"), [.. File.ReadAllBytes(Path.Combine(run, "manifest.json"))[..^3], 0xFF, .. "\"}"u8]) },
        { "manifest.json cannot be read: The file is a Git LFS pointer", run => File.WriteAllText(Path.Combine(run, "manifest.json"), "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n") },
        { "manifest.json cannot be read: 'manifest.json' is a named pipe", run => Pipe(Path.Combine(run, "manifest.json")) },
        { "readings.parquet cannot be read: it is a named pipe", run => Pipe(Path.Combine(run, "readings.parquet")) },
        { "summary.json cannot be read: it is a device", run => Device(Path.Combine(run, "summary.json")) },
        { "is called p2 there", run => Edit(run, m => m["models"]![0]!["prompts"]![1]!["name"] = "x") },
        { "is of category factual there, none here", run => Edit(run, m => m["models"]![0]!["prompts"]![1]!["category"] = null) },
        { "has 4 tokens there, 3 here", run => Edit(run, m => m["models"]![0]!["prompts"]![1]!["ids"]!.AsArray().RemoveAt(0)) },
        { "prompt index 9 of model tiny, which the manifest has not", run => Edit(run, m => m["models"]![0]!["prompts"]!.AsArray().RemoveAt(9)) },
        { "is not in it", run => Edit(run, m => m["models"]![0]!["model"] = "another") },
        { "rows there; positions 'last'", run => Edit(run, m => m["options"]!["positions"] = "last") },
        { "has 35 rows there; positions 'all' of 4 blocks make 36", run => Rewrite(run, "SELECT * FROM r WHERE NOT coalesce(model = 'tiny' AND prompt_index = 0 AND layer = 2 AND position_rule = 'position' AND position = 1, false)") },
        { "no column entropy of type DOUBLE", run => Rewrite(run, "SELECT * EXCLUDE (entropy) FROM r") },
        { "no column gain of type DOUBLE", run => Rewrite(run, "SELECT * REPLACE (gain::VARCHAR AS gain) FROM r") },
        { "has rows twice, or of blocks from 0 to 3 of 4", run => Rewrite(run, "SELECT * REPLACE (CASE WHEN position_rule = 'first' THEN 'last' ELSE position_rule END AS position_rule, CASE WHEN position_rule = 'first' THEN tokens - 1 ELSE position END AS position) FROM r") },
        { "readings.parquet cannot be read", run => { Damage(Path.Combine(run, "readings.parquet")); Edit(run, m => m.Remove("readings_sha256")); } },
        { "readings.parquet cannot be read", run => { File.WriteAllBytes(Path.Combine(run, "readings.parquet"), []); Edit(run, m => m.Remove("readings_sha256")); } },
        { "is not in it", run => Rewrite(run, "SELECT * FROM r WHERE false") },
        { "readings.parquet cannot be read", run => Rewrite(run, "SELECT * REPLACE (nullif(model, 'tiny') AS model) FROM r") },
    };

    static void Architecture(string run, int model, Action<JsonObject> change) => Edit(run, m => change(m["models"]![model]!["architecture"]!.AsObject()));

    static void Pipe(string path)
    {
        File.Delete(path);
        using var made = System.Diagnostics.Process.Start("mkfifo", [path]);
        made.WaitForExit();
    }

    static void Device(string path)
    {
        File.Delete(path);
        File.CreateSymbolicLink(path, "/dev/zero");
    }

    /// <summary>Turns bits of the pages, not of the file's beginning and end, which say where they are.</summary>
    static void Damage(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        for (int i = 4; i < bytes.Length / 3; i += 7) bytes[i] ^= 0x55;
        File.WriteAllBytes(path, bytes);
    }

    static void Replace(string run, string from, string to)
    {
        string path = Path.Combine(run, "manifest.json"), text = File.ReadAllText(path);
        Assert.Contains(from, text);
        File.WriteAllText(path, text.Replace(from, to, StringComparison.Ordinal));
    }

    static void Cut(string path)
    {
        using var file = File.OpenWrite(path);
        file.SetLength(file.Length / 2);
    }

    [Theory]
    [MemberData(nameof(Damages))]
    public void It_is_left_out_with_the_reason_and_refused_where_it_is_named(string cause, Action<string> damage)
    {
        using var folder = new TemporaryFolder();
        string whole = Folder(folder), damaged = Folder(folder);
        damage(damaged);
        string[] before = StoredRuns.State(folder.Path);
        var refusal = Assert.Throws<InputException>(() => RunStore.Open(folder.Path, [damaged], TestContext.Current.CancellationToken));
        using (var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken))
        {
            Assert.Equal((Path.GetFileName(damaged), refusal.Message), (Assert.Single(store.LeftOut).Name, store.LeftOut[0].Fault!.Message));
            Assert.Equal(20, store.Gains(TestContext.Current.CancellationToken).Count);
            Assert.StartsWith($"{Path.GetFileName(damaged)} is left out, for it is damaged: ", Assert.Single(RunWarnings.LeftOut(store.LeftOut)));
        }
        Assert.Contains(cause, refusal.Cause);
        Assert.Equal(damaged, refusal.Place);
        Assert.NotEmpty(refusal.Remedy);
        using (var store = RunStore.Open(folder.Path, [Path.GetFileName(whole)], TestContext.Current.CancellationToken))
            Assert.Equal(20L, store.Query("SELECT count(*) FROM gains", TestContext.Current.CancellationToken).Rows[0][0]);
        Assert.Equal([null, refusal.Message], RunListing.Of(folder.Path, TestContext.Current.CancellationToken).Select(run => run.Fault?.Message));
        Assert.Equal(before, StoredRuns.State(folder.Path));
    }

    [Fact]
    public void A_run_written_before_hashes_were_stated_is_accepted_and_called_unverified()
    {
        using var folder = new TemporaryFolder();
        string run = Folder(folder);
        Edit(run, manifest => { manifest.Remove("readings_sha256"); manifest.Remove("summary_sha256"); });
        using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
        Assert.Equal(["manifest.json", "readings.parquet", "summary.json"], Assert.Single(store.Runs).Unprotected);
        Assert.Equal(20, store.Gains(TestContext.Current.CancellationToken).Count);
    }

    [Fact]
    public void Runs_that_lack_hashes_are_named_together()
    {
        using var folder = new TemporaryFolder();
        foreach (string run in new[] { Folder(folder), Folder(folder), Folder(folder), Folder(folder) }) Edit(run, _ => { });
        string whole = Folder(folder);
        using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
        string warning = Assert.Single(RunWarnings.OfUnverified(store.Runs));
        Assert.Contains(" and 1 more: the manifest states no SHA-256 of manifest.json: ", warning);
        Assert.DoesNotContain(Path.GetFileName(whole) + ",", warning);
    }

    [Fact]
    public void What_a_manifest_states_of_itself_can_be_checked_by_hand()
    {
        using var folder = new TemporaryFolder();
        string text = File.ReadAllText(Path.Combine(Folder(folder), "manifest.json")), digest = (string)JsonNode.Parse(text)!["manifest_sha256"]!;
        Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.Replace(digest, "", StringComparison.Ordinal)))));
        using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
        Assert.Empty(Assert.Single(store.Runs).Unprotected);
    }

    [Fact]
    public void Names_and_paths_are_resolved_and_wrong_ones_answered_with_near_ones()
    {
        using var folder = new TemporaryFolder();
        using var elsewhere = new TemporaryFolder();
        string one = Folder(folder), other = StoredRuns.Write(Path.Combine(elsewhere.Path, "with [odd]* 'name'?"));
        string renamed = Path.Combine(Path.GetDirectoryName(other)!, "other");
        Directory.Move(other, renamed);
        using var store = RunStore.Open(folder.Path, [Path.GetFileName(one), renamed + "/", one], TestContext.Current.CancellationToken);
        Assert.Equal([one, renamed], store.Runs.Select(run => run.Path));
        Assert.Equal([renamed, one], store.Select(["other", one]).Select(run => run.Path));
        Assert.Equal(40, store.Gains(TestContext.Current.CancellationToken).Count);
        Assert.Equal(40L, store.Query("SELECT count(*) FROM gains", TestContext.Current.CancellationToken).Rows[0][0]);
        var unknown = Assert.Throws<InputException>(() => RunStore.Open(folder.Path, ["TINX"], TestContext.Current.CancellationToken));
        Assert.Contains("There is no run 'TINX'", unknown.Cause);
        Assert.Contains(Path.GetFileName(one), unknown.Remedy);
        Assert.Contains("other", Assert.Throws<InputException>(() => store.Select(["othr"])).Remedy);
        Assert.Throws<InputException>(() => RunStore.Open(Path.Combine(folder.Path, "none"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_run_that_is_being_written_is_never_seen_by_half()
    {
        using var folder = new TemporaryFolder();
        Folder(folder);
        Directory.CreateDirectory(Path.Combine(folder.Path, ".x.partial-1"));
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(() =>
        {
            int written = 1;
            for (; !stop.IsCancellationRequested && written < 12; written++) Folder(folder);
            return written;
        }, TestContext.Current.CancellationToken);
        int seen = 0;
        for (int i = 0; i < 8 || !writing.IsCompleted && i < 200; i++)
        {
            using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken); // throws on anything half-written
            Assert.True(store.Runs.Count >= seen);
            seen = store.Runs.Count;
            Assert.Equal(20 * seen, store.Gains(TestContext.Current.CancellationToken).Count);
        }
        await stop.CancelAsync();
        int all = await writing;
        using var last = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
        Assert.Equal(all, last.Runs.Count);
    }
}
