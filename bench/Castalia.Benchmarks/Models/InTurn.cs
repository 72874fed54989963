using System.Diagnostics;

namespace Castalia.Benchmarks.Models;

/// <summary>Times of one piece of work, a pair for each round.</summary>
/// <param name="Seconds">By the clock.</param>
/// <param name="Processor">Processor time of the process, seconds, which depends less on what else runs.</param>
readonly record struct Times(double[] Seconds, double[] Processor)
{
    /// <summary>Median by the clock.</summary>
    public double Median => MedianOf(Seconds);

    /// <summary>Median of processor time.</summary>
    public double MedianProcessor => MedianOf(Processor);

    /// <summary>The fastest round.</summary>
    public double Fastest => Seconds.Min();

    /// <summary>Median over rounds of the ratio to other work of the same round.</summary>
    public double Over(Times other) => MedianOf([.. Seconds.Zip(other.Seconds, (one, than) => one / than)]);

    /// <summary>The same of processor time.</summary>
    public double ProcessorOver(Times other) => MedianOf([.. Processor.Zip(other.Processor, (one, than) => one / than)]);

    static double MedianOf(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}

/// <summary>Pieces of work timed in turn in one process, round by round, so that what else a machine does falls on all alike.</summary>
static class InTurn
{
    /// <summary>Does the works in their order, over and over.</summary>
    /// <param name="rounds">Rounds that count.</param>
    /// <param name="before">Rounds before them that do not: kernels are compiled in them.</param>
    /// <param name="works">What is done.</param>
    /// <returns>Times of each.</returns>
    public static Times[] Time(int rounds, int before, params IReadOnlyList<Action> works)
    {
        Times[] times = [.. works.Select(_ => new Times(new double[rounds], new double[rounds]))];
        using var process = Process.GetCurrentProcess();
        for (int round = -before; round < rounds; round++)
            for (int i = 0; i < works.Count; i++)
            {
                process.Refresh();
                var processor = process.TotalProcessorTime;
                long began = Stopwatch.GetTimestamp();
                works[i]();
                if (round < 0) continue;
                times[i].Seconds[round] = Stopwatch.GetElapsedTime(began).TotalSeconds;
                process.Refresh();
                times[i].Processor[round] = (process.TotalProcessorTime - processor).TotalSeconds;
            }
        return times;
    }
}
