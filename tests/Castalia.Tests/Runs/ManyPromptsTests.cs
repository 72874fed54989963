using System.Text.Json.Nodes;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.PromptFiles;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Runs;
using Castalia.Tests.Verbs;
using Castalia.Untrained;
using Xunit;

namespace Castalia.Tests.Runs;

/// <summary>Prompts that go through a model in portions, their rows written meanwhile, their readings in a file where memory has no room.</summary>
public sealed class ManyPromptsTests
{
    static readonly int[] s_lengths = [3, 4, 9, 1, 1, 6];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_run_within_bounded_memory_is_the_same_to_the_byte()
    {
        using var folder = new TemporaryFolder();
        string network = Network(), file = Prompts(folder, 300, 60);
        var (least, most) = Plans(network, file, logitLens: true);
        Assert.False(most.SetDown);
        Assert.True(least.SetDown);
        Assert.Equal(60, least.PortionTokens);
        Assert.True(least.Needs.Readings < most.Needs.Readings / 4, $"{least.Needs.Readings} of {most.Needs.Readings}");
        Assert.True(least.Needs.Total < most.Needs.Total);
        string[] usual = Measured(folder, network, file, "usual"), bounded = Measured(folder, network, file, "bounded", "--memory", $"{least.Needs.Total}");
        Assert.Equal(usual, bounded);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path, ".*"));
        foreach (string runs in new[] { "usual", "bounded" }) Assert.Single(Directory.GetFileSystemEntries(Path.Combine(folder.Path, runs)));
    }

    [Fact]
    public void Less_than_one_prompt_at_a_time_needs_is_refused_with_what_it_needs()
    {
        using var folder = new TemporaryFolder();
        string network = Network(), file = Prompts(folder, 300, 60);
        var (code, output, error) = CommandLineTests.Castalia(["measure", network, "--prompts", file, "--positions", "all", "--threads", "2", "--memory", $"{Plans(network, file).Least.Needs.Total - 1}", "--out", Path.Combine(folder.Path, "runs")]);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("even where prompts go through the model one after the other, and --memory allows", error);
        Assert.False(Directory.Exists(Path.Combine(folder.Path, "runs")));
    }

    [Fact]
    public void Portions_hold_whole_prompts_in_order()
    {
        var prompts = s_lengths.Select((tokens, i) => new TokenizedPrompt(new() { Name = $"{i}", Place = "" }, [.. Enumerable.Range(0, tokens)], 0, 0)).ToList();
        Assert.Equal([[3, 4], [9], [1, 1], [6]], Portions.Of(prompts, 7).Select(portion => portion.Select(p => p.Ids.Count)));
        Assert.Equal(prompts, Portions.Of(prompts, 7).SelectMany(portion => portion));
        Assert.Same(prompts, Assert.Single(Portions.Of(prompts, 24)));
    }

    [Fact]
    public void Readings_in_a_file_are_what_was_set_down()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "readings");
        PromptReadings[] readings = [HandBuilt.Readings(5, 3, 2, lens: true), HandBuilt.Readings(1, 2, 0.5, parallel: true), HandBuilt.Readings(40, 4, -1)];
        using (var spill = new ReadingsSpill(path))
        {
            spill.Add(readings[..2]);
            Assert.Equal(2, spill.Count);
            Same(readings[1], spill[1]);
            spill.Add(readings[2..]); // after something was read
            for (int i = 2; i >= 0; i--) Same(readings[i], spill[i]);
            Assert.Equal(readings.Select(r => r.Tokens), spill.Select(r => r.Tokens));
        }
        Assert.False(File.Exists(path));
    }

    [Fact]
    public void Rows_that_cannot_be_written_stop_the_measuring_and_nothing_stays()
    {
        using var folder = new TemporaryFolder();
        string parent = Path.Combine(folder.Path, "runs");
        var model = HandBuilt.TenPrompts();
        using (var draft = new RunDraft(parent, allPositions: false, Cancellation))
        {
            Directory.CreateDirectory(Path.Combine(draft.Path, "readings.parquet")); // in the file's way
            var store = draft.StoreFor("m", null, [.. Enumerable.Repeat(model.Measurement.Prompts, 10_000).SelectMany(p => p)], setDown: false);
            var error = Assert.Throws<InputException>(() =>
            {
                for (int i = 0; i < 10_000; i++) store.Add([.. model.Measurement.Readings]);
            });
            Assert.Equal(parent, error.Place);
        }
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData(4, 2500, true, true)]
    [InlineData(4, 2501, false, true)]
    [InlineData(1, 10_000, true, true)]
    [InlineData(1, 10_001, false, false)]
    public void A_summary_does_not_grow_with_prompts_and_blocks(int layers, int prompts, bool hasBlocks, bool hasPrompts)
    {
        var readings = HandBuilt.Readings(3, layers, 1);
        var summary = Summary.Of(HandBuilt.Run(HandBuilt.Model("tiny", [.. Enumerable.Repeat(((string?)null, readings), prompts)], layers)), Cancellation)["models"]![0]!.AsObject();
        Assert.Equal(hasPrompts ? prompts : 0, summary["prompts"]!.AsArray().Count);
        Assert.Equal(hasPrompts, summary["prompts_left_out"] is null);
        Assert.Equal(hasBlocks, summary["blocks_left_out"] is null);
        Assert.Equal(prompts, (int)summary["statistics"]!["all"]!["prompts"]!);
        if (!hasPrompts) return;
        var one = summary["prompts"]![0]!.AsObject();
        Assert.Equal(hasBlocks, one.ContainsKey("ids"));
        Assert.Equal(hasBlocks, one["figures"]!.AsObject().ContainsKey("blocks"));
        Assert.NotEmpty(one["figures"]!["last_gain"]!.AsObject());
    }

    static void Same(PromptReadings expected, PromptReadings actual)
    {
        Assert.Equal(expected.Tokens, actual.Tokens);
        Assert.Equal(expected.Blocks, actual.Blocks);
        Assert.Equal(expected.FinalNorm, actual.FinalNorm);
        Assert.Equal(expected.Outputs, actual.Outputs);
        Assert.Equal(expected.Lens, actual.Lens);
    }

    static string Prompts(TemporaryFolder folder, int count, int tokens) => folder.Write("p.jsonl", string.Concat(Enumerable.Range(0, count).Select(i =>
        $"{{\"name\":\"p{i}\",\"category\":\"c{i % 3}\",\"ids\":[{string.Join(',', Enumerable.Range(0, tokens).Select(t => (i * 31 + t * 7) % 500))}]}}\n")));

    /// <summary>The plan of least memory, and that of as much as there is.</summary>
    static (MeasuringPlan Least, MeasuringPlan Most) Plans(string network, string file, bool logitLens = false)
    {
        using var checkpoint = Checkpoint.Open(network);
        var weights = WeightMap.Bind(ArchitectureReader.Read(checkpoint), checkpoint);
        var tokenized = PromptFile.Read(file).Select(p => new TokenizedPrompt(p, p.Ids!, 0, 0)).ToList();
        var options = new MeasureOptions { Threads = 2, AllPositions = true, LogitLens = logitLens };
        return (Of(1), Of(long.MaxValue));

        MeasuringPlan Of(long memory) => MeasuringPlan.Of(weights, tokenized, tokenizer: null, options, memory, mayWrite: true);
    }

    /// <summary>Hash of the readings, the summary and what was printed.</summary>
    static string[] Measured(TemporaryFolder folder, string network, string file, string name, params string[] more)
    {
        string runs = Path.Combine(folder.Path, name);
        var (code, output, error) = CommandLineTests.Castalia(["measure", network, "--prompts", file, "--positions", "all", "--logit-lens", "--threads", "2", "--out", runs, .. more]);
        Assert.True(code == 0, error);
        string run = Assert.Single(Directory.GetDirectories(runs));
        var manifest = JsonNode.Parse(File.ReadAllText(Path.Combine(run, "manifest.json")))!;
        Assert.Equal(["manifest.json", "readings.parquet", "summary.json"], Directory.GetFileSystemEntries(run).Select(Path.GetFileName).Order());
        return [(string)manifest["readings_sha256"]!, (string)manifest["summary_sha256"]!, string.Join('\n', output.Split('\n').Where(line => !line.StartsWith("Run folder", StringComparison.Ordinal)))];
    }

    static string Network() => UntrainedNetworks.Ensure(Path.Combine(AppContext.BaseDirectory, "untrained"), progress: null, Cancellation)[0];
}
