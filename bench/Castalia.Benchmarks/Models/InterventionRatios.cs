using System.Diagnostics;
using System.Globalization;
using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Interventions;
using Castalia.Prompts;
using Castalia.Residual;

namespace Castalia.Benchmarks.Models;

/// <summary>What interventions take beside a plain measurement of the same prompts, side by side in one process, round by round.</summary>
static class InterventionRatios
{
    const int Several = 32;

    /// <summary>Prints medians of the rounds and of their ratios: every head and neuron of the last block, and some variants of earlier blocks.</summary>
    public static void Print(string folder, int threads, int rounds, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var a = ArchitectureReader.Read(checkpoint);
        var workload = Workload.Standard;
        var prompts = workload.For(a.DVocab);
        List<(string Name, InterventionEntry[] Entries)> ways =
        [
            ($"{a.NHeads} heads and {a.DFf} neurons of the last block", [Each(UnitKind.Head, a.NLayers - 1), Each(UnitKind.Neuron, a.NLayers - 1)]),
        ];
        foreach (int block in new[] { a.NLayers / 2, 0 }.Where(block => block < a.NLayers - 1))
            ways.Add(($"{Several} scales of attn_out in block {block}", [.. Enumerable.Range(0, Several).Select(i => Scale(block, i / (double)Several))]));
        double[] plain = new double[rounds];
        double[][] seconds = [.. ways.Select(_ => new double[rounds])];
        for (int round = -1; round < rounds; round++) // the first is not counted
        {
            Time(round, plain, () => workload.Measure(checkpoint, a, threads, cancellation));
            for (int way = 0; way < ways.Count; way++)
            {
                var options = new InterventionOptions { Entries = ways[way].Entries, Sets = new Dictionary<string, IReadOnlyList<TokenizedPrompt>>() };
                Time(round, seconds[way], () => InterventionPass.Take(checkpoint, a, prompts, null, new() { Threads = threads }, options, null, null, cancellation));
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"plain",-48} {Median(plain),8:0.000} s"));
        for (int way = 0; way < ways.Count; way++)
        {
            double ratio = Median([.. seconds[way].Select((s, round) => s / plain[round])]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{ways[way].Name,-48} {Median(seconds[way]),8:0.000} s  {ratio:0.00} of plain, fastest rounds {seconds[way].Min() / plain.Min():0.00}"));
        }
    }

    static void Time(int round, double[] seconds, Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        if (round >= 0) seconds[round] = watch.Elapsed.TotalSeconds;
    }

    static InterventionEntry Each(UnitKind kind, int block) => new(
        Of(block, kind == UnitKind.Head ? ResidualSite.Z : ResidualSite.MlpPost, new Deed.Zero(), new Unit.Some(kind, [])), new([kind], null, null, Together: false, Renormalise: false));

    static InterventionEntry Scale(int block, double factor) => new(Of(block, ResidualSite.AttnOut, new Deed.Scale(factor), new Unit.Whole()), null);

    static Intervention Of(int block, ResidualSite site, Deed deed, Unit unit) => new()
    {
        Name = "it",
        Place = "benchmark",
        Changes = [new() { Site = site, Blocks = BlockChoice.Named(block), Positions = PositionChoice.All, Unit = unit, Deed = deed, Place = "benchmark" }],
    };

    static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
