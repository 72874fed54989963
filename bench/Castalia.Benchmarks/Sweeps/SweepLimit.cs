using System.Diagnostics;
using System.Globalization;
using Castalia.Benchmarks.Models;
using Castalia.Benchmarks.Synthetic;
using Castalia.Slurm;
using Castalia.Sweeps;
using Castalia.Tests.Slurm;

namespace Castalia.Benchmarks.Sweeps;

/// <summary>Time limits of Slurm that expire: of tasks that heed them, and of tasks that cannot.</summary>
/// <remarks>A limit is of a minute at least, and Slurm ends a task up to half a minute late: too long for a test.</remarks>
static class SweepLimit
{
    const int Models = 4, Sets = 64;

    static readonly string[] s_sweeps = ["heeding", "halted"];

    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(20);

    /// <summary>Prints what became of a sweep that takes several limits of a minute, and of one whose task is halted until its limit has ended it.</summary>
    /// <param name="castalia">The command.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>Whether limits were met, and nothing was lost or changed.</returns>
    /// <exception cref="IOException">There is no Slurm; a cluster does not do its part.</exception>
    public static bool Print(string castalia, CancellationToken cancellation)
    {
        if (SlurmCluster.Missing is { } missing) throw new IOException($"sweep-limit {missing}.");
        string folder = Directory.CreateTempSubdirectory("castalia-limit-").FullName;
        try
        {
            string plan = SweepModels.Write(PythiaShape.Of("70m"), folder, Models, Sets, prompts: 25, length: 15, cancellation);
            var undisturbed = new SweepFolder(Path.Combine(folder, "undisturbed"));
            double seconds = Child.Run(castalia, Arguments(plan, undisturbed), cancellation).Seconds;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Models * Sets} cells take {seconds:0} s without a limit."));
            bool heeds = Heeding(castalia, plan, new(Path.Combine(folder, s_sweeps[0])), cancellation), cannot = Halted(castalia, plan, new(Path.Combine(folder, s_sweeps[1])), cancellation);
            var readings = SweepModels.Readings(undisturbed);
            bool same = s_sweeps.All(sweep => SweepModels.Readings(new(Path.Combine(folder, sweep))).SequenceEqual(readings));
            Console.WriteLine($"The results are {(same ? "those without a limit, byte for byte of the readings" : "OTHERS than without a limit")}.");
            return heeds && cannot && same;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>One task gives back before its limit, and is started again by Slurm until all is done.</summary>
    static bool Heeding(string castalia, string plan, SweepFolder sweep, CancellationToken cancellation)
    {
        using var cluster = new SlurmCluster();
        Child.Run(castalia, Submitting(plan, sweep), cancellation);
        Until(() => SlurmTask.Listed(SweepSubmission.Of(sweep)).Count == 0, cancellation);
        string own = Directory.GetDirectories(sweep.Slurm).Single();
        int requeued = Directory.GetFiles(Path.Combine(own, TaskEnd.Requeued)).Length, done = sweep.List().Runs.Count;
        Console.WriteLine(FormattableString.Invariant($"By a task with a limit of a minute: {done} done, started again {requeued} times by Slurm, without another command."));
        return requeued > 0 && done == Models * Sets;
    }

    /// <summary>A task is halted in the middle of a cell, until Slurm has ended it at its limit; another command goes on.</summary>
    static bool Halted(string castalia, string plan, SweepFolder sweep, CancellationToken cancellation)
    {
        using var cluster = new SlurmCluster();
        Child.Run(castalia, Submitting(plan, sweep), cancellation);
        Until(() => sweep.Exists && sweep.List().Runs.Count >= 3, cancellation);
        long since = Stopwatch.GetTimestamp();
        var tasks = Enumerable.Range(0, SlurmCluster.Nodes).SelectMany(cluster.Tasks).ToList();
        tasks.ForEach(task => SlurmCluster.Send("STOP", task));
        int done = sweep.List().Runs.Count;
        Until(() => SlurmTask.Listed(SweepSubmission.Of(sweep)).Count == 0, cancellation);
        double lasted = Stopwatch.GetElapsedTime(since).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"A task halted with {done} cells done: Slurm ended it {lasted:0} s later, with {sweep.List().Runs.Count} done."));
        Child.Run(castalia, Arguments(plan, sweep), cancellation);
        return tasks.Count > 0 && lasted > 30;
    }

    static IEnumerable<string> Arguments(string plan, SweepFolder sweep) => ["sweep", plan, "--out", sweep.Path, "--threads", "1", "--lease", "2"];

    static IEnumerable<string> Submitting(string plan, SweepFolder sweep) => [.. Arguments(plan, sweep), "--on", "slurm", "--nodes", "1", "--time", "1"];

    static void Until(Func<bool> isSo, CancellationToken cancellation)
    {
        long since = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(since) > s_patience) throw new IOException("What is waited for does not come.");
            cancellation.WaitHandle.WaitOne(200);
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
