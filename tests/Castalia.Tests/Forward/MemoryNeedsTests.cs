using System.Globalization;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.PromptFiles;
using Castalia.Prompts;
using Castalia.Runs;
using Castalia.Tests.Verbs;
using Castalia.Untrained;
using Xunit;

namespace Castalia.Tests.Forward;

public sealed class MemoryNeedsTests
{
    /// <summary>Against the largest resident set of the command as the kernel counted it.</summary>
    [Theory]
    [InlineData(1, 8, false)]
    [InlineData(60, 500, false)]
    [InlineData(100, 450, true)]
    [InlineData(1200, 12, true)]
    public async Task They_are_within_a_factor_of_1_6_of_what_a_run_takes(int prompts, int tokens, bool allPositions)
    {
        Assert.SkipUnless(File.Exists("/proc/self/status"), "needs Linux's /proc");
        using var folder = new TemporaryFolder();
        string path = Network();
        string ids = string.Join(',', Enumerable.Range(0, tokens));
        string file = folder.Write("p.jsonl", string.Concat(Enumerable.Repeat($"{{\"ids\":[{ids}]}}\n", prompts)));
        using var process = CommandLineTests.Start(
            ["measure", path, "--prompts", file, "--positions", allPositions ? "all" : "last", "--threads", "2", "--out", Path.Combine(folder.Path, "runs")]);
        long peak = 0;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        while (!process.HasExited)
        {
            peak = Math.Max(peak, Peak(process.Id));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        long foretold = Needs(path, file, allPositions).Total;
        Assert.Contains("Run folder: ", await output);
        Assert.InRange((double)foretold / peak, 1 / 1.6, 1.6);
    }

    [Fact]
    public void A_run_that_cannot_fit_is_refused_with_both_sizes_and_a_remedy()
    {
        using var folder = new TemporaryFolder();
        var needs = Needs(Network(), folder.Write("p.jsonl", "{\"ids\":[1]}\n"), allPositions: false);
        Assert.Contains("are available", MemoryCheck.Of(needs, needs.Total, "m"));
        var error = Assert.Throws<InputException>(() => MemoryCheck.Of(needs, needs.Total - 1, "m"));
        Assert.Equal("m", error.Place);
        Assert.Contains("fewer or shorter prompts", error.Remedy);
    }

    static MemoryNeeds Needs(string path, string prompts, bool allPositions)
    {
        using var checkpoint = Checkpoint.Open(path);
        var weights = WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint);
        var tokenized = PromptFile.Read(prompts).Select(p => new TokenizedPrompt(p, p.Ids!, 0, 0)).ToList();
        return MemoryNeeds.Of(weights, tokenized, tokenizer: null, new MeasureOptions { Threads = 2, AllPositions = allPositions }) with
        {
            Writing = WritingNeeds.Of(weights.Architecture, tokenized, allPositions),
        };
    }

    static long Peak(int process)
    {
        try
        {
            string? line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            return line is null ? 0 : 1024 * long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0; // ended
        }
    }

    static string Network() => UntrainedNetworks.Ensure(Path.Combine(AppContext.BaseDirectory, "untrained"), progress: null, TestContext.Current.CancellationToken)[0];
}
