using System.Text.Json.Nodes;
using Castalia.Cards;
using Castalia.Errors;
using Castalia.Runs;
using Castalia.Store;
using Castalia.Tests.Runs;
using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Store;

/// <summary>So many runs that queries are looked at before files are read, and that two threads read them. The judge reads everything.</summary>
public sealed class ManyRunsTests : IClassFixture<ManyRunsTests.Many>, IDisposable
{
    readonly Many _many;
    readonly TemporaryFolder _cache = new();

    public ManyRunsTests(Many many) => _many = many;

    public void Dispose() => _cache.Dispose();

    /// <summary>Forty runs of models of two to five blocks, every third with all positions, whose readings differ from run to run.</summary>
    public sealed class Many : IDisposable
    {
        readonly TemporaryFolder _folder = new(), _cache = new();
        readonly CheckedRuns _known;
        readonly RunStore _store;

        public Many()
        {
            for (int i = 0; i < 40; i++) Write(Path, i);
            _known = new(_cache.Path, new StoredRuns.Later());
            _store = Open();
            Judge = new(database => StoreTables.Make(database, _store.Runs, CardSet.Shipped, Cancellation), null, Cancellation);
        }

        public string Path => _folder.Path;

        /// <summary>Every row and column of every run.</summary>
        internal QueryDatabase Judge { get; }

        /// <summary>The runs, of which nothing has been queried; found whole before but for the first time.</summary>
        internal RunStore Open() => RunStore.Open(Path, [], CardSet.Shipped, _known, Cancellation);

        public static string Write(string folder, int i)
        {
            var random = new Random(i);
            int layers = 2 + i % 4;
            var model = HandBuilt.Model($"m{i}", [.. Enumerable.Range(0, 3).Select(p => ((string?)(p == 0 ? "a" : "b"), HandBuilt.Readings(3 + p, layers, random.NextDouble() * 4 - 2)))], layers);
            var run = HandBuilt.Run(model);
            return RunFolder.Write(run with { StartedUtc = run.StartedUtc.AddMinutes(i), Options = run.Options with { AllPositions = i % 3 == 0 } }, folder, TestContext.Current.CancellationToken);
        }

        public void Dispose()
        {
            Judge.Dispose();
            _store.Dispose();
            _folder.Dispose();
            _cache.Dispose();
        }
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    RunStore Open() => _many.Open();

    static string[] Rows(Action<Action<IReadOnlyList<QueryColumn>>, Action<object?[]>> run)
    {
        List<string> rows = [];
        run(columns => rows.Add(string.Join('|', columns.Select(c => $"{c.Name} {c.Type}"))), row => rows.Add(Text(row)));
        return [.. rows];

        static string Text(object? value) => value switch
        {
            null => "null",
            object?[] list => $"[{string.Join('|', list.Select(Text))}]",
            _ => FormattableString.Invariant($"{value:R}"),
        };
    }

    public static TheoryData<string> Queries => new(
        "SELECT run, model, prompt, gain FROM gains ORDER BY run, model, prompt_index",
        "SELECT * FROM gains ORDER BY ALL",
        "SELECT * EXCLUDE (top_piece) FROM gains ORDER BY ALL",
        "SELECT COLUMNS('gain.*') FROM gains ORDER BY ALL",
        "SELECT * FROM blocks ORDER BY ALL",
        "SELECT run, avg(gain) FROM blocks GROUP BY run ORDER BY run",
        "SELECT * FROM positions ORDER BY ALL",
        "SELECT * FROM texts ORDER BY ALL",
        "SELECT * FROM readings ORDER BY ALL",
        "SELECT count(*) FROM readings",
        "SELECT count(*) FROM (SELECT * FROM gains)",
        "SELECT sum(gain), avg(norm_resid_pre), stddev(entropy) FROM readings",
        "SELECT layer, sum(gain) FROM readings GROUP BY layer ORDER BY layer",
        "SELECT sum(gain) FROM readings WHERE layer = n_layers - 1",
        "SELECT sum(gain) FROM readings WHERE layer = n_layers - 1 OR layer = 0",
        "SELECT sum(gain) FROM readings WHERE NOT (layer = n_layers - 1)",
        "SELECT sum(gain) FROM readings WHERE prompt <> ') AND (layer = (n_layers - 1))' AND layer >= 0",
        "SELECT sum(gain) FROM readings WHERE layer = n_layers - 1 UNION ALL SELECT sum(gain) FROM readings WHERE layer = 0",
        "SELECT g.run, g.gain, r.gain FROM gains g JOIN readings r USING (run, model, prompt_index) WHERE r.layer = 0 AND r.position_rule = 'last' ORDER BY ALL",
        "SELECT count(*) FROM gains NATURAL JOIN models",
        "SELECT m.*, g.gain FROM models m JOIN gains g USING (run, model) ORDER BY ALL",
        "SELECT run FROM runs WHERE EXISTS (SELECT gain FROM gains g WHERE g.run = runs.run AND gain > 1) ORDER BY run",
        "WITH g AS (SELECT * FROM gains) SELECT a.run, count(*) FROM g a JOIN g b USING (prompt) GROUP BY a.run ORDER BY a.run",
        "SELECT upper(category) AS category, count(*) FROM gains GROUP BY category ORDER BY ALL",
        "SELECT t FROM gains t ORDER BY ALL LIMIT 3",
        "SELECT rowid, run FROM readings ORDER BY rowid LIMIT 5",
        "SELECT * FROM (SELECT category, gain FROM gains) PIVOT (sum(gain) FOR category IN ('a', 'b'))",
        "UNPIVOT (SELECT run, gain, entropy FROM gains) ON COLUMNS(* EXCLUDE (run)) ORDER BY ALL",
        "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'memory' ORDER BY ALL",
        "SHOW TABLES",
        "DESCRIBE gains",
        "SUMMARIZE SELECT gain FROM gains",
        "SELECT * FROM prompts ORDER BY run, model, prompt_index",
        "SELECT count(*) FROM cards",
        "SELECT count(*) FROM attribution",
        "SELECT unnest([1, 2]) AS n, run FROM runs ORDER BY ALL",
        "FROM range(3)",
        "SELECT 1 WHERE false",
        "VALUES (1), (2)");

