using System.Diagnostics;
using System.Globalization;
using System.Text;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;

namespace Castalia.Benchmarks.Models;

/// <summary>Measurements of many texts as commands, from start to run folder, beside the arithmetic of one batch of theirs, which alone goes through the blocks as fast as they go.</summary>
static class ManyTexts
{
    const int BatchTokens = 512, Batches = 8;

    /// <summary>Prints seconds, ratios and memory over the rounds.</summary>
    /// <param name="cli">The command.</param>
    /// <param name="model">The model, a path.</param>
    /// <param name="rounds">Rounds.</param>
    /// <param name="memory">What --memory is given; null for nothing.</param>
    /// <param name="cancellation">Stops.</param>
    public static void Print(string cli, string model, int rounds, string? memory, CancellationToken cancellation)
    {
        string scratch = Directory.CreateTempSubdirectory("castalia-many-").FullName;
        int threads = Castalia.Machine.PhysicalCores.Count;
        try
        {
            using var checkpoint = Checkpoint.Open(model);
            var architecture = ArchitectureReader.Read(checkpoint);
            Console.WriteLine("| prompts × tokens | positions | arithmetic s | command s | ratio | most memory, MiB | run folder, MB | summary.json, MB |\n| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
            foreach (var (load, all) in new[] { (new Workload(1000, 15), false), (new Workload(200, 512), true) })
            {
                string prompts = Path.Combine(scratch, $"{load.Prompts}.jsonl"), runs = Path.Combine(scratch, "runs");
                File.WriteAllText(prompts, Json(load, architecture.DVocab));
                var batch = new Workload(Math.Max(1, BatchTokens / load.Length), load.Length).For(architecture.DVocab);
                double share = (double)load.Tokens / (batch.Count * load.Length);
                var times = new List<(double Arithmetic, double Command)>();
                long peak = 0, folder = 0, summary = 0;
                for (int round = 0; round < rounds; round++)
                {
                    Arithmetic(1); // compiles, and warms what the command left
                    double before = Arithmetic(Batches / 2);
                    string[] args = ["measure", model, "--prompts", prompts, "--threads", $"{threads}", "--positions", all ? "all" : "last", "--out", runs, .. memory is null ? Array.Empty<string>() : ["--memory", memory]];
                    var (seconds, most) = Command(cli, args, cancellation);
                    (peak, string run) = (Math.Max(peak, most), Directory.GetDirectories(runs).Single());
                    (folder, summary) = (Directory.GetFiles(run).Sum(file => new FileInfo(file).Length), new FileInfo(Path.Combine(run, "summary.json")).Length);
                    Directory.Delete(runs, recursive: true);
                    // Half before the command and half after it: the machine may have become another meanwhile.
                    times.Add(((before + Arithmetic(Batches / 2)) / Batches * share, seconds));
                }
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {load.Prompts} × {load.Length} | {(all ? "all" : "last")} | {Median.Of(times.Select(t => t.Arithmetic)):F1} | {Median.Of(times.Select(t => t.Command)):F1} | {Median.Of(times.Select(t => t.Command / t.Arithmetic)):F2} | {peak >> 20} | {folder / 1e6:F1} | {summary / 1e6:F1} |"));

                double Arithmetic(int repeats)
                {
                    long begin = Stopwatch.GetTimestamp();
                    for (int i = 0; i < repeats; i++) Measurement.Take(checkpoint, architecture, batch, null, new() { Threads = threads, AllPositions = all }, null, cancellation);
                    return Stopwatch.GetElapsedTime(begin).TotalSeconds;
                }
            }
        }
        finally
        {
            Directory.Delete(scratch, recursive: true);
        }
    }

    /// <summary>Seconds, and the largest resident set, looked at as it runs.</summary>
    static (double Seconds, long Peak) Command(string cli, string[] args, CancellationToken cancellation)
    {
        long begin = Stopwatch.GetTimestamp(), peak = 0;
        using var process = Process.Start(new ProcessStartInfo(cli, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var kill = cancellation.Register(() => process.Kill());
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        while (!process.WaitForExit(50))
        {
            process.Refresh();
            peak = Math.Max(peak, process.PeakWorkingSet64);
        }
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode == 0 && output.Result.Length > 0 ? (Stopwatch.GetElapsedTime(begin).TotalSeconds, peak) : throw new IOException(errors.Result);
    }

    static string Json(Workload load, int dVocab)
    {
        var text = new StringBuilder();
        foreach (var prompt in load.For(dVocab)) text.AppendLine(CultureInfo.InvariantCulture, $"{{\"name\":\"p{prompt.Prompt.Name}\",\"category\":\"c{prompt.Ids[0] % 5}\",\"ids\":[{string.Join(',', prompt.Ids)}]}}");
        return text.ToString();
    }
}
