using System.IO.MemoryMappedFiles;
using Castalia.Errors;
using Microsoft.Win32.SafeHandles;

namespace Castalia.Checkpoints;

/// <summary>A whole file in memory as the operating system pages it in; read only.</summary>
sealed unsafe class MappedFile : IDisposable
{
    const int LargeBytes = 1 << 20;

    readonly FileStream _file;
    readonly SafeFileHandle _handle; // asked for once: the stream moves the file's position at each asking
    readonly MemoryMappedFile? _map;
    readonly MemoryMappedViewAccessor? _view;
    byte* _data;

    MappedFile(string path, FileStream file, long length, MemoryMappedFile? map)
    {
        (_file, _handle, Path, Length, _map) = (file, file.SafeFileHandle, path, length, map);
        if (map is null) return;
        _view = map.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _data);
        _data += _view.PointerOffset;
    }

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Bytes.</summary>
    public long Length { get; }

    /// <summary>First byte; null for an empty file.</summary>
    public byte* Data => _data;

    /// <summary>Maps a file.</summary>
    /// <exception cref="InputException">It is not there or cannot be opened.</exception>
    public static MappedFile Open(string path)
    {
        FileStream? file = null;
        try
        {
            file = InputFile.Open(path);
            long length = file.Length;
            if (length == 0) return new MappedFile(path, file, 0, null);
            return new MappedFile(
                path, file, length, MemoryMappedFile.CreateFromFile(file, null, length, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            file?.Dispose();
            throw CheckpointErrors.CannotOpen(path, e);
        }
    }

    /// <summary>Some of its bytes.</summary>
    public ReadOnlySpan<byte> Bytes(long start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Length - count);
        return new(_data + start, count);
    }

    /// <summary>Copies bytes to a buffer, not through the mapping: nothing of it counts as this process's memory.</summary>
    /// <exception cref="InputException">The file has been cut short, or cannot be read any more.</exception>
    public void Copy(long start, Span<byte> destination)
    {
        CheckRange(start, destination.Length);
        try
        {
            for (int done = 0; done < destination.Length;)
            {
                int read = RandomAccess.Read(_handle, destination[done..], start + done);
                if (read == 0) throw CheckpointErrors.Truncated(Path, "What was mapped", Length, start + done);
                done += read;
            }
        }
        catch (IOException e)
        {
            throw CheckpointErrors.CannotOpen(Path, e);
        }
    }

    /// <summary>Checks that it is as long as when it was mapped: reading a page that is no longer there would end the process.</summary>
    /// <exception cref="InputException">It has been cut short.</exception>
    public void CheckLength()
    {
        long now = RandomAccess.GetLength(_handle);
        if (now < Length) throw CheckpointErrors.Truncated(Path, "What was mapped", Length, now);
    }

    /// <summary>Where some of its bytes lie; null for a place outside its mapping.</summary>
    public FileRange? Range(byte* start, long length) =>
        _data is not null && start >= _data && start + length <= _data + Length ? new(this, start - _data, length) : null;

    /// <summary>Begins to read bytes into the file cache; returns before they are there.</summary>
    public void ReadAhead(long start, long length)
    {
        CheckRange(start, length);
        // Asking for megabytes that are there takes the system a look at every page.
        if (length >= LargeBytes && FileCache.Holds(_handle, start, length)) return;
        if (length > 0) PageAdvice.Read(_data + start, length);
    }

    /// <summary>Maps the pages of some bytes, for those who read them again and again.</summary>
    public void Populate(long start, long length)
    {
        CheckRange(start, length);
        if (length > 0) PageAdvice.Populate(_data + start, length);
    }

    /// <summary>Takes the pages of some bytes out of the process. They remain in the file cache, and are back when they are read.</summary>
    public void Drop(long start, long length)
    {
        CheckRange(start, length);
        if (length > 0) PageAdvice.Drop(_data + start, length);
    }

    void CheckRange(long start, long length)
    {
        ObjectDisposedException.ThrowIf(_data is null && Length > 0, this);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Length - length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_data is not null)
        {
            _data = null;
            _view!.SafeMemoryMappedViewHandle.ReleasePointer();
        }
        _view?.Dispose();
        _map?.Dispose();
        _file.Dispose();
    }
}
