using Castalia.Tests.Documents;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>What the README shows as output is what the command prints.</summary>
public sealed class ReadmeTests
{
    const string Omitted = "\n…\n";

    [Fact]
    public void The_smallest_run_prints_what_is_shown()
    {
        using var folder = new TemporaryFolder();
        var (code, output, error) = CommandLineTests.Castalia(["measure", "--out", folder.Path], ("XDG_CACHE_HOME", folder.Path));
        Assert.True(code == 0, error);
        AssertShown(Block("Trained twins: "), output);
    }

    [Fact]
    public void The_trained_model_prints_the_table_that_is_shown()
    {
        string model = Shared.Path("real", "checkpoints", "smollm2-135m");
        using var folder = new TemporaryFolder();
        var (code, output, error) = CommandLineTests.Castalia(["measure", model, "--out", folder.Path]);
        Assert.True(code == 0, error);
        AssertShown(Block("nonsense    5"), output);
    }

    [Fact]
    public void The_trained_model_gives_the_samples_that_are_shown()
    {
        string model = Shared.Path("real", "checkpoints", "smollm2-135m");
        using var folder = new TemporaryFolder();
        foreach (string[] set in (string[][])[["standard-200"], ["running-24", "--positions", "all"]])
        {
            var (measured, _, failure) = CommandLineTests.Castalia(["measure", model, "--out", folder.Path, "--prompts", .. set]);
            Assert.True(measured == 0, failure);
        }
        var (code, output, error) = CommandLineTests.Castalia(["bentov", "--positions", "--runs", folder.Path]);
        Assert.True(code == 0, error);
        AssertShown(Block("tokens so far"), output);
    }

    static void AssertShown(string block, string output)
    {
        Assert.All(block.Split(Omitted), part => Assert.Contains(part, output, StringComparison.Ordinal));
        Assert.All(block.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    /// <summary>The one block of code that holds a text.</summary>
    static string Block(string text) =>
        Assert.Single(new MarkdownPage("README.md").Blocks.Select(block => string.Join('\n', block)), block => block.Contains(text, StringComparison.Ordinal)).TrimEnd('\n');
}
