using System.Diagnostics;
using Castalia.Benchmarks.Models;
using Castalia.Benchmarks.Synthetic;
using Castalia.Sweeps;
using Castalia.Tests.Slurm;

namespace Castalia.Benchmarks.Sweeps;

/// <summary>Processes, nodes and controllers that are killed and halted and run out of disk in the middle of sweeps, and what is left of the results.</summary>
static class SweepKills
{
    const int Cells = 40;

    /// <summary>How a sweep is disturbed.</summary>
    enum Strike
    {
        /// <summary>kill -9 of the one process at work.</summary>
        Command,
        /// <summary>kill -9 of one of two at work on the folder.</summary>
        Worker,
        /// <summary>kill -9 of two at once.</summary>
        Both,
        /// <summary>kill -9 of two of four at work on the folder, one after the other.</summary>
        Four,
        /// <summary>One of two is halted past its lease and wakes up.</summary>
        Halt,
        /// <summary>One is halted past its lease, wakes up, and is killed at once.</summary>
        HaltAndKill,
        /// <summary>The disk is full.</summary>
        Disk,
    }

    /// <summary>How often each has struck.</summary>
    sealed record Tally(int[] Local, int[] OnSlurm)
    {
        public int Sum => Local.Sum() + OnSlurm.Sum();
    }

