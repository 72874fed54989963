using System.Diagnostics;
using System.Globalization;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Derivatives;
using Castalia.Forward;
using Castalia.Machine;

namespace Castalia.Benchmarks.Models;

/// <summary>What a gradient takes beside a forward pass with logits at every position, and beside the machine's own peak, in one process, in turn.</summary>
static class GradientRatios
{
    const int Turns = 3, Unheard = 10; // of each; rounds at the beginning of one, in which methods are still compiled anew and caches hold what the other left

    /// <summary>Prints medians over rounds, in time and processor time.</summary>
    public static void Print(string folder, Workload workload, int threads, int rounds, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var a = ArchitectureReader.Read(checkpoint);
        var prompts = workload.For(a.DVocab);
        var map = WeightMap.Bind(a, checkpoint);
        double counted = map.Parameters - (double)a.DVocab * a.DModel, peak = FmaPeak.Measure(threads);
        using var parameters = ParameterSet.Load(checkpoint, a);
        using var gradient = new ModelGradient(parameters, threads, cancellation);
        double[][] seconds = [new double[Turns * rounds], new double[Turns * rounds]], processor = [new double[Turns * rounds], new double[Turns * rounds]];
        using var process = Process.GetCurrentProcess();
        for (int turn = 0; turn < 2 * Turns; turn++)
            for (int i = -Unheard; i < rounds; i++)
            {
                int way = turn % 2, round = i < 0 ? i : turn / 2 * rounds + i;
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
