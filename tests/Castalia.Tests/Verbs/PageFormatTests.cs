using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Verbs;

public sealed class PageFormatTests
{
    /// <summary>A document is whole: where the run folder lies is said beside it, not after its end.</summary>
    [Theory]
    [InlineData("html", "<!DOCTYPE html>\n", "</html>\n")]
    [InlineData("markdown", "# gqa\n\n- llama: ", " prompts\n")]
    [InlineData("plain", "gqa\n\nllama: ", " prompts\n")]
    public void A_measurement_is_printed_as_a_document(string format, string start, string end)
    {
        using var folder = new TemporaryFolder();
        string prompts = folder.Write("p.jsonl", "{\"ids\": [5, 6, 7]}\n{\"ids\": [1, 2, 3, 4, 5]}\n"), runs = Path.Combine(folder.Path, "runs");
        var (code, output, error) = CommandLineTests.Castalia(["measure", Golden.Load("llama/gqa").Checkpoint, "--prompts", prompts, "--out", runs, "--format", format]);
        Assert.True(code == 0, error);
        Assert.StartsWith(start, output);
        Assert.EndsWith(end, output);
        Assert.Contains($"castalia: run folder: {Assert.Single(Directory.GetDirectories(runs))}\n", error);
    }

    [Theory]
    [InlineData("describe", "# ", "| d_model | 64 |\n")]
    [InlineData("plan", "# gqa\n\nllama: ", "- files: on this disk, nothing to fetch\n")]
    public void Pages_about_a_checkpoint_are_documents_too(string verb, string start, string within)
    {
        using var folder = new TemporaryFolder();
        string[] prompts = verb == "plan" ? ["--prompts", folder.Write("p.jsonl", "{\"ids\": [5, 6, 7]}\n")] : [];
        var (code, output, error) = CommandLineTests.Castalia([verb, Golden.Load("llama/gqa").Checkpoint, .. prompts, "--format", "markdown"]);
        Assert.Equal((0, ""), (code, error));
        Assert.StartsWith(start, output);
        Assert.Contains(within, output);
    }
}
