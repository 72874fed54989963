using Xunit;

namespace Castalia.Tests.Benchmarks;

/// <summary>The speeds that the front page shows are those that were measured and committed.</summary>
public sealed class ResultsTests
{
    [Fact]
    public void Every_table_of_results_in_the_readme_is_the_first_of_its_file()
    {
        string folder = Path.Combine(Shared.Repository, "bench", "results");
        Assert.SkipUnless(Directory.Exists(folder), "no results are committed");
        string[] readme = File.ReadAllLines(Path.Combine(Shared.Repository, "README.md"));
        string[] shown = [.. Directory.GetFiles(folder, "*.md").Where(file => readme.Contains(Mark(file)))];
        Assert.NotEmpty(shown);
        foreach (string file in shown)
            Assert.Equal(FirstTable(File.ReadLines(file)), FirstTable(readme.SkipWhile(line => line != Mark(file))));
    }

    static string Mark(string file) => $"<!-- {Path.GetFileName(file)} -->";

    static List<string> FirstTable(IEnumerable<string> lines)
    {
        List<string> table = [.. lines.SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|'))];
        Assert.NotEmpty(table);
        return table;
    }
}
