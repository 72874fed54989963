using System.Runtime.InteropServices;

namespace Castalia.Checkpoints;

/// <summary>What the operating system is told about pages. Advice: whatever comes of it, the bytes read are the same.</summary>
/// <remarks>
/// madvise(2). On Linux WILLNEED starts reading and returns, as readahead(2) does; DONTNEED takes pages of a file out of the process and leaves
/// them in the file cache. Of memory that is not a file's it would lose what was written, so only <see cref="MappedFile"/> calls it.
/// Windows has no such call, and pages are touched there instead.
/// </remarks>
static unsafe partial class PageAdvice
{
    const int WillNeed = 3, DontNeed = 4; // the same numbers in Linux, macOS and the BSDs
    const int HugePage = 14, PopulateRead = 22; // Linux alone

    static bool s_absent = OperatingSystem.IsWindows();

    /// <summary>Begins to read pages.</summary>
    /// <param name="start">First byte, anywhere in a page.</param>
    /// <param name="length">Bytes.</param>
    public static void Read(byte* start, long length)
    {
        long before = (long)start % Environment.SystemPageSize;
        if (!Advise(start - before, length + before, WillNeed)) Touch(start, length);
    }

    /// <summary>Takes the pages that lie wholly in a range out of the process.</summary>
    /// <param name="start">First byte.</param>
    /// <param name="length">Bytes.</param>
    public static void Drop(byte* start, long length)
    {
        long page = Environment.SystemPageSize, first = ((long)start + page - 1) / page * page, end = ((long)start + length) / page * page;
        if (end > first) Advise((byte*)first, end - first, DontNeed);
    }

    /// <summary>Asks for memory to be made of large pages, before it is first written; for memory of one's own.</summary>
    /// <param name="start">First byte, at the start of a page.</param>
    /// <param name="length">Bytes.</param>
    public static void InLargePages(byte* start, long length)
    {
        if (OperatingSystem.IsLinux()) Advise(start, length, HugePage);
    }

    /// <summary>Maps pages that are about to be read again and again, all at once instead of at the first touch of each.</summary>
    /// <param name="start">First byte, anywhere in a page.</param>
    /// <param name="length">Bytes.</param>
    public static void Populate(byte* start, long length)
    {
        long before = (long)start % Environment.SystemPageSize;
        if (OperatingSystem.IsLinux()) Advise(start - before, length + before, PopulateRead);
    }

    /// <summary>Reads a byte of every page.</summary>
    internal static void Touch(byte* start, long length)
    {
        for (long at = 0; at < length; at += Environment.SystemPageSize) Volatile.Read(ref start[at]);
    }

    /// <summary>Whether the system knows the call; what it answers does not matter.</summary>
    static bool Advise(byte* start, long length, int advice)
    {
        if (s_absent) return false;
        try
        {
            _ = MAdvise(start, (nuint)length, advice);
            return true;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            s_absent = true;
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MAdvise(byte* start, nuint length, int advice);
}
