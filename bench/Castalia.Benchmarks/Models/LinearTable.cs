using System.Diagnostics;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Machine;

namespace Castalia.Benchmarks.Models;

/// <summary>Linear layers of real models as shares of the machine's peak, the two measured in turn.</summary>
static class LinearTable
{
    /// <summary>Tokens × in × out, and whose layer it is.</summary>
    static readonly (int Tokens, int Columns, int Rows, string Of)[] Shapes =
    [
        (375, 512, 2048, "Pythia-70M up"), (375, 1024, 4096, "Pythia-410M up"), (375, 4096, 4096, "Pythia-6.9B out"),
        (375, 4096, 16384, "Pythia-6.9B up"), (375, 16384, 4096, "Pythia-6.9B down"), (16, 4096, 16384, "Pythia-6.9B up"),
        (16, 16384, 4096, "Pythia-6.9B down"),
    ];

    const double LongOperations = 2e10; // 50 ms at 400 GFLOP/s

    public static void Write(ModelOptions options, Report report, CancellationToken cancellation)
    {
        report.Heading($"Linear layers, BF16 weights in memory, {options.Threads} threads");
        report.Text(
            "Widening of the weights and writing of the output included; medians of repeated calls. Input and output are laid out as they are " +
            "between the layers of a block; as rows: the input is laid out first, and the output written a token a row, as before and after attention.");
        report.Row("layer", "tokens", "in", "out", "ms", "GFLOP/s", "of peak", "as rows, ms", "of peak");
        report.Row("---", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:");
        foreach (var (tokens, columns, rows, of) in Shapes)
        {
            double operations = 2.0 * tokens * columns * rows;
            var rounds = Rounds(tokens, columns, rows, options, cancellation);
            double time = Median.Of(rounds.Select(r => r.Packed)), asRows = Median.Of(rounds.Select(r => r.AsRows));
            report.Row(
                of, $"{tokens}", $"{columns}", $"{rows}", $"{time * 1e3:F2}", $"{operations / time / 1e9:F0}",
                $"{Median.Of(rounds.Select(r => operations / r.Packed / r.Peak)):P0}",
                $"{asRows * 1e3:F2}", $"{Median.Of(rounds.Select(r => operations / r.AsRows / r.Peak)):P0}");
        }
    }

    static unsafe List<(double Packed, double AsRows, double Peak)> Rounds(
        int tokens, int columns, int rows, ModelOptions options, CancellationToken cancellation)
    {
        // Between two measurements of the peak: as long as one of them. The first calls after threads slept are slower than any in a model.
        int repeats = (int)Math.Clamp(LongOperations / (2.0 * tokens * columns * rows), 3, 30);
        using var crew = new Crew(options.Threads, cancellation);
        using var linear = new LinearPass(crew);
        using PackedTokens packed = new(), output = new();
        var random = new Random(1);
        ushort[] stored = new ushort[(long)rows * columns];
        for (int i = 0; i < stored.Length; i++) stored[i] = (ushort)(BitConverter.SingleToUInt32Bits((float)(random.NextDouble() - 0.5)) >> 16);
        using FloatBuffer x = new(), y = new();
        foreach (ref float value in x.Resize((long)tokens * columns).Span(0, tokens * columns)) value = (float)(random.NextDouble() - 0.5);
        y.Resize((long)tokens * rows);
        var rounds = new List<(double Packed, double AsRows, double Peak)>();
        fixed (ushort* pw = stored)
        {
            var tensor = new Tensor("w", DType.BF16, [rows, columns], "memory", (byte*)pw, (long)stored.Length * 2);
            var weights = new LinearWeights(new StoredRows(new StoredWeight(tensor, RowOrder.AsStored, rows, columns), new SourceRows(null!)), null);
            for (int round = 0; round < options.Rounds; round++)
            {
                double before = FmaPeak.Measure(options.Threads);
                double[] asRows = Times(() => linear.Run(packed.Pack(crew, x.Data, tokens, columns), weights, y.Data));
                double[] laidOut = Times(() => linear.Run(packed, weights, output));
                double peak = (before + FmaPeak.Measure(options.Threads)) / 2;
                rounds.AddRange(laidOut.Zip(asRows, (one, other) => (one, other, peak)));
            }
        }
        return rounds;

        double[] Times(Action call)
        {
            call(); // finds threads asleep and caches cold
            double[] seconds = new double[repeats];
            for (int i = 0; i < repeats; i++)
            {
                long begin = Stopwatch.GetTimestamp();
                call();
                seconds[i] = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            }
            return seconds;
        }
    }
}
