using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Documents;

/// <summary>What docs/python.md shows is the script that lies beside it, its commands, and what they print.</summary>
public sealed class PythonPageTests(PythonPageTests.Commands commands) : IClassFixture<PythonPageTests.Commands>
{
    static readonly string s_script = Path.Combine(Shared.Repository, "examples", "python", "gains.py");

    static readonly List<List<string>> s_blocks = new MarkdownPage("docs/python.md").Blocks;

    [Fact]
    public void The_script_that_is_shown_is_the_one_that_is_run() =>
        Assert.Equal(File.ReadAllText(s_script).TrimEnd('\n'), string.Join('\n', s_blocks[1]));

    [Fact]
    public void The_script_prints_what_is_shown()
    {
        var (code, output, error) = Ran(commands.Csv, "numpy", "pandas");
        Assert.True(code == 0, error);
        Assert.Equal(("", string.Join('\n', s_blocks[2])), (error, Trimmed(output)));
    }

    [Theory]
    [InlineData("pyarrow")]
    [InlineData("fastparquet")]
    public void The_same_comes_of_Parquet(string reader)
    {
        var (code, output, error) = Ran(commands.Parquet, "numpy", "pandas", reader);
        Assert.True(code == 0, error);
        Assert.Equal(string.Join('\n', s_blocks[2]), Trimmed(output));
    }

    [Fact]
    public void A_reading_that_differs_ends_it_with_an_error()
    {
        string[] rows = File.ReadAllLines(commands.Csv);
        int gain = Array.IndexOf(rows[0].Split(','), "gain"), rule = Array.IndexOf(rows[0].Split(','), "position_rule");
        int last = Array.FindIndex(rows, row => row.Split(',')[rule] == "last");
        string[] cells = rows[last].Split(',');
        string other = commands.Csv.Replace(".csv", "-changed.csv", StringComparison.Ordinal);
        cells[gain] = "1" + cells[gain];
        rows[last] = string.Join(',', cells);
        File.WriteAllLines(other, rows);
        var (code, _, error) = Ran(other, "numpy", "pandas");
        Assert.Equal(1, code);
        Assert.Contains("AssertionError", error, StringComparison.Ordinal);
    }

    /// <summary>The script over the trace and readings; skips where a module is missing.</summary>
    (int Code, string Output, string Error) Ran(string readings, params string[] modules)
    {
        string? missing = Python.Missing(modules);
        Assert.SkipUnless(missing is null, missing ?? "");
        return Python.Run(s_script, commands.Trace, readings);
    }

    /// <summary>Without the blanks that pandas leaves at the ends of lines.</summary>
    static string Trimmed(string output) => string.Join('\n', output.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd()));

    /// <summary>What the commands of the page wrote, in a folder of their own.</summary>
    public sealed class Commands : IDisposable
    {
        readonly TemporaryFolder _folder = new();

        public Commands()
        {
            string[] prompts = s_blocks[0].Single(line => line.StartsWith("printf", StringComparison.Ordinal)).Split('\'')[1].Split(@"\n", StringSplitOptions.RemoveEmptyEntries);
            File.WriteAllLines(In("prompts.jsonl"), prompts);
            foreach (string line in s_blocks[0].Where(line => line.StartsWith("castalia ", StringComparison.Ordinal)))
            {
                var words = line.Split('"').SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Skip(1);
                string[] args = [.. words.Select(word => Path.GetExtension(word) is ".jsonl" or ".safetensors" or ".csv" ? In(word) : word)];
                string? runs = args[0] switch { "measure" => "--out", "query" => "--runs", _ => null };
                var (code, _, error) = CommandLineTests.Castalia(runs is null ? args : [.. args, runs, In("runs")], ("XDG_CACHE_HOME", _folder.Path));
                Assert.True(code == 0, error);
            }
        }

        public string Trace => In("trace.safetensors");

        public string Csv => In("readings.csv");

        public string Parquet => Directory.GetFiles(In("runs"), "readings.parquet", SearchOption.AllDirectories).Single();

        string In(string name) => Path.Combine(_folder.Path, name);

        public void Dispose() => _folder.Dispose();
    }
}
