using Castalia.Runs;
using Castalia.Store;
using Xunit;

namespace Castalia.Tests.Store;

public sealed class DatabaseTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>By several a sum has other bits and rows another order.</summary>
    [Fact]
    public void It_has_one_thread_for_whoever_asks_it()
    {
        using var database = new Database();
        using var beside = database.Beside();
        Assert.Equal((1, 1), (Threads(database), Threads(beside)));
        using var connection = DatabaseLibrary.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT current_setting('threads')";
        Assert.Equal("1", $"{command.ExecuteScalar()}");
    }

    [Fact]
    public void Two_are_apart()
    {
        using Database one = new(), other = new();
        one.Execute("CREATE TABLE mine (i INTEGER)", Cancellation);
        Assert.Equal((1, 0), (Tables(one), Tables(other)));
    }

    static int Threads(Database database) => (int)database.Read("SELECT current_setting('threads')", row => row.GetInt64(0), Cancellation)[0];

    static int Tables(Database database) => (int)database.Read("SELECT count(*) FROM duckdb_tables()", row => row.GetInt64(0), Cancellation)[0];
}
