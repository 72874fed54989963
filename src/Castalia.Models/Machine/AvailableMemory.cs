using System.Globalization;

namespace Castalia.Machine;

/// <summary>Memory that a process can still take without pushing others out; bytes.</summary>
/// <remarks>
/// Linux: MemAvailable of /proc/meminfo, which counts file pages that can be given up, and not more than the process's control group (version 1
/// or 2) leaves, counted alike. Elsewhere what the runtime says: the memory of the machine or its container, less the load on it.
/// </remarks>
static class AvailableMemory
{
    /// <summary>As it is now.</summary>
    public static long Bytes() => Of("/proc/meminfo", "/proc/self/cgroup", "/sys/fs/cgroup") ?? OfTheRuntime();

    /// <summary>Linux's answer from files like those; null where there are none.</summary>
    internal static long? Of(string meminfo, string cgroup, string mount)
    {
        if (Numbers(meminfo).FirstOrDefault(n => n.Name == "MemAvailable") is not { Name: not null, Value: var kibibytes }) return null;
        long available = kibibytes * 1024;
        foreach (string line in Lines(cgroup))
        {
            // hierarchy:controllers:path, the controllers empty in version 2
            if (line.Split(':', 3) is not [_, var controllers, var path]) continue;
            if (controllers == "") available = Math.Min(available, Left($"{mount}{path}", "memory.max", "memory.current", "inactive_file"));
            else if (controllers.Split(',').Contains("memory"))
                available = Math.Min(available, Left($"{mount}/memory{path}", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"));
        }
        return Math.Max(0, available);
    }

    /// <summary>What a group leaves of its limit; everything where it has none.</summary>
    static long Left(string folder, string limitFile, string usedFile, string fileCache)
    {
        if (Number($"{folder}/{limitFile}") is not { } limit || Number($"{folder}/{usedFile}") is not { } used) return long.MaxValue;
        long cache = Numbers($"{folder}/memory.stat").Where(n => n.Name == fileCache).Sum(n => n.Value);
        return limit - used + cache;
    }

    static long? Number(string file) =>
        Lines(file) is [var text, ..] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>Lines "name number" or "name: number kB".</summary>
    static IEnumerable<(string Name, long Value)> Numbers(string file)
    {
        foreach (string line in Lines(file))
            if (line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, var text, ..] &&
                long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)) yield return (name.TrimEnd(':'), number);
    }

    static string[] Lines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // as good as not there
        }
    }

    static long OfTheRuntime()
    {
        var memory = GC.GetGCMemoryInfo();
        return Math.Max(0, memory.TotalAvailableMemoryBytes - memory.MemoryLoadBytes);
    }
}
