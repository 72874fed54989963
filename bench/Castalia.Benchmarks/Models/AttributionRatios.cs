using System.Globalization;
using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;

namespace Castalia.Benchmarks.Models;

/// <summary>What attribution adds to a plain measurement, the two side by side in one process, round by round.</summary>
static class AttributionRatios
{
    /// <summary>Vectors of the stream's width that a cache of all hooks holds for a token and block, patterns not counted: resid_pre, mid, post, attn_out, mlp_out, two normed, q, k, v, z, rotated q and k.</summary>
    const int CachedWidths = 13;

    /// <summary>Prints medians of the rounds and of their ratios, in time and in processor time, which depends less on what else runs, and what would be held by keeping every head's output at every position.</summary>
    public static void Print(string folder, int threads, int rounds, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var a = ArchitectureReader.Read(checkpoint);
        var workload = Workload.Standard;
        var prompts = workload.For(a.DVocab);
        (string Name, BlockChoice? Blocks)[] ways = [("plain", null), ("last block", BlockChoice.Last), ("all blocks", BlockChoice.All)];
        Times[] times = InTurn.Time(rounds, before: 1,
        [
            .. ways.Select(way => (Action)(way.Blocks is { } blocks
                ? () => AttributedMeasurement.Take(checkpoint, a, prompts, null, new() { Threads = threads }, Options(blocks), null, cancellation)
                : () => workload.Measure(checkpoint, a, threads, cancellation))),
        ]);
        Console.WriteLine("| blocks | s | of plain | fastest rounds | processor s | of plain | held beside the pass |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var (way, time) in ways.Zip(times))
        {
            string needs = way.Blocks is { } blocks ? FormattableString.Invariant($"{AttributionNeeds.Of(a, prompts, Options(blocks)) / 1e6:0.0} MB") : "";
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {way.Name} | {time.Median:0.000} | {time.Over(times[0]):0.000} | {time.Fastest / times[0].Fastest:0.000} | {time.MedianProcessor:0.000} | {time.ProcessorOver(times[0]):0.000} | {needs} |"));
        }
        long tokens = workload.Tokens, cached = tokens * a.NLayers * (CachedWidths * a.DModel + 2L * a.DFf) * sizeof(float);
        long heads = tokens * a.NLayers * a.NHeads * a.DModel * sizeof(float), neurons = tokens * a.NLayers * a.DFf * a.DModel * sizeof(float);
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Cache everything, {tokens} tokens, {a.NLayers} blocks, float32: {cached / 1e6:0} MB; every head's output beside it, tokens · blocks · heads · d_model · 4: {heads / 1e6:0} MB; every neuron's, tokens · blocks · d_ff · d_model · 4: {neurons / 1e9:0} GB"));
    }

    static AttributionOptions Options(BlockChoice blocks) => new() { Blocks = blocks, AllPositions = false, AllParts = false };
}
