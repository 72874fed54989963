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
    const int Runs = 5; // of a way in a round: a step of training finds in caches what the step before left there

    /// <summary>Prints medians over rounds, in time and processor time.</summary>
    public static void Print(string folder, Workload workload, int threads, int rounds, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var a = ArchitectureReader.Read(checkpoint);
        var prompts = workload.For(a.DVocab);
        var map = WeightMap.Bind(a, checkpoint);
        double counted = map.Parameters - (double)a.DVocab * a.DModel;
        List<double> peaks = [];
        using var parameters = ParameterSet.Load(checkpoint, a);
        using var gradient = new ModelGradient(parameters, threads, cancellation);
        Times[] times = InTurn.Time(rounds, before: 6, () => Repeat(() => workload.BareEverywhere(checkpoint, a, threads, cancellation)), () => Repeat(() => gradient.Take(prompts)), () => peaks.Add(FmaPeak.Measure(threads)));
        var (forward, backward) = (times[0], times[1]);
        double time = backward.Median / Runs, fastest = backward.Fastest / Runs, operations = 6 * counted * workload.Tokens, peak = Median.Of(peaks.TakeLast(rounds)), highest = peaks.Max();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{workload.Prompts} × {workload.Length} tokens, {counted / 1e6:0.00} M parameters without the embedding, {threads} threads, peak {peak / 1e9:0} GFLOP/s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"forward, logits everywhere {1000 * forward.Median / Runs:0.0} ms, processor {1000 * forward.MedianProcessor / Runs:0.0} ms"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"gradient {1000 * time:0.0} ms, processor {1000 * backward.MedianProcessor / Runs:0.0} ms: {backward.Over(forward):0.00} × forward, in processor time {backward.ProcessorOver(forward):0.00} ×"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"6 × parameters × tokens: {operations / time / 1e9:0} GFLOP/s, {100 * operations / time / peak:0.0} % of peak; of the fastest round {1000 * fastest:0.0} ms, {100 * operations / fastest / highest:0.0} % of the highest peak; of processor time {100 * operations * threads * Runs / backward.MedianProcessor / peak:0.0} %"));
    }

    static void Repeat(Action work)
    {
        for (int run = 0; run < Runs; run++) work();
    }
}
