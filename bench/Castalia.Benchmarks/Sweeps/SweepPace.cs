using System.Diagnostics;
using Castalia.Architectures;
using Castalia.Benchmarks.Models;
using Castalia.Benchmarks.Synthetic;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Runs;
using Castalia.Sweeps;
using Castalia.Tests.Slurm;

namespace Castalia.Benchmarks.Sweeps;

/// <summary>What two workers do in the time of one, and what a cell takes beside its measurement.</summary>
static class SweepPace
{
    const int Models = 4, Sets = 16;

    /// <summary>Prints, round by round, the time of 64 cells of 70M-shaped checkpoints: by measuring and writing them one after the other without a sweep, by one worker of one thread, by two, by two sweeps
    /// that have nothing to do with each other, which is what the machine gives two processes, and on one and on two nodes of a real Slurm, where it can be started.</summary>
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
            using var cluster = SlurmCluster.Missing is null ? new SlurmCluster() : null;
            var table = new List<string>();
            Plain(cells, Path.Combine(folder, "first"), cancellation);
            for (int round = 1; round <= rounds; round++)
            {
                string At(string name) => Path.Combine(folder, FormattableString.Invariant($"{name}{round}"));
                double Workers(string name, string count) => Sweep(castalia, plan, At(name), ["--workers", count, "--threads", count], cancellation);
                double plain = Timed(() => Plain(cells, At("plain"), cancellation)), one = Workers("one", "1");
                double start = Workers("one", "1"); // all is done: the command alone
                double two = Workers("two", "2"), apart = Timed(() => Parallel.Invoke(() => Workers("first", "1"), () => Workers("second", "1")));
                string row = FormattableString.Invariant($"| {round} | {plain:0.00} | {one:0.00} | {start:0.00} | {one / plain - 1:P1} | {two:0.00} | {one / two:0.00} | {apart:0.00} | {2 * one / apart:0.00} |");
                if (cluster is not null)
                {
                    double Nodes(string name, string count) => Sweep(castalia, plan, At(name), ["--threads", "1", "--on", "slurm", "--nodes", count, "--wait"], cancellation);
                    double node = Nodes("node", "1"), nodes = Nodes("nodes", "2");
                    row += FormattableString.Invariant($" {node:0.00} | {nodes:0.00} | {node / nodes:0.00} |");
                }
                table.Add(row);
            }
            Console.WriteLine(FormattableString.Invariant($"{cells.Count} cells: {Models} checkpoints of the 70M shape, F16, {Sets} sets of 25 prompts of 15 tokens; seconds."));
            Console.WriteLine();
            Console.WriteLine("| round | without a sweep | one worker | the command, nothing to do | a cell beside its measurement | two workers | pace over one | two sweeps apart | pace over one |"
                + (cluster is null ? "" : " one node of Slurm | two nodes | pace over one |"));
            Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |" + (cluster is null ? "" : " ---: | ---: | ---: |"));
            foreach (string row in table) Console.WriteLine(row);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static double Sweep(string castalia, string plan, string folder, string[] options, CancellationToken cancellation) =>
        Child.Run(castalia, ["sweep", plan, "--out", folder, .. options], cancellation).Seconds;

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