    /// <summary>Strikes until so many have struck, each time ends the sweep in peace when it is nearly done, compares, and prints a table.</summary>
    /// <param name="castalia">The command.</param>
    /// <param name="strikes">How many.</param>
    /// <param name="seed">Of kinds and times.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>Whether nothing was lost, changed, twice or left over.</returns>
    public static bool Print(string castalia, int strikes, int seed, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("castalia-kills-").FullName, disk = Path.Combine(folder, "disk");
        bool hasDisk = false;
        try
        {
            Directory.CreateDirectory(disk);
            hasDisk = Mount("mount", "-t", "tmpfs", "-o", "size=1g,nr_inodes=20000", "tmpfs", disk);
            string plan = SweepModels.Write(PythiaShape.Of("twin-2x128"), folder, Cells, sets: 1, prompts: 8, length: 12, cancellation);
            var undisturbed = new SweepFolder(Path.Combine(folder, "undisturbed"));
            Child.Run(castalia, Arguments(plan, undisturbed), cancellation);
            var readings = SweepModels.Readings(undisturbed);
            if (readings.Count != Cells) throw new IOException($"The undisturbed sweep has {readings.Count} results.");

            var random = new Random(seed);
            Strike[] kinds = [.. Enum.GetValues<Strike>().Where(kind => hasDisk || kind != Strike.Disk)];
            var struck = new Tally(new int[kinds.Length], new int[Enum.GetValues<SlurmStrike>().Length]);
            int sweeps = 0, midway = 0, faults = 0;
            while (struck.Sum < strikes)
            {
                var sweep = new SweepFolder(Path.Combine(disk, FormattableString.Invariant($"sweep{sweeps++}")));
                var before = new SortedDictionary<string, DateTime>(StringComparer.Ordinal);
                using var cluster = SlurmCluster.Missing is null ? new SlurmCluster() : null; // one of its own: one that was struck keeps tasks that it holds
                while (struck.Sum < strikes && before.Count < Cells)
                {
                    cancellation.ThrowIfCancellationRequested();
                    int kind = random.Next(struck.Local.Length + (cluster is null ? 0 : struck.OnSlurm.Length)), onSlurm = kind - struck.Local.Length, atWork;
                    string name;
                    if (onSlurm < 0)
                    {
                        (name, atWork) = ($"{kinds[kind]}", Hit(kinds[kind], castalia, plan, sweep, disk, random));
                        struck.Local[kind]++;
                    }
                    else
                    {
                        var strike = (SlurmStrike)onSlurm;
                        (name, atWork) = ($"{strike} on Slurm", new SlurmStrikes(cluster!, castalia, Arguments(plan, sweep)).Hit(strike, sweep, random, cancellation));
                        struck.OnSlurm[onSlurm]++;
                    }
                    if (atWork > 0) midway++;
                    var now = Made(sweep);
                    faults += Count(before.Where(run => !now.TryGetValue(run.Key, out var made) || made != run.Value), run => $"{run.Key} was made again or is gone after {name}");
                    before = now;
                }
                Child.Run(castalia, Arguments(plan, sweep), cancellation);
                var result = SweepModels.Readings(sweep);
                faults += Count(readings.Except(result), run => $"{run.Key} is not there, or other than undisturbed");
                faults += Count(result.Keys.Except(readings.Keys), name => $"{name} is there beside");
                faults += Count(Strays(sweep), name => $"{name} was left over");
                cluster?.Dispose();
                Directory.Delete(sweep.Path, recursive: true);
            }
            foreach (var (kind, count) in kinds.Zip(struck.Local)) Console.WriteLine(FormattableString.Invariant($"| {kind} | {count} |"));
            foreach (var (kind, count) in Enum.GetValues<SlurmStrike>().Zip(struck.OnSlurm)) Console.WriteLine(FormattableString.Invariant($"| Slurm: {kind} | {count} |"));
            Console.WriteLine();
            Console.WriteLine(FormattableString.Invariant($"{sweeps} sweeps of {Cells} cells, struck {struck.Sum} times, {midway} of them with a cell in hand; {faults} faults."));
            return faults == 0;
        }
        finally
        {
            if (hasDisk) Mount("umount", disk);
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Starts one process, two or four, strikes after a while, and waits until nobody is at work; what it says is how many claims there were then.</summary>
    static int Hit(Strike kind, string castalia, string plan, SweepFolder sweep, string disk, Random random)
    {
        int pause = random.Next(200, 1_500);
        bool isDisk = kind == Strike.Disk;
        using var first = Begin(castalia, plan, sweep);
        using var second = kind is Strike.Command or Strike.Disk ? null : Begin(castalia, plan, sweep);
        using var third = kind == Strike.Four ? Begin(castalia, plan, sweep) : null;
        using var fourth = kind == Strike.Four ? Begin(castalia, plan, sweep) : null;
        Thread.Sleep(pause);
        if (isDisk) Mount("mount", "-o", FormattableString.Invariant($"remount,nr_inodes={Used(disk)}"), disk);
        if (kind is Strike.Halt or Strike.HaltAndKill)
        {
            Signal(first, "STOP");
            second!.WaitForExit(3_000); // the lease is of one second
        }
        int atWork = Directory.Exists(sweep.Claims) ? Directory.GetFiles(sweep.Claims).Length : 0;
        if (kind == Strike.Halt) Signal(first, "CONT");
        else if (isDisk) first.WaitForExit(3_000);
        if (kind is Strike.Command or Strike.Worker or Strike.Both or Strike.Four) Signal(first, "KILL");
        if (kind == Strike.Four) Thread.Sleep(random.Next(100));
        if (kind is Strike.Both or Strike.Four) Signal(second!, "KILL");
        if (kind == Strike.HaltAndKill)
        {
            Signal(first, "CONT");
            Thread.Sleep(random.Next(20));
            Signal(first, "KILL");
        }
        // Who was not struck goes on a little, and is ended as a scheduler would.
        if (kind is Strike.Worker or Strike.Four or Strike.Halt or Strike.HaltAndKill) Thread.Sleep(random.Next(300));
        foreach (var process in new[] { first, second, third, fourth })
        {
            if (process is null) continue;
            if (!process.HasExited) Signal(process, "TERM");
            process.WaitForExit();
        }
        if (isDisk) Mount("mount", "-o", "remount,nr_inodes=20000", disk);
        return atWork;
    }

    static IEnumerable<string> Arguments(string plan, SweepFolder sweep) => ["sweep", plan, "--out", sweep.Path, "--threads", "1", "--lease", "1"];

    static Process Begin(string castalia, string plan, SweepFolder sweep)
    {
        var process = Process.Start(new ProcessStartInfo(castalia, Arguments(plan, sweep)) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    static void Signal(Process process, string signal)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", FormattableString.Invariant($"{process.Id}")]) { RedirectStandardError = true })!;
        kill.WaitForExit();
    }

    static bool Mount(string command, params string[] arguments)
    {
        try
        {
            using var mount = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            mount.WaitForExit();
            return mount.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Files and folders on a disk, as it counts them.</summary>
    static int Used(string disk) => 1 + Directory.EnumerateFileSystemEntries(disk, "*", SearchOption.AllDirectories).Count();

    /// <summary>The results that are there, and when their manifests were written.</summary>
    static SortedDictionary<string, DateTime> Made(SweepFolder sweep) => new(
        !Directory.Exists(sweep.Runs) ? new() : Directory.GetDirectories(sweep.Runs, $"{SweepFolder.RunName("")}*").ToDictionary(run => Path.GetFileName(run), run => File.GetLastWriteTimeUtc(Path.Combine(run, "manifest.json"))),
        StringComparer.Ordinal);

    static IEnumerable<string> Strays(SweepFolder sweep) => Directory.EnumerateFileSystemEntries(sweep.Path, "*", SearchOption.AllDirectories)
        .Select(path => Path.GetRelativePath(sweep.Path, path)).Where(path => path.Split('/').Any(part => part.StartsWith('.'))
            || path.StartsWith("fetched", StringComparison.Ordinal) || path.StartsWith("sweep/claims/", StringComparison.Ordinal) || path.StartsWith("sweep/owners/", StringComparison.Ordinal));

    static int Count<T>(IEnumerable<T> faults, Func<T, string> words)
    {
        int count = 0;
        foreach (var fault in faults)
        {
            Console.WriteLine(words(fault));
            count++;
        }
        return count;
    }
}
