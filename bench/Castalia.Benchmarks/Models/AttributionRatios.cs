using System.Diagnostics;
using System.Globalization;
using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;

namespace Castalia.Benchmarks.Models;

/// <summary>What attribution adds to a plain measurement, the two side by side in one process, round by round.</summary>
static class AttributionRatios
{
    /// <summary>Prints medians of the rounds and of their ratios, and what would be held by keeping every head's output at every position.</summary>
    public static void Print(string folder, int threads, int rounds, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var a = ArchitectureReader.Read(checkpoint);
        var workload = Workload.Standard;
        var prompts = workload.For(a.DVocab);
        (string Name, BlockChoice? Blocks)[] ways = [("plain", null), ("last block", BlockChoice.Last), ("all blocks", BlockChoice.All)];
        double[][] seconds = [.. ways.Select(_ => new double[rounds])];
        for (int round = -1; round < rounds; round++) // the first is not counted
        {
            for (int way = 0; way < ways.Length; way++)
            {
                var watch = Stopwatch.StartNew();
                if (ways[way].Blocks is { } blocks)
                    AttributedMeasurement.Take(checkpoint, a, prompts, null, new() { Threads = threads }, Options(blocks), null, cancellation);
                else workload.Measure(checkpoint, a, threads, cancellation);
                if (round >= 0) seconds[way][round] = watch.Elapsed.TotalSeconds;
            }
        }
        for (int way = 0; way < ways.Length; way++)
        {
            double ratio = Median([.. seconds[way].Select((s, round) => s / seconds[0][round])]);
            string needs = ways[way].Blocks is { } blocks ? FormattableString.Invariant($", {AttributionNeeds.Of(a, prompts, Options(blocks)) / 1e6:0.0} MB beside the pass") : "";
            double fastest = seconds[way].Min() / seconds[0].Min();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ways[way].Name,-10} {Median(seconds[way]),7:0.000} s  {ratio:0.000} of plain, fastest rounds {fastest:0.000}{needs}"));
        }
        double heads = 4.0 * workload.Tokens * a.NLayers * a.NHeads * a.DModel;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"every head's output at every position, float32, all blocks: {heads / 1e6:0.0} MB"));
    }

    static AttributionOptions Options(BlockChoice blocks) => new() { Blocks = blocks, AllPositions = false, AllParts = false };

    static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
