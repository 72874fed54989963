using System.Security.Cryptography;

namespace Castalia.Hub;

/// <summary>The contents of a file as far as they have come, on disk and hashed.</summary>
sealed class BlobPart : IDisposable
{
    readonly HubFile _file;
    readonly FileStream _stream;
    readonly Action<long> _advance;
    IncrementalHash _hashed;

    BlobPart(HubFile file, FileStream stream, Action<long> advance)
    {
        (_file, _stream, _advance) = (file, stream, advance);
        _hashed = file.Hash!.Start(file.Bytes!.Value);
    }

    /// <summary>Bytes that are there.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether some of them were there from the beginning, so that they may be another file's.</summary>
    public bool Resumed { get; private set; }

    /// <summary>Opens a part, or begins one, and hashes what it holds.</summary>
    /// <param name="path">The part file.</param>
    /// <param name="file">The file it is to become.</param>
    /// <param name="advance">Told by how many bytes more are there; negative where it begins anew.</param>
    /// <param name="cancellation">Stops between pieces.</param>
    public static async Task<BlobPart> Open(string path, HubFile file, Action<long> advance, CancellationToken cancellation)
    {
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        var part = new BlobPart(file, stream, advance);
        try
        {
            if (stream.Length > file.Bytes) stream.SetLength(0);
            byte[] buffer = new byte[1 << 20];
            for (int read; (read = await stream.ReadAsync(buffer, cancellation)) > 0;) part.Count(buffer.AsSpan(0, read));
            part.Resumed = part.Bytes > 0;
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>Adds bytes at the end.</summary>
    public async Task Append(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await _stream.WriteAsync(bytes, cancellation);
        Count(bytes.Span);
    }

    /// <summary>Drops what is there.</summary>
    public void Restart()
    {
        _advance(-Bytes);
        (Bytes, Resumed) = (0, false);
        _stream.SetLength(0);
        _stream.Position = 0;
        _hashed.Dispose();
        _hashed = _file.Hash!.Start(_file.Bytes!.Value);
    }

    /// <summary>Whether the whole has the file's hash; to be asked once.</summary>
    public bool IsGenuine(out string found) => _file.Hash!.Is(_hashed, out found);

    /// <summary>Makes sure that the disk has it.</summary>
    public void Flush() => _stream.Flush(flushToDisk: true);

    public void Dispose()
    {
        _hashed.Dispose();
        _stream.Dispose();
    }

    void Count(ReadOnlySpan<byte> bytes)
    {
        _hashed.AppendData(bytes);
        Bytes += bytes.Length;
        _advance(bytes.Length);
    }
}
