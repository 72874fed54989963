using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Machine;
using Castalia.Runs;

namespace Castalia.Benchmarks.Models;

/// <summary>Runs of one checkpoint in a process of their own: what they took, and the most memory it ever had.</summary>
/// <param name="Seconds">Each run from opening the files to the last reading; the first compiles what it calls.</param>
/// <param name="StartSeconds">From the start of the process to the beginning of the first run.</param>
/// <param name="Peak">Of the machine, operations per second, measured before and after the runs; 0 where not asked for.</param>
/// <param name="PeakMemory">Bytes, mapped pages included.</param>
sealed record Once(double[] Seconds, double StartSeconds, double[] Peak, long PeakMemory)
{
    /// <summary>Runs in this process, and prints the result as JSON.</summary>
    /// <param name="args">once FOLDER PROMPTSxTOKENS THREADS RUNS bare|all [peak].</param>
    /// <param name="cancellation">Ends it.</param>
    public static void Print(string[] args, CancellationToken cancellation)
    {
        if (args is not [_, var folder, var load, var threadText, var runText, var kind, .. var rest])
            throw new ArgumentException("once FOLDER PROMPTSxTOKENS THREADS RUNS bare|all [peak]");
        var workload = Workload.Parse(load);
        int threads = int.Parse(threadText, CultureInfo.InvariantCulture), runs = int.Parse(runText, CultureInfo.InvariantCulture);
        double start = (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds;
        List<double> peaks = rest is ["peak"] ? [FmaPeak.Measure(threads)] : [];
        var seconds = new List<double>();
        for (int run = 0; run < runs; run++)
        {
            long begin = Stopwatch.GetTimestamp();
            using var kernels = new Ahead<bool>("castalia kernels", KernelPreparation.Arithmetic); // as in the command
            using var checkpoint = Checkpoint.Open(folder);
            var architecture = ArchitectureReader.Read(checkpoint);
            if (kind == "bare") workload.Bare(checkpoint, architecture, threads, cancellation);
            else workload.Measure(checkpoint, architecture, threads, cancellation);
            seconds.Add(Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }
        if (rest is ["peak"]) peaks.Add(FmaPeak.Measure(threads));
        Console.WriteLine(JsonSerializer.Serialize(new Once([.. seconds], start, [.. peaks], MemoryPeak.Bytes())));
    }

    /// <summary>Runs in a child process.</summary>
    public static Once Run(string folder, Workload workload, int threads, int runs, bool bare, bool peak, CancellationToken cancellation)
    {
        string[] args =
        [
            "once", folder, string.Create(CultureInfo.InvariantCulture, $"{workload.Prompts}x{workload.Length}"), $"{threads}", $"{runs}",
            bare ? "bare" : "all", .. peak ? ["peak"] : Array.Empty<string>(),
        ];
        string output = Child.Run(Environment.ProcessPath!, args, cancellation).Output;
        return JsonSerializer.Deserialize<Once>(output) ?? throw new IOException($"A run printed '{output}'.");
    }
}
