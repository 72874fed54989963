using System.Diagnostics;
using System.Runtime.InteropServices;
using Castalia.Benchmarks.Synthetic;

namespace Castalia.Benchmarks.Models;

/// <summary>A large model read from the disk while it is computed, against either alone.</summary>
static partial class DiskTable
{
    public static void Write(ModelOptions options, Report report, CancellationToken cancellation)
    {
        var shape = options.Large;
        report.Heading($"{shape.Name} from the disk, 25 prompts of 15 tokens, F16, {options.Threads} threads");
        if (!OperatingSystem.IsLinux())
        {
            report.Text("Only on Linux can a file be taken out of the file cache.");
            return;
        }
        using var made = new TemporaryCheckpoint(shape, options.Folder, cancellation);
        double Run(out Once once)
        {
            once = Once.Run(made.Folder, Workload.Standard, options.Threads, runs: 1, bare: false, peak: true, cancellation);
            return once.Seconds[0];
        }
        double disk = Read(made.Files, evict: true);
        Read(made.Files, evict: false);
        double warm = Run(out var ofWarm);
        foreach (string file in made.Files) Evict(file);
        double cold = Run(out var ofCold);
        double operations = shape.BlockOperations(Enumerable.Repeat(Workload.Standard.Length, Workload.Standard.Prompts));
        report.Row("", "seconds", "of peak", "peak memory");
        report.Row("---", "---:", "---:", "---:");
        report.Row($"reading its {made.Files.Sum(f => new FileInfo(f).Length) / 1e9:F1} GB, computing nothing", $"{disk:F1}", "", "");
        report.Row("computing, files in the cache", $"{warm:F1}", $"{operations / warm / ofWarm.Peak.Average():P0}", $"{ofWarm.PeakMemory / 1048576.0:F0} MiB");
        report.Row("both, files not in the cache", $"{cold:F1}", $"{operations / cold / ofCold.Peak.Average():P0}", $"{ofCold.PeakMemory / 1048576.0:F0} MiB");
        report.Text($"Both take {cold / Math.Max(disk, warm):F2} times the longer of the two.");
    }

    /// <summary>Seconds to read files through.</summary>
    static double Read(string[] files, bool evict)
    {
        byte[] buffer = new byte[1 << 20];
        if (evict)
            foreach (string file in files) Evict(file);
        long begin = Stopwatch.GetTimestamp();
        foreach (string file in files)
        {
            using var handle = File.OpenHandle(file, options: FileOptions.SequentialScan);
            for (long at = 0; RandomAccess.Read(handle, buffer, at) is > 0 and var read; at += read) ;
        }
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    /// <summary>Writes a file to the disk and takes it out of the file cache.</summary>
    static void Evict(string file)
    {
        const int dontNeed = 4;
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.ReadWrite);
        RandomAccess.FlushToDisk(handle);
        if (Advise((int)handle.DangerousGetHandle(), 0, 0, dontNeed) is not 0 and var error)
            throw new IOException($"posix_fadvise: error {error}.");
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(int file, long start, long length, int advice);
}
