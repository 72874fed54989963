using Castalia.DoFiles;
using Castalia.Hub;
using Castalia.Interventions;
using Castalia.Prompts;
using Castalia.Runs;
using Castalia.Tests.Parity;
using Castalia.Tokens;
using Xunit;

namespace Castalia.Tests.Runs;

/// <summary>What an interrupted run of interventions leaves, and what becomes of it.</summary>
public sealed class PortionJournalTests
{
    static readonly Prompt[] s_prompts = [.. Enumerable.Range(0, 6).Select(p => new Prompt { Name = $"{p}", Ids = [.. Enumerable.Range(p, 12)], Place = "here" })];

    static readonly RunOptions s_options = new() { Threads = 1, Bos = BosPolicy.Default, AllPositions = false, LogitLens = false, Seed = 1 };

    static IntervenedRun Take(string parent, DoFile file, IProgress<InterventionProgress>? progress = null, long mostBytes = 30_000, CancellationToken cancellation = default)
    {
        string path = Golden.Load("llama/gqa").Checkpoint;
        return IntervenedRun.Take(new CheckpointSource(path, path, null), "m", s_prompts, [file], s_options, new(Castalia.Anatomy.Spectra.ReferenceComponents.Of, (_, _, _) => throw new InvalidOperationException()), mostBytes, parent, null, progress, cancellation);
    }

    static double[] Figures(IntervenedRun run) => [.. run.Measured.Prompts.SelectMany(prompt => prompt.SelectMany(reading => (double[])[.. reading!.Gains, reading.EntropyNats, reading.KlNats, reading.TopProbability]))];

    sealed class At(int portions, Action then) : IProgress<InterventionProgress>
    {
        int _seen;

        public void Report(InterventionProgress value)
        {
            if (++_seen == portions) then();
        }
    }

    [Fact]
    public void An_interrupted_run_goes_on_from_its_finished_portions_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        var file = DoFile.Read(folder.Write("do.yaml", """
            - { do: zero, each: head, blocks: [1, 2], positions: all }
            - { do: zero, each: neuron, random: { count: 3, seed: 1 }, blocks: last }
            """));
        var whole = Take(Path.Combine(folder.Path, "other"), file);
        Assert.True(whole.Measured.Portions > 5, $"{whole.Measured.Portions} portions");
        whole.Complete();
        string runs = Path.Combine(folder.Path, "runs");
        using (var cancellation = new CancellationTokenSource())
            Assert.ThrowsAny<OperationCanceledException>(() => Take(runs, file, new At(4, cancellation.Cancel), cancellation: cancellation.Token));
        string kept = Assert.Single(Directory.GetFileSystemEntries(runs));
        Assert.Equal(4, Directory.GetFiles(kept).Length);
        File.WriteAllBytes(Path.Combine(kept, "00000002"), [.. File.ReadAllBytes(Path.Combine(kept, "00000002")).SkipLast(1)]);
        var rest = Take(runs, file);
        Assert.Equal(3, rest.PortionsFound);
        Assert.Equal(Figures(whole), Figures(rest));
        rest.Complete();
        Assert.Empty(Directory.GetFileSystemEntries(runs));
    }

    [Fact]
    public void Of_another_run_nothing_is_found()
    {
        using var folder = new TemporaryFolder();
        var first = Take(folder.Path, DoFile.Read(folder.Write("a.yaml", "- { do: zero, site: attn_out, blocks: last }")));
        var second = Take(folder.Path, DoFile.Read(folder.Write("b.yaml", "- { do: zero, site: mlp_out, blocks: last }")));
        var third = Take(folder.Path, DoFile.Read(Path.Combine(folder.Path, "a.yaml")), mostBytes: 40_000);
        Assert.Equal((0, 0, 0), (first.PortionsFound, second.PortionsFound, third.PortionsFound));
        Assert.Equal(first.Measured.Portions, Take(folder.Path, DoFile.Read(Path.Combine(folder.Path, "a.yaml"))).PortionsFound);
    }
}
