using System.Diagnostics;

namespace Castalia.Benchmarks.Models;

/// <summary>Another process, run to its end.</summary>
static class Child
{
    /// <summary>What it printed, the seconds from its start to its end, and those to the first that it printed.</summary>
    /// <exception cref="IOException">It failed; with what it said.</exception>
    public static (string Output, double Seconds, double FirstOutput) Run(string program, IEnumerable<string> args, CancellationToken cancellation)
    {
        var info = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        long begin = Stopwatch.GetTimestamp();
        using var process = Process.Start(info)!;
        using var kill = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        int first = process.StandardOutput.Read();
        double firstOutput = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        string output = (first < 0 ? "" : $"{(char)first}") + process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode == 0 ? (output, seconds, firstOutput) : throw new IOException($"{program} {string.Join(' ', args)}: {errors.Result}{output}");
    }
}
