using System.Diagnostics;
using System.Globalization;
using Castalia.Architectures;
using Castalia.Benchmarks.Models;
using Castalia.Benchmarks.Synthetic;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Runs;
using Castalia.Sweeps;

namespace Castalia.Benchmarks.Sweeps;

/// <summary>What two workers do in the time of one, and what a cell takes beside its measurement.</summary>
static class SweepPace
{
    const int Models = 4, Sets = 16;

    /// <summary>Prints, round by round, the time of 64 cells of 70M-shaped checkpoints: by one worker of one thread, by two, and by measuring and writing the same one after the other without a sweep.</summary>
    /// <param name="castalia">The command.</param>
    /// <param name="rounds">How often, the ways in turn.</param>
    /// <param name="cancellation">Stops.</param>
    public static void Print(string castalia, int rounds, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("castalia-pace-").FullName;
        try
        {
            string plan = SweepModels.Write(PythiaShape.Of("70m"), folder, Models, Sets, prompts: 25, length: 15, cancellation);
            var cells = SweepPlanReader.Read(plan, () => new HubCache(folder)).Cells.Cast<CheckpointCell>().ToList();
            double[] one = new double[rounds], two = new double[rounds], plain = new double[rounds], start = new double[rounds];
            Plain(cells, Path.Combine(folder, "first"), cancellation);
            for (int round = 0; round < rounds; round++)
            {
                plain[round] = Timed(() => Plain(cells, Path.Combine(folder, FormattableString.Invariant($"plain{round}")), cancellation));
                one[round] = Sweep(castalia, plan, Path.Combine(folder, FormattableString.Invariant($"one{round}")), 1, cancellation);
                start[round] = Sweep(castalia, plan, Path.Combine(folder, FormattableString.Invariant($"one{round}")), 1, cancellation); // all is done: the command alone
                two[round] = Sweep(castalia, plan, Path.Combine(folder, FormattableString.Invariant($"two{round}")), 2, cancellation);
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{cells.Count} cells: {Models} checkpoints of the 70M shape, F16, {Sets} sets of 25 prompts of 15 tokens; seconds."));
            Console.WriteLine();
            Console.WriteLine("| round | without a sweep | one worker | of these the command, nothing to do | two workers | two over one | a cell beside its measurement |");
            Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
            for (int round = 0; round < rounds; round++)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {round + 1} | {plain[round]:0.00} | {one[round]:0.00} | {start[round]:0.00} | {two[round]:0.00} | {one[round] / two[round]:0.000} | {one[round] / plain[round] - 1:P1} |"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static double Sweep(string castalia, string plan, string folder, int workers, CancellationToken cancellation)
    {
        string count = workers.ToString(CultureInfo.InvariantCulture);
        return Child.Run(castalia, ["sweep", plan, "--out", folder, "--workers", count, "--threads", count], cancellation).Seconds;
    }

    /// <summary>What the verb does, on one thread; each checkpoint is hashed once, as in a sweep.</summary>
    static void Plain(IReadOnlyList<CheckpointCell> cells, string folder, CancellationToken cancellation)
    {
        string? last = null;
        CheckpointHashes? known = null;
        foreach (var (i, cell) in cells.Index())
        {
            var source = CheckpointSource.Find(cell.Checkpoint.Named, Wanted.Weights, () => new(folder));
            if (cell.Checkpoint.Named != last) known = Known(last = cell.Checkpoint.Named, cancellation);
            var options = new RunOptions { Threads = 1, Bos = cell.Task.Bos, AllPositions = cell.Task.AllPositions, LogitLens = cell.Task.LogitLens, Activation = cell.Task.Activation, Seed = cell.Task.Seed };
            var started = DateTime.UtcNow;
            var model = ModelMeasuring.Take(source!, ModelNames.Of([source!.Name])[0], _ => cell.Task.Prompts, options, progress: null, cancellation, say: _ => { });
            var run = new Run { StartedUtc = started, Options = options, PromptSet = cell.Task.PromptSet, Models = [model] };
            RunFolder.WriteAs(run, [], folder, FormattableString.Invariant($"run-{i}"), known, cancellation);
        }
    }

    static CheckpointHashes Known(string path, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(path);
        var architecture = ArchitectureReader.Read(checkpoint).With(GeluChoice.Config, path);
        return CheckpointHashes.Of(checkpoint, WeightsLayout.Of(checkpoint, WeightMap.Bind(architecture, checkpoint)), 1, cancellation);
    }

    static double Timed(Action work)
    {
        long begin = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }
}
