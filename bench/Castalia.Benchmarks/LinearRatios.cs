using System.Diagnostics;
using System.Runtime.InteropServices;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Kernels;

namespace Castalia.Benchmarks;

/// <summary>Linear layers as a share of the FMA peak, the two measured in turn in one process; medians.</summary>
static class LinearRatios
{
    /// <summary>Tokens × in × out, and whose layer it is.</summary>
    static readonly (int Tokens, int Columns, int Rows, string Of)[] Shapes =
    [
        (375, 512, 2048, "Pythia-70M up"), (375, 1024, 4096, "Pythia-410M up"), (375, 4096, 4096, "Pythia-6.9B out"),
        (375, 4096, 16384, "Pythia-6.9B up"), (375, 16384, 4096, "Pythia-6.9B down"), (16, 4096, 16384, "Pythia-6.9B up"),
    ];

    public static unsafe void Print(int threads, int rounds)
    {
        using var crew = new Crew(threads, CancellationToken.None);
        using var linear = new LinearPass(crew);
        using var packed = new PackedTokens();
        Console.WriteLine($"| tokens | in | out | layer | ms | GFLOP/s | of peak ({threads} threads) |");
        Console.WriteLine("| ---: | ---: | ---: | --- | ---: | ---: | ---: |");
        foreach (var (tokens, columns, rows, of) in Shapes)
        {
            ushort[] stored = new ushort[(long)rows * columns];
            var random = new Random(1);
            for (int i = 0; i < stored.Length; i++) stored[i] = (ushort)(BitConverter.SingleToUInt32Bits((float)(random.NextDouble() - 0.5)) >> 16);
            float[] x = [.. Enumerable.Range(0, tokens * columns).Select(_ => (float)(random.NextDouble() - 0.5))], y = new float[tokens * rows];
            var times = new List<double>();
            var ratios = new List<double>();
            fixed (float* px = x, py = y)
            fixed (ushort* pw = stored)
            {
                var tensor = new Tensor("w", DType.BF16, [rows, columns], "memory", (byte*)pw, (long)stored.Length * 2);
                var weights = new LinearWeights(new Rows(tensor, rows, columns), null);
                for (int round = -2; round < rounds; round++)
                {
                    double peak = FmaPeak.Measure(threads);
                    var clock = Stopwatch.StartNew();
                    linear.Run(packed.Pack(crew, px, tokens, columns), weights, py);
                    double seconds = clock.Elapsed.TotalSeconds;
                    peak = (peak + FmaPeak.Measure(threads)) / 2;
                    if (round < 0) continue;
                    times.Add(seconds);
                    ratios.Add(2.0 * tokens * columns * rows / seconds / peak);
                }
            }
            double time = Median(times);
            Console.WriteLine(FormattableString.Invariant(
                $"| {tokens} | {columns} | {rows} | {of} | {time * 1e3:F2} | {2e-9 * tokens * columns * rows / time:F0} | {Median(ratios):P0} |"));
        }
    }

    static double Median(List<double> values)
    {
        var sorted = CollectionsMarshal.AsSpan(values);
        sorted.Sort();
        return sorted[sorted.Length / 2];
    }

    sealed class Rows(Tensor tensor, int rows, int columns) : IWeightRows
    {
        int IWeightRows.Rows => rows;

        int IWeightRows.Columns => columns;

        public void Widen(int row, int start, Span<float> destination) => Checkpoints.Widen.Row(tensor, row, start, destination);
    }
}
