using Castalia.Runs;
using Castalia.Store;
using Castalia.Tests.Runs;
using Xunit;

namespace Castalia.Tests.Store;

/// <summary>A query neither writes nor leaves the store.</summary>
public sealed class QuerySafetyTests(QuerySafetyTests.Fixture fixture) : IClassFixture<QuerySafetyTests.Fixture>
{
    /// <summary>One store for all attempts: an attempt that changed it would be seen by the next.</summary>
    public sealed class Fixture : IDisposable
    {
        readonly TemporaryFolder _folder = new();

        public Fixture()
        {
            Run = StoredRuns.Write(_folder.Path);
            Other = _folder.Write("other.csv", "secret\n1\n");
            Store = RunStore.Open(_folder.Path, [Run]);
        }

        public string Folder => _folder.Path;
        public string Run { get; }
        public string Other { get; }
        internal RunStore Store { get; }

        public void Dispose()
        {
            Store.Dispose();
            _folder.Dispose();
        }
    }

    /// <summary>F is a file that exists and is not the store's, N one that does not exist, R a run's readings.</summary>
    [Theory]
    [InlineData("COPY gains TO 'N' (FORMAT csv)")]
    [InlineData("COPY gains TO 'R' (FORMAT parquet)")]
    [InlineData("COPY (SELECT 1) TO 'F'")]
    [InlineData("EXPORT DATABASE 'N'")]
    [InlineData("ATTACH 'N'")]
    [InlineData("ATTACH 'F' AS other (READ_ONLY)")]
    [InlineData("INSTALL httpfs")]
    [InlineData("LOAD 'F'")]
    [InlineData("SELECT * FROM read_text('/etc/passwd')")]
    [InlineData("SELECT * FROM read_text('F')")]
    [InlineData("SELECT * FROM read_csv('F')")]
    [InlineData("SELECT * FROM read_blob('F')")]
    [InlineData("SELECT * FROM read_parquet('R')")]
    [InlineData("SELECT * FROM 'R'")]
    [InlineData("SELECT * FROM 'F'")]
    [InlineData("SELECT * FROM glob('/*')")]
    [InlineData("SELECT * FROM sniff_csv('F')")]
    [InlineData("SELECT * FROM parquet_metadata('R')")]
    [InlineData("SELECT getenv('HOME')")]
    [InlineData("CREATE TABLE mine AS SELECT 1")]
    [InlineData("CREATE OR REPLACE VIEW gains AS SELECT 1 AS gain")]
    [InlineData("INSERT INTO runs SELECT * FROM runs")]
    [InlineData("UPDATE readings SET gain = 1")]
    [InlineData("DELETE FROM readings")]
    [InlineData("DROP VIEW gains")]
    [InlineData("SET threads = 4")]
    [InlineData("SET enable_external_access = true")]
    [InlineData("RESET lock_configuration")]
    [InlineData("PRAGMA enable_object_cache")]
    [InlineData("CALL enable_logging('QueryLog', storage = 'file', storage_config = {'path': 'N'})")]
    [InlineData("SELECT * FROM enable_logging(storage = 'file', storage_path = 'N')")]
    [InlineData("SELECT * FROM \"query\" /* */ ('SELECT * FROM enable_' || 'logging()')")]
    [InlineData("SELECT 1; SELECT 2")]
    [InlineData("SELECT 1; COPY gains TO 'N'")]
    [InlineData("EXPLAIN ANALYZE COPY gains TO 'N'")]
    [InlineData("EXPLAIN SELECT 1")]
    [InlineData("PREPARE mine AS SELECT 1")]
    [InlineData("SELECT * FROM query('COPY gains TO ''N''')")]
    [InlineData("CHECKPOINT")]
    [InlineData("")]
    [InlineData("-- nothing")]
    public void It_is_refused_and_nothing_changes(string attempt)
    {
        string[] before = StoredRuns.State(fixture.Folder);
        string sql = attempt.Replace("'F'", $"'{fixture.Other}'").Replace("'N'", $"'{fixture.Folder}/new'").Replace("'R'", $"'{fixture.Run}/readings.parquet'");
        Assert.NotEmpty(StoredRuns.Refusal(fixture.Store, sql).Remedy);
        Assert.Equal(20L, fixture.Store.Query("SELECT count(*) FROM gains WHERE gain IS DISTINCT FROM 1", TestContext.Current.CancellationToken).Rows[0][0]);
        Assert.Equal(before, StoredRuns.State(fixture.Folder));
    }

    [Fact]
    public void Even_the_statement_that_may_write_a_result_writes_only_there()
    {
        using var folder = new TemporaryFolder();
        string run = StoredRuns.Write(folder.Path), output = Path.Combine(folder.Path, "out.parquet");
        using var store = RunStore.Open(folder.Path, [run], TestContext.Current.CancellationToken);
        string[] before = StoredRuns.State(run);
        Assert.Throws<InputException>(() => store.WriteParquet($"COPY gains TO '{output}'", output, TestContext.Current.CancellationToken));
        Assert.Throws<InputException>(() => store.WriteParquet("SELECT 1) TO 'x'; SELECT (1", output, TestContext.Current.CancellationToken));
        Assert.False(File.Exists(output));
        store.WriteParquet("SELECT prompt, gain, 'nan'::DOUBLE AS undefined FROM gains", output, TestContext.Current.CancellationToken);
        Assert.True(File.Exists(output));
        Assert.Equal(before, StoredRuns.State(run));
    }

    [Fact]
    public void A_query_stops_when_it_is_interrupted()
    {
        using var folder = new TemporaryFolder();
        StoredRuns.Write(folder.Path);
        using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
        store.Query("SELECT 1", TestContext.Current.CancellationToken);
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        Assert.Throws<OperationCanceledException>(() => store.Query("SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range * b.range = 7", source.Token));
        Assert.Equal(1L, store.Query("SELECT 1", TestContext.Current.CancellationToken).Rows[0][0]);
    }
}
