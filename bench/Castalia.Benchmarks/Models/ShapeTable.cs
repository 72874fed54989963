using System.Diagnostics;
using Castalia.Architectures;
using Castalia.Benchmarks.Synthetic;
using Castalia.Checkpoints;
using Castalia.Machine;

namespace Castalia.Benchmarks.Models;

/// <summary>Whole measurements of models of every size, as shares of the machine's peak.</summary>
static class ShapeTable
{
    public static void Write(ModelOptions options, Report report, CancellationToken cancellation)
    {
        report.Heading($"Whole measurement, 25 prompts of 15 tokens, F16 weights, {options.Threads} threads");
        report.Text("""
            Everything recorded and the logits of the last positions; files warm. GFLOP/s and the share of the peak count the arithmetic of the
            blocks alone; ps is picoseconds for one weight of the blocks and one token, × peak what that is in operations at peak (2 is the
            arithmetic itself). Recording: the time beyond a forward pass that nothing looks at. First: the first run of a
            process over its later ones. 1 → n: how much faster than with one thread.
            """);
        report.Row("shape", "tokens/s", "GFLOP/s", "of peak", "ps", "× peak", "recording", "first", $"1 → {options.Threads}", "peak memory");
        report.Row("---", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:");
        foreach (var shape in options.Shapes)
        {
            using var made = new TemporaryCheckpoint(shape, options.Folder, cancellation);
            var child = Once.Run(made.Folder, Workload.Standard, options.Threads, runs: 4, bare: false, peak: false, cancellation);
            using var checkpoint = Checkpoint.Open(made.Folder);
            var architecture = ArchitectureReader.Read(checkpoint);
            var rounds = new List<(double All, double Bare, double One, double Peak)>();
            for (int round = -1; round < options.Rounds; round++)
            {
                double before = FmaPeak.Measure(options.Threads);
                double all = Time(() => Workload.Standard.Measure(checkpoint, architecture, options.Threads, cancellation));
                double bare = Time(() => Workload.Standard.Bare(checkpoint, architecture, options.Threads, cancellation));
                double peak = (before + FmaPeak.Measure(options.Threads)) / 2;
                double one = options.Threads == 1 ? all : Time(() => Workload.Standard.Measure(checkpoint, architecture, 1, cancellation));
                if (round >= 0) rounds.Add((all, bare, one, peak));
            }
            double operations = shape.BlockOperations(Enumerable.Repeat(Workload.Standard.Length, Workload.Standard.Prompts));
            double pairs = (double)shape.BlockLinear * Workload.Standard.Tokens, time = Median.Of(rounds.Select(r => r.All));
            report.Row(
                shape.Name, $"{Workload.Standard.Tokens / time:F0}", $"{operations / time / 1e9:F0}",
                $"{Median.Of(rounds.Select(r => operations / r.All / r.Peak)):P0}", $"{time / pairs * 1e12:F2}",
                $"{Median.Of(rounds.Select(r => r.All * r.Peak / pairs)):F2}", $"{Median.Of(rounds.Select(r => r.All / r.Bare)) - 1:P1}",
                $"{child.Seconds[0] / Median.Of(child.Seconds.Skip(1)):F2}", $"{Median.Of(rounds.Select(r => r.One / r.All)):F2}",
                $"{child.PeakMemory / 1048576.0:F0} MiB");
        }
    }

    static double Time(Action action)
    {
        long begin = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }
}

/// <summary>The middle one; of an even number the upper.</summary>
static class Median
{
    public static double Of(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
