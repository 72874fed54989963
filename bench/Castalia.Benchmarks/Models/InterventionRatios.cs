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
        Action[] works =
        [
            () => workload.Measure(checkpoint, a, threads, cancellation),
            .. ways.Select(way => new InterventionOptions { Entries = way.Entries, Sets = new Dictionary<string, IReadOnlyList<TokenizedPrompt>>() })
                .Select(options => (Action)(() => InterventionPass.Take(checkpoint, a, prompts, null, new() { Threads = threads }, options, null, null, cancellation))),
        ];
        Times[] times = InTurn.Time(rounds, before: 1, works);
        var plain = times[0];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{"plain",-48} {plain.Median,8:0.000} s"));
        foreach (var (way, time) in ways.Zip(times[1..]))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{way.Name,-48} {time.Median,8:0.000} s  {time.Over(plain):0.00} of plain, fastest rounds {time.Fastest / plain.Fastest:0.00}"));
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
}
