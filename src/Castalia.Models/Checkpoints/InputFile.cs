using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Castalia.Errors;
using Microsoft.Win32.SafeHandles;

namespace Castalia.Checkpoints;

/// <summary>Opens and reads files that a user brings: ordinary files only, and not notes that stand in for them.</summary>
/// <remarks>
/// Opening a named pipe waits for a writer, and a device has no end: both are refused before they are opened. A Git LFS pointer is a short
/// text in place of the file, whatever the file's name.
/// </remarks>
static unsafe partial class InputFile
{
    /// <summary>The most that is read into memory at once; bytes. Larger files are mapped, or are not what their name says.</summary>
    public const long MostBytes = 1L << 30;

    const int LongestPointer = 1024; // as the LFS specification has it

    static ReadOnlySpan<byte> PointerStart => "version https://git-lfs.github.com/spec/v1"u8;

    static ReadOnlySpan<byte> OlderPointerStart => "version https://hawser.github.com/spec/v1"u8;

    static bool s_cannotTell = !OperatingSystem.IsLinux();

    /// <summary>All bytes of a file.</summary>
    /// <exception cref="InputException">It is not there, cannot be read, is no ordinary file, is longer than <see cref="MostBytes"/>, or is a Git LFS pointer.</exception>
    public static byte[] Bytes(string path) => Bytes(path, MostBytes);

    /// <summary>All bytes of a file that is not longer than some length.</summary>
    /// <exception cref="InputException">It is not there, cannot be read, is no ordinary file, is longer, or is a Git LFS pointer.</exception>
    public static byte[] Bytes(string path, long mostBytes)
    {
        try
        {
            using var file = Open(path);
            long length = file.Length;
            if (length > mostBytes) throw CheckpointErrors.TooLong(path, length, mostBytes);
            byte[] bytes = new byte[length];
            file.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CheckpointErrors.CannotOpen(path, e);
        }
    }

    /// <summary>Opens an ordinary file to read from its beginning; without a buffer.</summary>
    /// <exception cref="InputException">It is not there, cannot be opened, is no ordinary file, or is a Git LFS pointer.</exception>
    public static FileStream Open(string path)
    {
        if (KindOf(path) is { } kind) throw CheckpointErrors.NotAnOrdinaryFile(path, kind);
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            if (IsPointer(file.SafeFileHandle, file.Length, out string? oid)) throw CheckpointErrors.LfsPointer(path, oid);
            return file;
        }
        catch (Exception e)
        {
            file?.Dispose();
            if (e is IOException or UnauthorizedAccessException) throw CheckpointErrors.CannotOpen(path, e);
            throw;
        }
    }

    /// <summary>What a path leads to if it is no ordinary file; null for one, for nothing, and where the system does not say.</summary>
    public static string? KindOf(string path)
    {
        if (s_cannotTell) return null;
        const int workingFolder = -100, typeWanted = 1, modeAt = 28; // AT_FDCWD, STATX_TYPE, stx_mode: one layout on all of Linux
        byte* answer = stackalloc byte[256];
        try
        {
            if (StatX(workingFolder, path, 0, typeWanted, answer) != 0) return null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            s_cannotTell = true;
            return null;
        }
        return (BinaryPrimitives.ReadUInt16LittleEndian(new ReadOnlySpan<byte>(answer + modeAt, 2)) & 0xF000) switch
        {
            0x1000 => "a named pipe",
            0x2000 => "a device that gives characters",
            0x4000 => "a folder",
            0x6000 => "a device that gives blocks",
            0xC000 => "a socket",
            _ => null,
        };
    }

    static bool IsPointer(SafeFileHandle file, long length, out string? oid)
    {
        oid = null;
        if (length > LongestPointer) return false;
        Span<byte> start = stackalloc byte[LongestPointer];
        start = start[..RandomAccess.Read(file, start, 0)];
        if (!start.StartsWith(PointerStart) && !start.StartsWith(OlderPointerStart)) return false;
        oid = Encoding.UTF8.GetString(start).Split('\n').FirstOrDefault(line => line.StartsWith("oid ", StringComparison.Ordinal))?[4..].Trim();
        return true;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, byte* answer);
}
