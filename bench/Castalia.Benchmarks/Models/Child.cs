using System.Diagnostics;

namespace Castalia.Benchmarks.Models;

/// <summary>Another process, run to its end.</summary>
static class Child
{
    /// <summary>What it printed, and the seconds from its start to its end.</summary>
    /// <exception cref="IOException">It failed; with what it said.</exception>
    public static (string Output, double Seconds) Run(string program, IEnumerable<string> args, CancellationToken cancellation)
    {
        var info = new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true };
        long begin = Stopwatch.GetTimestamp();
        using var process = Process.Start(info)!;
        using var kill = cancellation.Register(() => process.Kill(entireProcessTree: true));
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        cancellation.ThrowIfCancellationRequested();
        return process.ExitCode == 0 ? (output, seconds) : throw new IOException($"{program} {string.Join(' ', args)}: {errors.Result}{output}");
    }
}