    [Theory]
    [MemberData(nameof(Queries))]
    public void A_query_over_what_it_reads_gives_what_it_gives_over_everything(string sql)
    {
        using var store = Open();
        string[] wanted = Rows((begin, row) => _many.Judge.Run(sql, begin, row, Cancellation));
        Assert.Equal(wanted, Rows((begin, row) => store.Query(sql, begin, row, Cancellation)));
        // Again only where a name is asked for that no row is read of.
        Assert.Equal(sql.Contains("EXCLUDE (top_piece)", StringComparison.Ordinal) ? 2 : 1, store.Readings);
        // After others, of which it needs more.
        using var again = Open();
        again.Query("SELECT gain FROM gains", Cancellation);
        again.Query("SELECT prompt FROM prompts", Cancellation);
        Assert.Equal(wanted, Rows((begin, row) => again.Query(sql, begin, row, Cancellation)));
    }

    [Theory]
    [InlineData("SELECT nothing FROM gains")]
    [InlineData("SELECT gain FROM nowhere")]
    [InlineData("SELECT CAST(prompt AS INTEGER) FROM gains")]
    [InlineData("SELECT * FROM read_csv('/etc/passwd')")]
    [InlineData("DROP TABLE readings")]
    [InlineData("SELECT 1; SELECT 2")]
    public void A_query_that_fails_is_told_the_same(string sql)
    {
        using var store = Open();
        using var few = RunStore.Open(_many.Path, [.. store.Runs.Take(3).Select(run => run.Name)], Cancellation);
        Assert.Equal(StoredRuns.Refusal(few, sql).Message, StoredRuns.Refusal(store, sql).Message);
    }

    [Theory]
    [InlineData("(layer = (n_layers - 1))", true)]
    [InlineData("((position_rule = CAST('last' AS VARCHAR)) AND (layer = (n_layers - 1)))", true)]
    [InlineData("((prompt = ') AND (') AND (layer = (n_layers - 1)))", true)]
    [InlineData("((layer = 0) OR (layer = (n_layers - 1)))", false)]
    [InlineData("(((layer = 0) AND (layer = (n_layers - 1))) OR (gain > 1))", false)]
    [InlineData("(NOT (layer = (n_layers - 1)))", false)]
    [InlineData("((a) BETWEEN (b) AND (layer = (n_layers - 1)))", false)]
    [InlineData("(prompt = 'x AND (layer = (n_layers - 1))')", false)]
    [InlineData("(layer = (n_layers - 2))", false)]
    [InlineData("", false)]
    public void Only_a_condition_that_must_hold_narrows_the_rows(string condition, bool narrows) => Assert.Equal(narrows, QueryPlan.HasLastBlock(condition));

    [Theory]
    [InlineData("(position_rule = 'last')", "last")]
    [InlineData("((position_rule = CAST('mean-of-ratios' AS VARCHAR)) AND (layer = (n_layers - 1)))", "mean-of-ratios")]
    [InlineData("(((position_rule = 'position') AND (layer = (n_layers - 1))) AND (position >= 1))", "position")]
    [InlineData("((position_rule = 'last') OR (position_rule = 'position'))", null)]
    [InlineData("(NOT (position_rule = 'last'))", null)]
    [InlineData("(position_rule != 'last')", null)]
    [InlineData("(position_rule = prompt)", null)]
    [InlineData("(prompt = '(position_rule = ''last'')')", null)]
    [InlineData("(CASE WHEN ((position_rule = 'last')) THEN (true) ELSE (false) END)", null)]
    [InlineData("", null)]
    public void Only_a_rule_that_must_hold_narrows_the_rows(string condition, string? rule) => Assert.Equal(rule, QueryPlan.RuleOf(condition));

