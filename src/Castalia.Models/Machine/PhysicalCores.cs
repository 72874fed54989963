using System.Globalization;

namespace Castalia.Machine;

/// <summary>How many cores this process may use, two hardware threads of one core counted once: the kernels fill a core's arithmetic units.</summary>
/// <remarks>
/// Linux: cores of /sys/devices/system/cpu among the processors of the affinity mask, and not more than the runtime counts, which heeds a
/// container's share. Elsewhere, and where the topology is not told, the runtime's count of processors.
/// </remarks>
static class PhysicalCores
{
    /// <summary>At least 1.</summary>
    public static int Count { get; } = Math.Clamp(Of("/proc/self/status", "/sys/devices/system/cpu") ?? int.MaxValue, 1, Environment.ProcessorCount);

    /// <summary>Linux's answer from files like those; null where one is missing.</summary>
    internal static int? Of(string status, string processors)
    {
        const string mask = "Cpus_allowed_list:";
        try
        {
            if (!File.Exists(status) || File.ReadLines(status).FirstOrDefault(l => l.StartsWith(mask, StringComparison.Ordinal)) is not { } line) return null;
            var cores = new HashSet<string>(StringComparer.Ordinal);
            foreach (int processor in Listed(line[mask.Length..].Trim()))
            {
                string topology = string.Create(CultureInfo.InvariantCulture, $"{processors}/cpu{processor}/topology");
                if (!File.Exists($"{topology}/core_id")) return null;
                cores.Add($"{File.ReadAllText($"{topology}/physical_package_id").Trim()}:{File.ReadAllText($"{topology}/core_id").Trim()}");
            }
            return cores.Count > 0 ? cores.Count : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return null;
        }
    }

    /// <summary>"0-3,8" as 0, 1, 2, 3, 8.</summary>
    static IEnumerable<int> Listed(string list)
    {
        foreach (string range in list.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = range.Split('-');
            int first = int.Parse(ends[0], CultureInfo.InvariantCulture), last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            for (int processor = first; processor <= last; processor++) yield return processor;
        }
    }
}
