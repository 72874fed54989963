using System.Diagnostics;
using System.Globalization;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Derivatives;
using Castalia.Training;

namespace Castalia.Benchmarks.Models;

/// <summary>What a step of training takes, AdamW and clipping included; bench/peers/training.py times the same in PyTorch.</summary>
static class TrainingPace
{
    /// <summary>Prints medians over rounds, in time and processor time.</summary>
    public static void Print(string folder, Workload workload, int threads, int rounds, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var a = ArchitectureReader.Read(checkpoint);
        using var parameters = ParameterSet.Load(checkpoint, a);
        var options = new TrainingOptions
        {
            Steps = int.MaxValue,
            Batch = workload.Prompts,
            Tokens = workload.Length,
            Rate = new(1e-4, 0, 1, int.MaxValue),
            AdamW = new(0.9, 0.95, 1e-8, 0.1),
            Clip = 1,
            Initialisation = new() { Scheme = InitialScheme.SmallWang },
            WeightSeed = 1,
            DataSeed = 1,
        };
        using var trainer = new Trainer(parameters, new HashSet<WeightRole>(), options, new Same([.. workload.For(a.DVocab).Select(prompt => prompt.Ids.ToArray())]), folder, threads, cancellation);
        double[] seconds = new double[rounds], processor = new double[rounds];
        using var process = Process.GetCurrentProcess();
        for (int round = -3; round < rounds; round++)
        {
            process.Refresh();
            var before = process.TotalProcessorTime;
            var watch = Stopwatch.StartNew();
            trainer.Take();
            if (round < 0) continue;
            seconds[round] = watch.Elapsed.TotalSeconds;
            process.Refresh();
            processor[round] = (process.TotalProcessorTime - before).TotalSeconds;
        }
        double median = seconds.Order().ElementAt(rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"castalia, {threads} threads, {workload.Prompts} × {workload.Length}: step {1000 * median:0.0} ms, processor {1000 * processor.Order().ElementAt(rounds / 2):0.0} ms, {workload.Tokens / median:#,0} tokens/s"));
    }

    /// <summary>The same texts in every step: only their shape matters here.</summary>
    sealed class Same(int[][] texts) : ITrainingTexts
    {
        public double? Text(long index, out int[] ids)
        {
            ids = texts[index % texts.Length];
            return null;
        }
    }
}
