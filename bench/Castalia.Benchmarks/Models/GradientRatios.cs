using System.Diagnostics;
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
    const int Unheard = 20; // rounds in which methods are still compiled anew

    /// <summary>Prints medians over rounds, in time and processor time.</summary>
    public static void Print(string folder, Workload workload, int threads, int rounds, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var a = ArchitectureReader.Read(checkpoint);
        var prompts = workload.For(a.DVocab);
        var map = WeightMap.Bind(a, checkpoint);
        double counted = map.Parameters - (double)a.DVocab * a.DModel, peak = FmaPeak.Measure(threads);
        using var gradient = new ModelGradient(checkpoint, a, threads, cancellation);
        double[][] seconds = [new double[rounds], new double[rounds]], processor = [new double[rounds], new double[rounds]];
        using var process = Process.GetCurrentProcess();
        for (int round = -Unheard; round < rounds; round++)
            for (int way = 0; way < 2; way++)
            {
                process.Refresh();
                var before = process.TotalProcessorTime;
                var watch = Stopwatch.StartNew();
                if (way == 0) workload.BareEverywhere(checkpoint, a, threads, cancellation);
                else gradient.Take(prompts);
                if (round < 0) continue;
                seconds[way][round] = watch.Elapsed.TotalSeconds;
                process.Refresh();
                processor[way][round] = (process.TotalProcessorTime - before).TotalSeconds;
            }
        double time = Median(seconds[1]), operations = 6 * counted * workload.Tokens;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{workload.Prompts} × {workload.Length} tokens, {counted / 1e6:0.00} M parameters without the embedding, {threads} threads, peak {peak / 1e9:0} GFLOP/s"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"forward, logits everywhere {1000 * Median(seconds[0]):0.0} ms, processor {1000 * Median(processor[0]):0.0} ms"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"gradient {1000 * time:0.0} ms, processor {1000 * Median(processor[1]):0.0} ms: {Ratio(seconds):0.00} × forward, in processor time {Ratio(processor):0.00} ×"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"6 × parameters × tokens: {operations / time / 1e9:0} GFLOP/s, {100 * operations / time / peak:0.0} % of peak; of processor time {100 * operations * threads / Median(processor[1]) / peak:0.0} %"));
    }

    static double Ratio(double[][] of) => Median([.. of[1].Zip(of[0], (gradient, forward) => gradient / forward)]);

    static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
