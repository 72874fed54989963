namespace Castalia.Checkpoints;

/// <summary>Bytes of a mapped file that may be read ahead and let go again.</summary>
/// <param name="File">The file.</param>
/// <param name="Start">First byte.</param>
/// <param name="Length">Bytes.</param>
sealed record FileRange(MappedFile File, long Start, long Length)
{
    /// <summary>A part of it, as far as it reaches.</summary>
    public FileRange Slice(long start, long length) => new(File, Start + start, Math.Min(length, Length - start));

    /// <summary>The range in pieces, in order.</summary>
    public IEnumerable<FileRange> Pieces(long length)
    {
        for (long at = 0; at < Length; at += length) yield return Slice(at, length);
    }

    /// <summary>Copies bytes from a place in it.</summary>
    public void Copy(long start, Span<byte> destination)
    {
        if (start < 0 || destination.Length > Length - start)
            throw new ArgumentOutOfRangeException(nameof(start), $"{destination.Length} bytes from {start} of {Length}.");
        File.Copy(Start + start, destination);
    }

    /// <summary>Begins to read it into the file cache.</summary>
    public void ReadAhead() => File.ReadAhead(Start, Length);

    /// <summary>Maps its pages at once, for those who read them again and again.</summary>
    public void Populate() => File.Populate(Start, Length);

    /// <summary>Takes its pages out of the process; reading them again brings them back.</summary>
    public void Drop() => File.Drop(Start, Length);
}
