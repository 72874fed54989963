using System.Runtime.InteropServices;

namespace Castalia.Checkpoints;

/// <summary>What tells, without a look at its bytes, that a file is the one that was read before.</summary>
/// <remarks>
/// statx(2) on Linux, whose layout is the same on every processor; elsewhere inode, device and change time are 0 and path, length and time of writing
/// must do. The change time cannot be set by a program, so that bytes put in place under an old date are noticed.
/// </remarks>
/// <param name="Path">The file itself, links followed.</param>
/// <param name="Bytes">Length.</param>
/// <param name="Modified">Time of the last writing, 100 ns since the year 1.</param>
/// <param name="Changed">Time of the last change of anything about it, ns since 1970; 0 where the system does not tell.</param>
/// <param name="Inode">Number of the file; 0 where the system does not tell.</param>
/// <param name="Device">Number of its file system; 0 where the system does not tell.</param>
sealed partial record FileIdentity(string Path, long Bytes, long Modified, long Changed, ulong Inode, ulong Device)
{
    /// <summary>Of a file.</summary>
    /// <exception cref="InputException">It is not there.</exception>
    public static FileIdentity Of(string path)
    {
        try
        {
            var named = new FileInfo(path);
            string full = named.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? named.FullName;
            var file = new FileInfo(full);
            var (changed, inode, device) = Told(full);
            return new(full, file.Length, file.LastWriteTimeUtc.Ticks, changed, inode, device);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CheckpointErrors.CannotOpen(path, e);
        }
    }

    /// <summary>Whether it was last changed so long before a moment that a change after it would show in another time.</summary>
    public bool IsSettledAt(DateTime moment) => moment.Ticks - Math.Max(Modified, DateTime.UnixEpoch.Ticks + Changed / 100) > TimeSpan.TicksPerSecond * 2;

    static (long Changed, ulong Inode, ulong Device) Told(string path)
    {
        if (!OperatingSystem.IsLinux()) return default;
        Status status = default;
        try
        {
            const int current = -100;
            const uint basic = 0x7FF;
            if (StatX(current, path, 0, basic, ref status) != 0) return default;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return default;
        }
        return (status.ChangedSeconds * 1_000_000_000 + status.ChangedNanoseconds, status.Inode, ((ulong)status.Major << 32) | status.Minor);
    }

    /// <summary>The kernel's struct statx.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    struct Status
    {
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(96)] public long ChangedSeconds;
        [FieldOffset(104)] public uint ChangedNanoseconds;
        [FieldOffset(136)] public uint Major;
        [FieldOffset(140)] public uint Minor;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, ref Status status);
}
