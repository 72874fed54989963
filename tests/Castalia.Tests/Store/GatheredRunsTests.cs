using System.Security.Cryptography;
using System.Text;
using Castalia.Cards;
using Castalia.Hypotheses;
using Castalia.Runs;
using Castalia.Store;
using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Store;

/// <summary>Rows of many runs that were gathered in few files. The judge reads every run's own file.</summary>
public sealed class GatheredRunsTests : IClassFixture<GatheredRunsTests.Written>, IDisposable
{
    readonly TemporaryFolder _folder = new(), _cache = new();
    readonly CheckedRuns _known;

    /// <summary>Forty runs, four of five with units, which each test has a copy of.</summary>
    public sealed class Written : IDisposable
    {
        readonly TemporaryFolder _folder = new();

        public Written()
        {
            for (int i = 0; i < 80; i += 2) Write(_folder.Path, i);
        }

        public static string Write(string folder, int i)
        {
            string run = ManyRunsTests.Many.Write(folder, i);
            if (i % 10 != 0) StoredRuns.AddUnits(run, i);
            return run;
        }

        public void CopyTo(string folder)
        {
            foreach (string run in Directory.GetDirectories(_folder.Path))
            {
                string copy = Directory.CreateDirectory(Path.Combine(folder, Path.GetFileName(run))).FullName;
                foreach (string file in Directory.GetFiles(run)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            }
        }

        public void Dispose() => _folder.Dispose();
    }

    public GatheredRunsTests(Written written)
    {
        written.CopyTo(_folder.Path);
        _known = new(_cache.Path, new StoredRuns.Later());
    }

