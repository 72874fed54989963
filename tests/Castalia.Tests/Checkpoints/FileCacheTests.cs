using System.Runtime.InteropServices;
using Castalia.Checkpoints;
using Xunit;

namespace Castalia.Tests.Checkpoints;

/// <summary>What is in the file cache is found there, and what was taken out of it is not.</summary>
public sealed partial class FileCacheTests
{
    const int Bytes = 4 << 20, DontNeed = 4;

    [Fact]
    public void A_file_is_there_after_it_was_read_and_not_after_it_was_taken_out()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "file");
        File.WriteAllBytes(path, new byte[Bytes]);
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite);
        if (OperatingSystem.IsLinux() && IsOnDisk(folder.Path))
        {
            RandomAccess.FlushToDisk(file);
            Assert.Equal(0, Advise((int)file.DangerousGetHandle(), 0, 0, DontNeed));
            Assert.False(FileCache.Holds(file, 0, Bytes));
        }
        _ = File.ReadAllBytes(path);
        Assert.Equal(OperatingSystem.IsLinux(), FileCache.Holds(file, 0, Bytes));
        Assert.Equal(OperatingSystem.IsLinux(), FileCache.Holds(file, 1234, 5));
        Assert.False(FileCache.Holds(file, 0, 0));
        Assert.False(FileCache.Holds(file, Bytes - 2, 3));
    }

    /// <summary>Whether its files can be taken out of memory at all.</summary>
    static bool IsOnDisk(string folder) => new DriveInfo(folder).DriveFormat is "ext4" or "ext3" or "xfs" or "btrfs";

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(int file, long start, long length, int advice);
}
