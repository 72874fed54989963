using System.Text.Json.Nodes;
using Castalia.Tests.Analyses;
using Xunit;

namespace Castalia.Tests.Verbs;

[Collection(nameof(MeasuredRuns))]
public sealed class CategoriesVerbTests(MeasuredRuns runs)
{
    [Fact]
    public void It_compares_the_categories_and_says_that_they_are_small()
    {
        var (code, output, error) = Castalia("categories", runs.Prompts);
        Assert.True(code == 0, error);
        string words = Words(output);
        Assert.Contains("n is small, below 10, in plain (8), odd (8), long (8)", words);
        Assert.Contains("gain less log tokens, entropy", words);
        Assert.Contains("plain − odd", words);
        Assert.Contains("(analysis of covariance): categories add F(2, 19) =", words);
        Assert.DoesNotContain("NaN", output);
    }

    [Fact]
    public void Json_has_every_group_with_n_and_interval()
    {
        var sample = JsonNode.Parse(Castalia("categories", runs.Prompts, "--json").Output)!["samples"]!.AsArray().Single()!;
        Assert.Equal(3, sample["categories"]!.AsArray().Count);
        Assert.All(sample["categories"]!.AsArray(), c =>
        {
            Assert.Equal(8, (int)c!["gain"]!["n"]!);
            Assert.True((double)c["gain"]!["interval95"]![0]! < (double)c["gain"]!["mean"]!);
        });
        Assert.Equal(3, sample["gain"]!["dunn"]!.AsArray().Count);
        Assert.Equal(2, (int)sample["gain"]!["kruskal_wallis"]!["df"]!);
        Assert.True((double)sample["tokens"]!["kruskal_wallis"]!["p"]! < 0.01); // the long ones are longer
    }

    [Fact]
    public void Prompts_without_categories_leave_nothing_to_compare_and_say_so()
    {
        var (code, output, error) = Castalia("categories", runs.Texts);
        Assert.True(code == 0, error);
        Assert.Contains("Not every prompt has a category, so there is nothing to compare", Words(output));
    }

    [Theory]
    [InlineData(80)]
    [InlineData(200)]
    public void Its_pages_fit_the_terminal(int columns)
    {
        string output = WideTerminal.Castalia(columns, ["categories", "--runs", runs.Runs]);
        Assert.All(output.Split('\n'), line => Assert.True(line.TrimEnd('\r').Length <= Math.Clamp(columns, 80, 120), line));
    }

    (int Code, string Output, string Error) Castalia(params string[] args) => CommandLineTests.Castalia([.. args, "--runs", runs.Runs]);

    static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