    /// <summary>Each as over everything, though they read what others did not.</summary>
    [Fact]
    public void Queries_of_other_rules_read_what_they_lack()
    {
        using var store = Open();
        string[] rules = ["last", "position", "ratio-of-means", "first"];
        foreach (string sql in (string[])[.. rules.Select(rule => $"SELECT run, model, prompt, gain FROM readings WHERE position_rule = '{rule}' AND layer = n_layers - 1"), "SELECT position_rule, count(*) FROM readings WHERE layer = n_layers - 1 GROUP BY ALL ORDER BY ALL"])
            Assert.Equal(Rows((begin, row) => _many.Judge.Run(sql, begin, row, Cancellation)), Rows((begin, row) => store.Query(sql, begin, row, Cancellation)));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[{\"name\":\"SEQ_SCAN\",\"children\":[],\"extra_info\":{\"Table\":\"memory.main.readings\",\"Projections\":[\"gain\"]}}]")]
    public void A_plan_that_is_understood_says_what_is_read(string plan) => Assert.False(QueryPlan.Needs(plan).IsEverything);

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[{\"name\":\"OTHER_SCAN\",\"children\":[]}]")]
    [InlineData("[{\"name\":\"SEQ_SCAN\",\"children\":[],\"extra_info\":{\"Table\":\"memory.main.readings\"}}]")]
    [InlineData("[{\"name\":\"SEQ_SCAN\",\"children\":[],\"extra_info\":{\"Table\":\"memory.main.readings\",\"Projections\":\"rowid\"}}]")]
    [InlineData("[{\"name\":\"SEQ_SCAN\",\"children\":[],\"extra_info\":{\"Table\":\"other.main.readings\",\"Projections\":\"gain\"}}]")]
    [InlineData("[{\"name\":\"SEQ_SCAN\",\"children\":[],\"extra_info\":{\"Table\":\"memory.main.others\",\"Projections\":\"gain\"}}]")]
    public void A_plan_that_is_not_understood_reads_everything(string plan) => Assert.True(QueryPlan.Needs(plan).IsEverything);

    /// <summary>Every query that ships: bound without its rows, it has the columns that it has with them, and what it reads is known.</summary>
    [Fact]
    public void Queries_of_hypotheses_are_bound_before_anything_is_read_and_read_the_same()
    {
        using var store = Open();
        using var planner = new QueryPlanner(StoreTables.Models(store.Runs, CardSet.Shipped).Columns, Cancellation);
        string[] queries = [.. Castalia.Hypotheses.HypothesisFiles.BuiltIn().SelectMany(h => h.Evidence.Concat(h.Each?.Evidence.Select(query => query.Query) ?? [])).Select(query => query.Sql.TrimEnd().TrimEnd(';')).Distinct()];
        Assert.NotEmpty(queries);
        var bound = queries.Select(sql => store.Bind(sql, Cancellation)).ToList();
        foreach (var (sql, columns) in queries.Zip(bound))
        {
            var needs = planner.Needs(sql, Cancellation);
            Assert.False(needs.IsEverything, sql);
            Assert.False(needs.Of("readings") is { IsOfLastBlocks: false } or { Rules: null }, sql);
            string[] wanted = Rows((begin, row) => _many.Judge.Run(sql, begin, row, Cancellation));
            Assert.Equal(wanted[0], string.Join('|', columns.Select(c => $"{c.Name} {c.Type}")));
            Assert.Equal(wanted, Rows((begin, row) => store.Query(sql, begin, row, Cancellation)));
        }
        Assert.Equal(1, store.Readings);
    }

    /// <summary>What was looked at beforehand is bound as it is without, and one that fails is told the same.</summary>
    [Fact]
    public void Queries_that_were_prepared_are_bound_and_read_the_same()
    {
        using var store = Open();
        using var unprepared = Open();
        string[] queries = [.. Queries.Select(row => row.Data).Where(sql => !sql.StartsWith("SHOW", StringComparison.Ordinal) && !sql.StartsWith("DESC", StringComparison.Ordinal)), "SELECT nothing FROM gains", "SELECT gain FROM nowhere"];
        store.Prepare([.. queries.Select(sql => (sql, Bound(sql)))], Cancellation);
        Assert.Equal(0, store.Readings);
        foreach (string sql in queries) Assert.Equal(Told(unprepared, sql), Told(store, sql));
        foreach (string sql in queries[..^2]) Assert.Equal(Rows((begin, row) => _many.Judge.Run(sql, begin, row, Cancellation)), Rows((begin, row) => store.Query(sql, begin, row, Cancellation)));

        static string Bound(string sql) => $"SELECT * FROM (\n{sql}\n) LIMIT 0";

        static string Told(RunStore store, string sql)
        {
            try
            {
                return string.Join('|', store.Bind(Bound(sql), Cancellation).Select(c => $"{c.Name} {c.Type}"));
            }
            catch (InputException e)
            {
                return e.Message;
            }
        }
    }

    [Fact]
    public void Of_several_descriptions_that_do_not_fit_the_first_is_told()
    {
        using var store = Open();
        var runs = store.Runs.ToList();
        foreach (int i in new[] { 31, 7, 22 })
        {
            var wrong = runs[i].Models[0].Architecture.DeepClone().AsObject();
            wrong["d_model"] = "wide";
            runs[i] = runs[i] with { Models = [runs[i].Models[0] with { Architecture = wrong }] };
        }
        var error = Assert.Throws<InputException>(() => StoreTables.Models(runs, CardSet.Shipped));
        Assert.Equal((runs[7].Path, true), (error.Place, error.Message.Contains("d_model", StringComparison.Ordinal)));
    }

    [Fact]
    public void Rows_read_by_two_threads_are_those_of_each_run_alone()
    {
        using var store = Open();
        Assert.Equal(store.Runs.SelectMany(run => store.Gains([run], Cancellation)), store.Gains(Cancellation));
        Assert.Equal(store.Runs.SelectMany(run => store.Positions([run], Cancellation)), store.Positions(Cancellation));
        Assert.Equal(store.Gains(Cancellation).Select(row => new GainFigures(row.Run, row.Model, row.PromptIndex, row.Gain, row.Entropy, row.AlignAttn, row.AlignMlp)), store.GainFigures(store.Runs, Cancellation));
        Assert.Equal(Of("SELECT * FROM blocks ORDER BY ALL").Length - 1, store.Blocks(Cancellation).Count);

        string[] Of(string sql) => Rows((begin, row) => store.Query(sql, begin, row, Cancellation));
    }

    [Fact]
    public void One_damaged_run_among_many_is_found_first_and_again_and_when_it_changes_later()
    {
        using var folder = new TemporaryFolder();
        string[] runs = [.. Enumerable.Range(0, 40).Select(i => Many.Write(folder.Path, i)).Order(StringComparer.Ordinal)];
        var known = new CheckedRuns(_cache.Path, new StoredRuns.Later());
        StoredRuns.Change(runs[17], "readings.parquet");
        for (int i = 0; i < 2; i++) Assert.Equal([Path.GetFileName(runs[17])], Damaged(known));
        StoredRuns.Change(runs[31], "summary.json");
        Assert.Equal(new[] { runs[17], runs[31] }.Select(Path.GetFileName), Damaged(known));
        StoredRuns.Change(runs[31], "summary.json");
        Assert.Equal([Path.GetFileName(runs[17])], Damaged(known));
        Assert.Equal([Path.GetFileName(runs[17])], Damaged(null));
        using var store = RunStore.Open(folder.Path, [], CardSet.Shipped, known, Cancellation);
        Assert.Equal(39, store.Runs.Count);

        string?[] Damaged(CheckedRuns? known) => [.. RunListing.Of(folder.Path, known, anew: false, Cancellation).Where(run => run.Fault is not null).Select(run => run.Name)];
    }

    [Fact]
    public async Task Processes_at_once_on_one_cache_say_the_same_and_leave_it_whole()
    {
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 40; i++) Many.Write(folder.Path, i);
        await Task.Delay(TimeSpan.FromSeconds(3), Cancellation); // files that were written just now are not kept
        string[] args = ["runs", "--runs", folder.Path, "--json"];
        var first = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => CommandLineTests.Castalia(args, ("XDG_CACHE_HOME", _cache.Path)), Cancellation)));
        var then = CommandLineTests.Castalia(args, ("XDG_CACHE_HOME", _cache.Path));
        Assert.All(first, said => Assert.Equal(then, said));
        Assert.Equal(0, then.Code);
        Assert.Equal(40, JsonNode.Parse(then.Output)!["runs"]!.AsArray().Count(run => (string?)run!["state"] == "complete"));
        string kept = Path.Combine(_cache.Path, "castalia", "checked-runs");
        Assert.Single(Directory.GetFileSystemEntries(kept));
        var read = new CheckedRuns(kept);
        // Whole by its own digest; of the build of the command that wrote it, which shares these assemblies.
        Assert.All(Directory.GetDirectories(folder.Path), run => Assert.NotNull(read.Of(folder.Path).Find(run)));
    }
}