    public void Dispose()
    {
        _folder.Dispose();
        _cache.Dispose();
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static readonly string[] s_queries =
    [
        "SELECT run, model, prompt, gain, entropy FROM gains", "SELECT * EXCLUDE (layer) FROM units", "SELECT sum(gain), sum(top_margin) FROM readings WHERE layer = n_layers - 1",
        "SELECT run, position, loss FROM positions", "SELECT sum(value) FROM units WHERE quantity = 'a_mean'",
    ];

    string Write(int i) => Written.Write(_folder.Path, i);

    string[] Runs => [.. Directory.GetDirectories(_folder.Path).Order(StringComparer.Ordinal)];

    RunStore Open(params string[] runs) => RunStore.Open(_folder.Path, runs, CardSet.Shipped, _known, Cancellation);

    string Gathered => Assert.Single(Directory.GetDirectories(Path.Combine(_cache.Path, "gathered")));

    string[] Files(string pattern) => [.. Directory.GetFiles(Gathered, pattern).Order(StringComparer.Ordinal)];

    static string[] Rows(Action<string, Action<object?[]>> run) =>
        [.. s_queries.SelectMany(sql => { List<string> rows = []; run(sql, row => rows.Add(string.Join('|', row.Select(value => FormattableString.Invariant($"{value:R}"))))); return rows; })];

    string[] Said()
    {
        using var store = Open();
        return [.. Rows((sql, row) => store.Query(sql, _ => { }, row, Cancellation)), .. store.Gains(Cancellation).Select(row => $"{row}"), .. store.Positions(Cancellation).Select(row => $"{row}")];
    }

    string[] Judged()
    {
        using var store = RunStore.Open(_folder.Path, [], CardSet.Shipped, null, Cancellation);
        using var judge = new QueryDatabase(database => StoreTables.Make(database, store.Runs, CardSet.Shipped, Cancellation), null, Cancellation);
        return [.. Rows((sql, row) => judge.Run(sql, _ => { }, row, Cancellation)), .. store.Gains(Cancellation).Select(row => $"{row}"), .. store.Positions(Cancellation).Select(row => $"{row}")];
    }

    GatheredTable Table(RunTable table)
    {
        using var store = Open();
        return GatheredTable.Read(Gathered, store.Runs.Count == 0 ? "" : Path.GetDirectoryName(store.Runs[0].Path)!, table, Cancellation);
    }

    int Found(RunTable table)
    {
        var gathered = Table(table);
        using var store = Open();
        return store.Runs.Count(run => gathered.Find(run) is not null);
    }

    [Fact]
    public void Gathered_rows_are_those_of_the_runs_in_their_order()
    {
        string[] judge = Judged();
        Assert.Equal(judge, Said());
        Assert.Equal((40, 32), (Found(RunTables.Readings), Found(RunTables.Units)));
        string[] files = Files("*");
        Assert.Equal(judge, Said());
        Assert.Equal(files, Files("*"));
        Assert.All(files, file => Assert.DoesNotContain("partial", file, StringComparison.Ordinal));
    }

    [Fact]
    public void Few_runs_that_came_between_are_read_beside_them_and_many_are_gathered()
    {
        Said();
        string[] before = Files("*");
        foreach (int i in new[] { 1, 33, 35, 79 }) Write(i);
        Assert.Equal(Judged(), Said());
        Assert.Equal(before, Files("*"));
        Assert.Equal(40, Found(RunTables.Readings));
        foreach (string gone in Runs[2..6]) Directory.Delete(gone, recursive: true);
        Assert.Equal(Judged(), Said());
        for (int i = 37; i < 101; i += 2) if (i != 79) Write(i);
        Assert.Equal(Judged(), Said());
        Assert.Equal(Runs.Length, Found(RunTables.Readings));
    }

    [Fact]
    public void A_run_that_is_another_is_read_again()
    {
        string[] before = Said();
        StoredRuns.Rewrite(Runs[11], RunTables.Readings, from => $"SELECT * REPLACE (gain * 2 AS gain) FROM {from}");
        StoredRuns.AddUnits(Runs[23], 999);
        string[] judge = Judged();
        Assert.NotEqual(before, judge);
        Assert.Equal(judge, Said());
        Assert.Equal(39, Found(RunTables.Readings));
    }

    [Fact]
    public void A_damaged_run_is_found_among_gathered_ones()
    {
        Said();
        string run = Runs[17];
        StoredRuns.Change(run, "readings.parquet");
        using var store = Open();
        Assert.Equal([Path.GetFileName(run)], store.LeftOut.Select(left => left.Name));
        Assert.Equal(Judged(), Said());
        Assert.DoesNotContain(store.Query("SELECT DISTINCT run FROM gains", Cancellation).Rows, row => (string?)row[0] == Path.GetFileName(run));
    }

    [Theory]
    [InlineData("readings.parquet")]
    [InlineData("manifest.json")]
    public void A_run_that_changes_while_it_is_gathered_is_not_believed(string file)
    {
        using var store = Open();
        File.SetLastWriteTimeUtc(Path.Combine(store.Runs[5].Path, file), DateTime.UtcNow.AddDays(-1));
        var gathered = new GatheredRuns(_known, Path.GetDirectoryName(store.Runs[0].Path)!, store.Runs, isWhole: true).Of(RunTables.Readings, Cancellation);
        Assert.Equal([store.Runs[5].Name], store.Runs.Where(run => gathered.Find(run) is null).Select(run => run.Name));
        Assert.Equal([store.Runs[5].Name], store.Runs.Where(run => Table(RunTables.Readings).Find(run) is null).Select(run => run.Name));
    }

    public static TheoryData<string> Damages => new("cut", "empty", "gone", "other byte", "index cut", "index of another layout", "index of another folder", "index without JSON", "index gone");

    [Theory]
    [MemberData(nameof(Damages))]
    public void What_is_damaged_or_of_another_layout_is_made_again(string damage)
    {
        string[] judge = Judged();
        Assert.Equal(judge, Said());
        string file = Assert.Single(Files("readings-*.parquet")), index = Assert.Single(Files("readings.json"));
        byte[] rows = File.ReadAllBytes(file);
        string json = File.ReadAllText(index)[65..];
        switch (damage)
        {
            case "cut": File.WriteAllBytes(file, rows[..(rows.Length / 2)]); break;
            case "empty": File.WriteAllBytes(file, []); break;
            case "gone": File.Delete(file); break;
            case "other byte": File.WriteAllBytes(file, [.. rows[..200], (byte)(rows[200] ^ 1), .. rows[201..]]); break;
            case "index cut": File.WriteAllText(index, File.ReadAllText(index)[..200]); break;
            case "index of another layout": Write(json.Replace("gathered rows 1", "gathered rows 0", StringComparison.Ordinal)); break;
            case "index of another folder": Write(json.Replace($"\"folder\":\"", "\"folder\":\"/elsewhere", StringComparison.Ordinal)); break;
            case "index without JSON": Write("no JSON"); break;
            default: File.Delete(index); break;
        }
        if (!damage.StartsWith("index", StringComparison.Ordinal) || damage != "index gone") Assert.Equal(0, Found(RunTables.Readings));
        Assert.Equal(judge, Said());
        Assert.Equal(40, Found(RunTables.Readings));
        Assert.Equal(rows, File.ReadAllBytes(Assert.Single(Files("readings-*.parquet"))));

        void Write(string text) => File.WriteAllText(index, $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}\n{text}");
    }

    [Fact]
    public void What_goes_while_it_is_read_is_read_of_the_runs()
    {
        string[] judge = Judged();
        Said();
        using var store = Open();
        _ = store.Gains(Cancellation); // looked at
        foreach (string file in Files("*.parquet")) File.Delete(file);
        Assert.Equal(judge, (string[])[.. Rows((sql, row) => store.Query(sql, _ => { }, row, Cancellation)), .. store.Gains(Cancellation).Select(row => $"{row}"), .. store.Positions(Cancellation).Select(row => $"{row}")]);
    }

    [Fact]
    public void Runs_that_are_named_leave_what_is_gathered_of_the_others()
    {
        Said();
        var before = Files("*").Select(file => (file, File.GetLastWriteTimeUtc(file)));
        using var store = Open([.. Runs[3..37].Select(run => Path.GetFileName(run)!)]);
        Assert.Equal(34, store.Query("SELECT DISTINCT run FROM gains", Cancellation).Rows.Count);
        Assert.Equal(before, Files("*").Select(file => (file, File.GetLastWriteTimeUtc(file))));
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_done_without()
    {
        Directory.CreateDirectory(_cache.Path);
        File.WriteAllText(Path.Combine(_cache.Path, "gathered"), "in the way");
        Assert.Equal(Judged(), Said());
    }

    [Fact]
    public async Task Processes_at_once_and_one_that_is_killed_say_the_same_and_leave_it_whole()
    {
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation); // files that were written just now are not kept
        (string, string)[] cache = [("XDG_CACHE_HOME", _cache.Path)];
        string[] args = ["gains", "--runs", _folder.Path, "--json"];
        var judge = CommandLineTests.OfItsOwn(["runs", "--runs", _folder.Path], cache);
        Assert.Equal(0, judge.Code);
        for (int after = 150; after <= 450; after += 100)
        {
            using var killed = CommandLineTests.Start(args, cache);
            await Task.Delay(after, Cancellation);
            killed.Kill();
            await killed.WaitForExitAsync(Cancellation);
        }
        var all = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => CommandLineTests.OfItsOwn(args, cache), Cancellation)));
        var then = CommandLineTests.OfItsOwn(args, cache);
        Assert.Equal(0, then.Code);
        Assert.All(all, said => Assert.Equal(then, said));
        Assert.Equal(then.Output, CommandLineTests.OfItsOwn(args, ("XDG_CACHE_HOME", Path.Combine(_cache.Path, "other"))).Output);
        string gathered = Assert.Single(Directory.GetDirectories(Path.Combine(_cache.Path, "castalia", "checked-runs", "gathered")));
        var table = GatheredTable.Read(gathered, Path.GetFullPath(_folder.Path), RunTables.Readings, Cancellation);
        Assert.Equal(40, table.Runs);
        Assert.DoesNotContain(Directory.GetFiles(gathered), file => file.Contains("partial", StringComparison.Ordinal));
    }

    /// <summary>A source that reads every row of every query.</summary>
    sealed class AllRead(StoredEvidence of) : IEvidenceSource
    {
        public string Name => of.Name;

        public EvidenceModel Model(string run, string model) => of.Model(run, model);

        public IReadOnlyList<Castalia.Hypotheses.Each.FoundRun> Find(Castalia.Hypotheses.Each.RunNeed need) => of.Find(need);

        public IReadOnlyDictionary<string, object?> Description(string identity) => of.Description(identity);

        public EvidenceTable Query(string name, string sql, CancellationToken cancellation) => of.Query(name, sql, cancellation);
    }

    [Fact]
    public void Verdicts_over_rows_of_the_models_used_are_those_over_all_rows()
    {
        foreach (int i in new[] { 2, 4, 6, 8, 10, 12, 14, 16, 18 }) Write(i); // the same models again
        using var store = Open();
        var source = new StoredEvidence(store);
        var hypotheses = HypothesisFiles.BuiltIn();
        string told = Told(source);
        Assert.Equal(Told(new AllRead(source)), told);
        Assert.Contains("supported", told, StringComparison.Ordinal);

        string Told(IEvidenceSource from) => Castalia.Checkpoints.JsonText.Node(
            VerdictsDocument.Of([.. HypothesisEvaluation.Of(hypotheses, from, Cancellation)], from.Name, true, new([])), HypothesisJson.Default).ToJsonString();
    }

    [Theory]
    [InlineData("SELECT run, model, prompt, gain FROM gains ORDER BY gain", true)]
    [InlineData("SELECT run, model, CAST(count(*) AS INTEGER) AS prompts, avg(gain) AS gain FROM gains GROUP BY run, model ORDER BY gain", true)]
    [InlineData("SELECT run, model, CASE WHEN prompt_index > 0 THEN prompt_index END AS prompts, prompt FROM gains ORDER BY gain", true)]
    [InlineData("SELECT run, model, CASE WHEN prompt_index > 0 THEN prompt END AS prompt FROM gains ORDER BY gain", true)]
    [InlineData("SELECT run, model, gain FROM gains ORDER BY gain", true)]
    [InlineData("SELECT run, model, gain FROM gains WHERE false", true)]
    [InlineData("SELECT run, model, gain AS prompts FROM gains ORDER BY gain", false)]
    [InlineData("SELECT run, model, gain AS prompt FROM gains ORDER BY gain", false)]
    [InlineData("SELECT run, model, -prompt_index AS rowid FROM gains ORDER BY gain", false)]
    [InlineData("SELECT nullif(run, '') AS run, CASE WHEN prompt_index > 0 THEN model END AS model, gain FROM gains ORDER BY gain", false)]
    [InlineData("SELECT gain FROM gains", false)]
    public void Models_and_rows_of_a_held_result_are_those_of_the_table(string sql, bool isHeld)
    {
        using var store = Open();
        using var held = store.Hold(sql, Cancellation);
        using var evidence = HeldEvidence.Of("q", held, (_, _) => false, Cancellation);
        Assert.Equal(isHeld, evidence is not null);
        if (evidence is null) return;
        var table = StoredEvidence.Table("q", store.Query(sql, Cancellation));
        Assert.Equal(table.Models(), evidence.Models);
        var some = table.Models().Where((_, i) => i % 3 == 0).Select(model => (model.Run, model.Model)).ToHashSet();
        Assert.Equal(
            table.Rows.Where(row => some.Contains((table.Run(row), table.Model(row)))).Select(row => string.Join('|', row)), evidence.Of(some).Rows.Select(row => string.Join('|', row)));
    }
}
