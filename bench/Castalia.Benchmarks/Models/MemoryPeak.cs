using System.Diagnostics;
using System.Globalization;

namespace Castalia.Benchmarks.Models;

/// <summary>The most memory this process ever had, mapped pages of files included.</summary>
static class MemoryPeak
{
    const string Status = "/proc/self/status";

    /// <summary>Bytes: VmHWM on Linux, what the system calls the peak working set elsewhere.</summary>
    public static long Bytes() => Of("VmHWM") ?? Process.GetCurrentProcess().PeakWorkingSet64;

    /// <summary>A figure of /proc/self/status in bytes; null where there is none.</summary>
    public static long? Of(string key)
    {
        if (!File.Exists(Status)) return null;
        string? line = File.ReadLines(Status).FirstOrDefault(line => line.StartsWith($"{key}:", StringComparison.Ordinal));
        return line is null ? null : long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }
}
