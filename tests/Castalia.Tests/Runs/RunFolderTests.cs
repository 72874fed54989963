using System.Text.Json.Nodes;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Residual;
using Castalia.Runs;
using DuckDB.NET.Data;
using Xunit;

namespace Castalia.Tests.Runs;

public sealed class RunFolderTests
{
    [Fact]
    public void A_run_folder_holds_its_three_files_under_a_name_of_time_and_model()
    {
        using var folder = new TemporaryFolder();
        var run = HandBuilt.Run(HandBuilt.TenPrompts("Tiny Model"), HandBuilt.TenPrompts("b"));
        string path = RunFolder.Write(run, folder.Path, CancellationToken.None);
        Assert.Equal(Path.Combine(folder.Path, "20260102T030405Z-tiny-model-and-1-more"), path);
        Assert.Equal(["manifest.json", "readings.parquet", "summary.json"], Directory.GetFiles(path).Select(Path.GetFileName).Order());
        Assert.Equal(path + "-2", RunFolder.Write(run, folder.Path, CancellationToken.None));
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    [Fact]
    public void Readings_come_back_from_parquet_with_one_row_per_prompt_block_and_rule()
    {
        using var folder = new TemporaryFolder();
        var run = HandBuilt.Run(HandBuilt.TenPrompts());
        string readings = Path.Combine(RunFolder.Write(run, folder.Path, CancellationToken.None), "readings.parquet");
        Assert.Equal(10L * 4 * 6, Scalar($"SELECT count(*) FROM '{readings}'"));
        var one = run.Models[0].Measurement.Readings[1];
        const string Where = "WHERE prompt = 'p2' AND layer = 3";
        Assert.Equal(one.Blocks[3][^1].Gain, Scalar($"SELECT gain FROM '{readings}' {Where} AND position_rule = 'last'"));
        Assert.Equal(one.Blocks[3][0].CosTheta, Scalar($"SELECT cos_theta FROM '{readings}' {Where} AND position_rule = 'first'"));
        Assert.Equal(Gains.Mlp(one, 3), Scalar($"SELECT submodule_gain_mlp FROM '{readings}' {Where} AND position_rule = 'ratio-of-means'"));
        double mean = Enumerable.Range(1, 3).Sum(t => one.Blocks[3][t].NormPost) / 3;
        Assert.Equal(mean, (double)Scalar($"SELECT norm_resid_post FROM '{readings}' {Where} AND position_rule = 'ratio-of-means-without-first'")!, 1e-12);
        Assert.Equal(DBNull.Value, Scalar($"SELECT norm_resid_post FROM '{readings}' {Where} AND position_rule = 'mean-of-ratios'"));
        Assert.Equal(DBNull.Value, Scalar($"SELECT r FROM '{readings}' {Where} AND position_rule = 'ratio-of-means'"));
        Assert.Equal("a", Scalar($"SELECT top_piece FROM '{readings}' {Where} AND position_rule = 'last'"));
        Assert.Equal(0L, Scalar($"SELECT count(*) FROM '{readings}' WHERE (gain_final_norm IS NULL) <> (layer < 3)"));
        Assert.Equal(0L, Scalar($"SELECT count(*) FROM '{readings}' WHERE (entropy IS NOT NULL) <> (layer = 3 AND position_rule = 'last')"));
        Assert.Equal(0L, Scalar($"SELECT count(*) FROM '{readings}' WHERE isnan(gain) OR closure > 1e-9"));
        Assert.Equal("ZSTD", Scalar($"SELECT DISTINCT compression FROM parquet_metadata('{readings}')"));
    }

    [Fact]
    public void All_positions_add_a_row_for_each_token()
    {
        using var folder = new TemporaryFolder();
        var run = HandBuilt.Run(HandBuilt.TenPrompts());
        run = run with { Options = run.Options with { AllPositions = true } };
        string readings = Path.Combine(RunFolder.Write(run, folder.Path, CancellationToken.None), "readings.parquet");
        Assert.Equal(35L * 4, Scalar($"SELECT count(*) FROM '{readings}' WHERE position_rule = 'position'"));
        var one = run.Models[0].Measurement.Readings[0];
        const string Where = "WHERE prompt_index = 0 AND layer = 1 AND position_rule = 'position' AND position = 2";
        Assert.Equal(one.Blocks[1][2].Gain, Scalar($"SELECT gain FROM '{readings}' {Where}"));
        Assert.Equal("b", Scalar($"SELECT piece FROM '{readings}' {Where}"));
        Assert.Equal(2, Scalar($"SELECT token FROM '{readings}' {Where}"));
    }

    [Fact]
    public void What_is_undefined_is_null_and_never_a_number()
    {
        using var folder = new TemporaryFolder();
        var run = HandBuilt.Run(HandBuilt.Model("one", [(null, HandBuilt.Readings(1, 1, 0, parallel: true))], layers: 1));
        string path = RunFolder.Write(run, folder.Path, CancellationToken.None);
        string readings = Path.Combine(path, "readings.parquet");
        Assert.Equal(6L, Scalar($"SELECT count(*) FROM '{readings}' WHERE norm_resid_mid IS NULL AND gain_penultimate IS NULL"));
        Assert.Equal(2L, Scalar($"SELECT count(*) FROM '{readings}' WHERE gain IS NULL"));
        var model = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "summary.json")))!["models"]![0]!;
        var figures = model["prompts"]![0]!["figures"]!;
        Assert.Equal(["last", "first", "mean-of-ratios", "ratio-of-means"], figures["blocks"]![0]!["gain"]!.AsObject().Select(g => g.Key));
        Assert.False(figures["blocks"]![0]!["norms_last"]!.AsObject().ContainsKey("resid_mid"));
        Assert.False(figures["last_gain"]!.AsObject().ContainsKey("penultimate"));
        Assert.Null(model["statistics"]!["all"]!["gain"]!["interval95"]);
        Assert.Equal("n = 1 cannot be resampled", (string?)model["statistics"]!["all"]!["gain"]!["interval95_undefined_because"]);
        Assert.Equal("undefined", (string?)model["statistics"]!["all"]!["status"]);
    }

    [Fact]
    public void The_summary_spells_figures_as_the_goldens_do()
    {
        string golden = Shared.Path("golden", "models", "llama", "gqa", "golden.json");
        var theirs = JsonNode.Parse(File.ReadAllText(golden))!["figures"]![2]!.AsObject();
        var ours = Summary.Figures(HandBuilt.Readings(7, 4, 1));
        Assert.Empty(Missing(theirs, ours, ""));

        static IEnumerable<string> Missing(JsonNode expected, JsonNode? actual, string at) => expected switch
        {
            JsonObject o => o.SelectMany(p => Missing(p.Value!, (actual as JsonObject)?[p.Key], $"{at}/{p.Key}")),
            JsonArray a => Missing(a[0]!, (actual as JsonArray)?[0], $"{at}/0"),
            _ => actual is JsonValue ? [] : [at],
        };
    }

    [Fact]
    public void The_manifest_names_files_by_hash_and_documents_every_column()
    {
        using var folder = new TemporaryFolder();
        string weights = folder.Write("w.bin", "abc");
        var run = HandBuilt.Run(HandBuilt.Model("m", [("c", HandBuilt.Readings(2, 2, 1))], 2, new CheckpointFile(weights, 3)));
        string path = RunFolder.Write(run, Path.Combine(folder.Path, "out"), CancellationToken.None);
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(path, "manifest.json")))!;
        var model = manifest["models"]![0]!;
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", (string?)model["files"]![0]!["sha256"]);
        Assert.Equal("2026-01-02T03:04:05.000Z", (string?)manifest["started_utc"]);
        Assert.Equal(("always", 1, 2), ((string?)manifest["options"]!["bos"], (int)manifest["options"]!["seed"]!, (int)manifest["options"]!["threads"]!));
        Assert.Equal("[0,1]", model["prompts"]![0]!["ids"]!.ToJsonString());
        Assert.Equal("llama", (string?)model["config"]!["model_type"]);
        string readings = Path.Combine(path, "readings.parquet");
        Assert.Equal(
            (string?)Scalar($"SELECT string_agg(column_name || ' ' || column_type, ',') FROM (DESCRIBE SELECT * FROM '{readings}')"),
            string.Join(',', manifest["columns"]!.AsArray().Select(c => $"{c!["name"]} {c["type"]}")));
        Assert.All(manifest["columns"]!.AsArray(), c => Assert.NotEqual("", (string?)c!["description"]));
    }

    [Fact]
    public void A_decomposition_that_does_not_close_is_our_bug_and_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        var model = HandBuilt.TenPrompts();
        var reading = model.Measurement.Readings[6].Blocks[2];
        reading[1] = reading[1] with { AttnDotPre = reading[1].AttnDotPre + 1e-8 };
        string parent = Path.Combine(folder.Path, "out");
        var bug = Assert.Throws<InvalidOperationException>(() => RunFolder.Write(HandBuilt.Run(model), parent, CancellationToken.None));
        Assert.Contains("model tiny, prompt p7, layer 2, position 1", bug.Message);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_failure_or_a_cancellation_midway_leaves_nothing()
    {
        using var folder = new TemporaryFolder();
        string parent = Path.Combine(folder.Path, "out");
        var missing = HandBuilt.Model("m", [(null, HandBuilt.Readings(2, 2, 1))], 2, new CheckpointFile(Path.Combine(folder.Path, "gone"), 3));
        Assert.Throws<InputException>(() => RunFolder.Write(HandBuilt.Run(missing), parent, CancellationToken.None));
        var broken = HandBuilt.TenPrompts();
        Assert.Throws<OperationCanceledException>(() => RunFolder.Write(HandBuilt.Run(broken), parent, new CancellationToken(canceled: true)));
        Assert.Throws<FormatException>(() => RunFolder.Write(HandBuilt.Run(broken with { Tokenizer = new Failing() }), parent, CancellationToken.None));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
        Directory.CreateDirectory(parent);
        Assert.Throws<FormatException>(() => RunFolder.Write(HandBuilt.Run(broken with { Tokenizer = new Failing() }), parent, CancellationToken.None));
        Assert.Equal([parent], Directory.GetFileSystemEntries(folder.Path));
        Assert.Empty(Directory.GetFileSystemEntries(parent));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_told_before_the_work()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("file", "");
        var refusal = Assert.Throws<InputException>(() => RunFolder.CheckWritable(Path.Combine(file, "runs")));
        Assert.Contains("--out", refusal.Remedy);
        RunFolder.CheckWritable(Path.Combine(folder.Path, "a", "b"));
        Assert.Equal([file], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void The_document_of_the_columns_is_the_list_of_the_columns()
    {
        string path = Path.Combine(Shared.Repository, "docs", "readings.md"), document = File.ReadAllText(path);
        int table = document.IndexOf("| column |", StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1")
        {
            File.WriteAllText(path, document[..table] + RunTables.Readings.Documentation());
            Assert.Fail("wrote docs/readings.md");
        }
        Assert.Equal(RunTables.Readings.Documentation(), document[table..]);
    }

    [Fact]
    public void The_hash_of_a_prompt_set_does_not_depend_on_its_file_and_does_on_every_field()
    {
        Castalia.Prompts.Prompt prompt = new() { Name = "1", Text = "é", Place = "a" };
        string hash = PromptHash.Of([prompt]);
        Assert.Equal(hash, PromptHash.Of([prompt with { Place = "b" }]));
        Assert.Equal(4, new[] { hash, PromptHash.Of([prompt with { Name = "2" }]), PromptHash.Of([prompt with { Category = "c" }]), PromptHash.Of([prompt with { Text = "e" }]) }.Distinct().Count());
    }

    [Fact]
    public void Models_are_told_apart_by_as_much_of_their_paths_as_it_takes()
    {
        Assert.Equal(["gqa", "x"], ModelNames.Of(["/a/gqa/", "/b/x.gguf"]));
        Assert.Equal(["a/m", "b/m"], ModelNames.Of(["/a/m", "/b/m"]));
        Assert.Throws<InputException>(() => ModelNames.Of(["/a/m", "/a/../a/m/"]));
    }

    static object? Scalar(string sql)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>A tokenizer that fails when the rows are being written.</summary>
    sealed class Failing : Castalia.Tokens.ITokenizer
    {
        public string Source => "failing";
        public int IdCount => 10;
        public int? BosId => null;
        public IReadOnlyList<int> DefaultPrefix => [];
        public IReadOnlyList<int> DefaultSuffix => [];
        public IReadOnlyList<string> Notes => [];
        public IReadOnlyList<int> Encode(string text, out int droppedBytes) => throw new FormatException();
        public string Decode(IReadOnlyList<int> ids) => throw new FormatException();
        public string Piece(int id) => throw new FormatException();
    }
}
