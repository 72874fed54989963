using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Castalia.Fuzzing.Running;

/// <summary>What the process has used so far.</summary>
/// <param name="Processor">Time of its threads; seconds.</param>
/// <param name="Peak">The most memory it had, native memory and mapped pages among it; 0 where the system does not say.</param>
readonly unsafe partial record struct Usage(double Processor, long Peak)
{
    public static Usage Now()
    {
        if (!OperatingSystem.IsLinux()) return new(Environment.CpuUsage.TotalTime.TotalSeconds, 0);
        byte* answer = stackalloc byte[512]; // struct rusage: two times of seconds and microseconds, then the peak in KiB
        if (ResourceUsage(0, answer) != 0) return default;
        return new(Word(answer, 0) + Word(answer, 2) + (Word(answer, 1) + Word(answer, 3)) * 1e-6, Word(answer, 4) << 10);
    }

    /// <summary>How long this thread has been ready to run and was not let: what others on the machine take; seconds. 0 where the system does not say.</summary>
    public static double Waited()
    {
        const string figures = "/proc/thread-self/schedstat"; // nanoseconds run, nanoseconds waited, times run
        if (!File.Exists(figures)) return 0;
        string[] parts = File.ReadAllText(figures).Split(' ');
        return parts.Length > 1 && long.TryParse(parts[1], out long nanoseconds) ? nanoseconds * 1e-9 : 0;
    }

    static long Word(byte* answer, int index) => BinaryPrimitives.ReadInt64LittleEndian(new ReadOnlySpan<byte>(answer + 8 * index, 8));

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int ResourceUsage(int who, byte* answer);
}
