using Castalia.Benchmarks.Synthetic;

namespace Castalia.Benchmarks.Models;

/// <summary>One long prompt, attention counted.</summary>
static class LongTable
{
    public static void Write(ModelOptions options, Report report, CancellationToken cancellation)
    {
        var shape = PythiaShape.Of("410m");
        report.Heading($"One long prompt, {shape.Name}, {options.Threads} threads");
        report.Text("Each length in a process of its own: the median of its runs after the first, and the most memory it had.");
        report.Row("tokens", "tokens/s", "GFLOP/s", "of peak", "peak memory");
        report.Row("---:", "---:", "---:", "---:", "---:");
        using var made = new TemporaryCheckpoint(shape, options.Folder, cancellation);
        foreach (int length in (int[])[256, 512, 1024, 2048])
        {
            var once = Once.Run(made.Folder, new(1, length), options.Threads, runs: 4, bare: false, peak: true, cancellation);
            double time = Median.Of(once.Seconds.Skip(1)), operations = shape.BlockOperations([length]);
            report.Row(
                $"{length}", $"{length / time:F0}", $"{operations / time / 1e9:F0}", $"{operations / time / once.Peak.Average():P0}",
                $"{once.PeakMemory / 1048576.0:F0} MiB");
        }
    }
}
