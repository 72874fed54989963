using System.Globalization;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Prompts;

namespace Castalia.Benchmarks.Models;

/// <summary>What the public library takes beside what it calls, and what observers and kept sites take of a pass: in turn in one process.</summary>
static class LibraryRatios
{
    /// <summary>Prints medians over the rounds, and of their ratios.</summary>
    public static void Print(string folder, int threads, int rounds, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(folder);
        checkpoint.StaysMapped = true; // as that of a model that is asked more than once
        using var model = LanguageModel.Open(folder, threads);
        var a = ArchitectureReader.Read(checkpoint);
        var workload = Workload.Standard;
        var prompts = workload.For(a.DVocab);
        TokenSequence[] sequences = [.. prompts.Select(prompt => TokenSequence.Of([.. prompt.Ids]))];
        Site middle = new(ResidualSite.Post, a.NLayers / 2);
        double sum = 0;
        (string Name, Action Work)[] ways =
        [
            ("a measurement, inside", () => Measurement.Take(checkpoint, a, prompts, null, new() { Threads = threads }, null, cancellation)),
            ("LanguageModel.Measure", () => model.Measure(PositionRange.Last, sequences)),
            ("blocks alone, inside", () => Blocks(checkpoint, a, prompts, threads, cancellation)),
            ("Pass().Run", () => model.Pass().Run(sequences)),
            ("one site of one block observed", () => model.Pass().Observe(middle, row => sum += row.Values[0]).Run(sequences)),
            ("one site of one block kept", () => model.Pass().Keep(middle).Run(sequences)),
            ("one site of one block changed", () => model.Pass().Change(middle, row => row.Values[0] += 1).Run(sequences)),
            ("resid_post of every block kept", () => model.Pass().KeepAll(ResidualSite.Post).Run(sequences)),
            ("every site of every block kept", () => model.Pass().Keep([.. Enum.GetValues<ResidualSite>().Where(kind => BlockActivations.WidthOf(a, kind) > 0).SelectMany(model.Sites)]).Run(sequences)),
            ("stopped after a quarter of the blocks", () => model.Pass().StopAfter(a.NLayers / 4).Run(sequences)),
        ];
        var times = InTurn.Time(rounds, before: 2, [.. ways.Select(way => way.Work)]);
        for (int i = 0; i < ways.Length; i++)
        {
            var than = times[i < 2 ? 0 : 2];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{ways[i].Name,-40} {times[i].Median,8:0.000} s  {times[i].Over(than):0.000} by the clock, {times[i].ProcessorOver(than):0.000} of processor time, fastest rounds {times[i].Fastest / than.Fastest:0.000}"));
        }
    }

    static void Blocks(Checkpoint checkpoint, Architecture a, IReadOnlyList<TokenizedPrompt> prompts, int threads, CancellationToken cancellation)
    {
        using var pass = new ForwardPass(checkpoint, a, prompts, threads, progress: null, cancellation);
        pass.Run(null, blocks: a.NLayers);
    }
}
