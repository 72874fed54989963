using System.Globalization;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Derivatives;
using Castalia.Forward;
using Castalia.Machine;

namespace Castalia.Benchmarks.Models;

/// <summary>What a gradient takes beside a forward pass with logits at every position, and beside the machine's own peak, in one process, round by round.</summary>
static class GradientRatios
{
    /// <summary>Prints medians over rounds, in time and processor time.</summary>
    public static void Print(string folder, Workload workload, int threads, int rounds, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var a = ArchitectureReader.Read(checkpoint);
        var prompts = workload.For(a.DVocab);
        var map = WeightMap.Bind(a, checkpoint);
        double counted = map.Parameters - (double)a.DVocab * a.DModel, peak = FmaPeak.Measure(threads);
        using var gradient = new ModelGradient(checkpoint, a, threads, cancellation);
        Times[] times = InTurn.Time(rounds, before: 2, () => workload.BareEverywhere(checkpoint, a, threads, cancellation), () => gradient.Take(prompts));
        var (forward, backward) = (times[0], times[1]);
        double time = backward.Median, operations = 6 * counted * workload.Tokens;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{workload.Prompts} × {workload.Length} tokens, {counted / 1e6:0.00} M parameters without the embedding, {threads} threads, peak {peak / 1e9:0} GFLOP/s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"forward, logits everywhere {1000 * forward.Median:0.0} ms, processor {1000 * forward.MedianProcessor:0.0} ms"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"gradient {1000 * time:0.0} ms, processor {1000 * backward.MedianProcessor:0.0} ms: {backward.Over(forward):0.00} × forward, in processor time {backward.ProcessorOver(forward):0.00} ×"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"6 × parameters × tokens: {operations / time / 1e9:0} GFLOP/s, {100 * operations / time / peak:0.0} % of peak; of processor time {100 * operations * threads / backward.MedianProcessor / peak:0.0} %"));
    }
}
