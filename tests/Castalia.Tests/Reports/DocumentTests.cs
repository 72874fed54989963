using System.Text.RegularExpressions;
using Castalia.Cli;
using Castalia.Runs;
using Xunit;

namespace Castalia.Tests.Reports;

/// <summary>What documents name exists.</summary>
public sealed class DocumentTests
{
    static string Read(params string[] path) => File.ReadAllText(Path.Combine([Shared.Repository, .. path]));

    static IEnumerable<string> Quoted(string document) => Regex.Matches(Regex.Replace(document, "```[^`]*```", ""), "`([^`]+)`").Select(match => match.Groups[1].Value);

    [Theory]
    [InlineData("docs/when-numbers-differ.md")]
    [InlineData("docs/analyses.md")]
    [InlineData("README.md")]
    public void Options_that_a_document_names_are_options_of_a_verb(string document)
    {
        var root = CommandLine.Root();
        string[] known = [.. root.Options.Concat(root.Subcommands.SelectMany(verb => verb.Options)).SelectMany(option => option.Aliases.Append(option.Name))];
        string[] named = [.. Quoted(Read(document)).Where(text => text.StartsWith("--", StringComparison.Ordinal)).Select(text => text.Split(' ')[0]).Distinct()];
        Assert.NotEmpty(named);
        Assert.Empty(named.Except(known));
    }

    [Fact]
    public void Columns_that_the_guide_names_are_columns()
    {
        string columns = RunTables.Readings.Documentation();
        string[] named = [.. Quoted(Read("docs", "when-numbers-differ.md")).Where(text => Regex.IsMatch(text, "^(gain|norm|align|cos|submodule)_[a-z0-9_]+\\*?$"))];
        Assert.True(named.Length > 5);
        Assert.All(named, name => Assert.Contains(name.EndsWith('*') ? $"| `{name[..^1]}" : $"| `{name}` |", columns));
    }

    /// <summary>The README's short table names every family.</summary>
    [Fact]
    public void The_README_names_every_family()
    {
        string readme = Read("README.md");
        string table = readme[readme.IndexOf("| Families |", StringComparison.Ordinal)..readme.IndexOf("`castalia families` prints", StringComparison.Ordinal)];
        string[] titles = [.. Castalia.Architectures.Families.All.Select(f => f.Title.Split(" (")[0])];
        Assert.All(titles, title => Assert.True(table.Contains(title, StringComparison.Ordinal) ||
            Regex.IsMatch(table, $"{Regex.Escape(title[..^2])} [0-9]+ (and|to) [0-9]+"), title));
    }
}
