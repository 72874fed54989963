using System.Security.Cryptography;

namespace Castalia.Checkpoints;

/// <summary>SHA-256 of files, lower-case hexadecimal.</summary>
static class Sha256
{
    const int Chunk = 1 << 20;

    /// <summary>Of a file's bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    public static string OfFile(string path, CancellationToken cancellation) => OfFile(path, read: null, slices: null, inParallel: false, cancellation, out _);

    /// <summary>Of a file's bytes, and how many they are; of a link, those it leads to. Tells each mebibyte's length when it is hashed.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Told each length; may be null.</param>
    /// <param name="slices">Given the same bytes in order; may be null.</param>
    /// <param name="inParallel">Whether those are hashed by another thread meanwhile.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <param name="bytes">How many there were.</param>
    internal static string OfFile(string path, Action<int>? read, SliceHashes? slices, bool inParallel, CancellationToken cancellation, out long bytes)
    {
        bytes = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (InputFile.KindOf(path) is { } kind) throw CheckpointErrors.NotAnOrdinaryFile(path, kind);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        byte[] buffer = new byte[Math.Clamp(stream.CanSeek ? stream.Length : Chunk, 1, Chunk)]; // a mebibyte for each of many small files costs more than their hashes
        for (int length; (length = stream.Read(buffer)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            int now = length;
            var ofSlices = slices is not null && inParallel ? Task.Run(() => slices.Add(buffer.AsSpan(0, now)), CancellationToken.None) : null;
            hash.AppendData(buffer, 0, length);
            if (ofSlices is null) slices?.Add(buffer.AsSpan(0, length));
            ofSlices?.GetAwaiter().GetResult();
            bytes += length;
            read?.Invoke(length);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
