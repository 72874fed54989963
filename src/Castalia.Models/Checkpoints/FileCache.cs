using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Castalia.Checkpoints;

/// <summary>What the operating system holds of a file in memory.</summary>
/// <remarks>
/// preadv2(2) with RWF_NOWAIT, on Linux, reads what is in the file cache and fails where it would have to wait. mincore(2) answers for one's own
/// files only.
/// </remarks>
static unsafe partial class FileCache
{
    const int NoWait = 8;

    static bool s_absent = !OperatingSystem.IsLinux();

    /// <summary>Whether a range seems to be there: its first byte, its middle and its last are. False also where the system cannot tell.</summary>
    public static bool Holds(SafeFileHandle file, long start, long length) =>
        length > 0 && Holds(file, start) && Holds(file, start + length / 2) && Holds(file, start + length - 1);

    static bool Holds(SafeFileHandle file, long at)
    {
        if (s_absent) return false;
        byte value;
        var place = new Place(&value, 1);
        try
        {
            return ReadV(file, &place, 1, at, NoWait) == 1;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            s_absent = true;
            return false;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    readonly struct Place(byte* data, nuint length)
    {
        public readonly byte* Data = data;
        public readonly nuint Length = length;
    }

    [LibraryImport("libc", EntryPoint = "preadv2")]
    private static partial nint ReadV(SafeFileHandle file, Place* places, int count, long offset, int flags);
}
