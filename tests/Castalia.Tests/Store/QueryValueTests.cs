using System.Numerics;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Store;
using Xunit;

namespace Castalia.Tests.Store;

/// <summary>Values come through with their types, and what is undefined is no number.</summary>
public sealed class QueryValueTests
{
    const string Sql = "SELECT 9007199254740993 AS whole, 170141183460469231731687303715884105727 AS huge, 1.50::DECIMAL(10, 2) AS exact, 0.1::FLOAT AS single, " +
        "1e300 * 1e300 AS infinite, 'nan'::DOUBLE AS nan, TIMESTAMP '2020-01-02 03:04:05.25' AS time, DATE '2020-01-02' AS day, [1, NULL] AS list, [0.1::DOUBLE] AS reals, " +
        "true AS flag, '' AS nothing, 'a \"b\",c' AS text, NULL AS absent, {'a': 1} AS nested, 2 AS whole";

    static QueryResult Result()
    {
        using var folder = new TemporaryFolder();
        using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
        return store.Query(Sql, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void In_results() => Assert.Equal(
        [
            9007199254740993L, BigInteger.Parse("170141183460469231731687303715884105727", null), 1.50m, 0.1, null, null, new DateTime(2020, 1, 2, 3, 4, 5, 250, DateTimeKind.Utc),
            "2020-01-02", new object?[] { 1L, null }, new object?[] { 0.1 }, true, "", "a \"b\",c", null, "{'a': 1}", 2L,
        ],
        Result().Rows.Single());

    [Fact]
    public void In_JSON()
    {
        var result = Result();
        Assert.Equal("{\"whole\":9007199254740993,\"huge\":170141183460469231731687303715884105727,\"exact\":1.50,\"single\":0.1,\"infinite\":null,\"nan\":null," +
            "\"time\":\"2020-01-02T03:04:05.25Z\",\"day\":\"2020-01-02\",\"list\":[1,null],\"reals\":[0.1],\"flag\":true,\"nothing\":\"\",\"text\":\"a \\\"b\\\",c\"," +
            "\"absent\":null,\"nested\":\"{'a': 1}\",\"whole_1\":2}", ResultJson.Row(result.Columns, result.Rows[0]));
    }

    [Fact]
    public void In_CSV()
    {
        var result = Result();
        Assert.Equal("whole,huge,exact,single,infinite,nan,time,day,list,reals,flag,nothing,text,absent,nested,whole_1\r\n", ResultCsv.Header(result.Columns));
        Assert.Equal("9007199254740993,170141183460469231731687303715884105727,1.50,0.1,,,2020-01-02T03:04:05.25Z,2020-01-02,\"[1,null]\",[0.1],true,\"\",\"a \"\"b\"\",c\",,{'a': 1},2\r\n",
            ResultCsv.Row(result.Rows[0]));
    }

    [Fact]
    public void For_people_a_table_where_it_fits_and_rows_below_each_other_where_not()
    {
        QueryResult result = new([new("name", "VARCHAR"), new("gain", "DOUBLE"), new("n", "BIGINT")], [["a", 1.23456789, 1L], ["bcdef", null, 20L]]);
        Assert.Equal("""
              name      gain   n
              ──────────────────
              a      1.23457   1
              bcdef        –  20

              2 rows. Numbers to 6 digits; --format csv and json give all.

            """.ReplaceLineEndings("\n"), TerminalPrinter.Of(QueryReport.Of(result), 80));
        Assert.Equal("""
            Row 1
              name  a
              gain  1.23457
              n     1

            Row 2
              name  bcdef
              gain  –
              n     20

              2 rows. Numbers
              to 6 digits;
              --format csv and
              json give all.

            """.ReplaceLineEndings("\n"), TerminalPrinter.Of(QueryReport.Of(result), 19));
        Assert.Equal("  n\n  ─\n\n  0 rows.\n", TerminalPrinter.Of(QueryReport.Of(new([new("n", "BIGINT")], [])), 80));
    }

    [Theory]
    [InlineData("DESCRIBE gains", 22)]
    [InlineData("describe gains;", 22)]
    [InlineData("SHOW TABLES", 14)]
    [InlineData("SUMMARIZE gains", 22)]
    [InlineData("VALUES (1), (2)", 2)]
    [InlineData("FROM range(3)", 3)]
    [InlineData("SELECT 1; -- with a remark", 1)]
    [InlineData("PIVOT gains ON category IN ('a', 'b') USING avg(gain) GROUP BY model", 0)]
    public void Whatever_only_reads_is_answered(string sql, int rows)
    {
        using var folder = new TemporaryFolder();
        using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
        Assert.Equal(rows, store.Query(sql, TestContext.Current.CancellationToken).Rows.Count);
    }

    [Theory]
    [InlineData("SELECT nope FROM gains", "Referenced column \"nope\" not found", "line 1: SELECT nope FROM gains", "Candidate bindings: ")]
    [InlineData("SELECT * FROM gain", "Table with name gain does not exist", "line 1: SELECT * FROM gain", "The views are runs, models, ")]
    [InlineData("SELEC 1", "syntax error at or near \"SELEC\"", "line 1: SELEC 1", "DESCRIBE gains")]
    [InlineData("SELECT 'x'::INTEGER FROM range(1)", "Could not convert string 'x' to INT32", "SELECT 'x'::INTEGER", "The views are")]
    [InlineData("DELETE FROM runs", "The query is no SELECT", "DELETE FROM runs", "--out FILE")]
    public void What_the_database_refuses_is_told_by_cause_place_and_remedy(string sql, string cause, string place, string remedy)
    {
        using var folder = new TemporaryFolder();
        using var store = RunStore.Open(folder.Path, TestContext.Current.CancellationToken);
        var refusal = StoredRuns.Refusal(store, sql);
        Assert.Contains(cause, refusal.Cause);
        Assert.Contains(place, refusal.Place);
        Assert.Contains(remedy, refusal.Remedy);
        Assert.DoesNotContain("CREATE TEMP", refusal.Message);
        Assert.DoesNotContain("Error:", refusal.Message);
    }
}
