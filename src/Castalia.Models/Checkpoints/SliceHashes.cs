using System.Security.Cryptography;

namespace Castalia.Checkpoints;

/// <summary>SHA-256 of parts of one file, taken as its bytes pass from first to last; parts may overlap.</summary>
sealed class SliceHashes : IDisposable
{
    readonly FileSlice[] _slices; // by their beginning
    readonly Dictionary<FileSlice, string> _hashes = [];
    readonly List<(FileSlice Slice, IncrementalHash Hash)> _open = [];
    long _at;
    int _next;

    /// <param name="slices">Parts of one file.</param>
    public SliceHashes(IEnumerable<FileSlice> slices) => _slices = [.. slices.Distinct().OrderBy(slice => slice.Start).ThenBy(slice => slice.Length)];

    /// <summary>Takes the next bytes of the file.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        long end = _at + bytes.Length;
        for (; _next < _slices.Length && _slices[_next].Start < end; _next++) _open.Add((_slices[_next], IncrementalHash.CreateHash(HashAlgorithmName.SHA256)));
        for (int i = _open.Count - 1; i >= 0; i--)
        {
            var (slice, hash) = _open[i];
            long from = Math.Max(slice.Start, _at), to = Math.Min(slice.Start + slice.Length, end);
            if (to > from) hash.AppendData(bytes[(int)(from - _at)..(int)(to - _at)]);
            if (slice.Start + slice.Length > end) continue;
            _hashes[slice] = Convert.ToHexStringLower(hash.GetHashAndReset());
            hash.Dispose();
            _open.RemoveAt(i);
        }
        _at = end;
    }

    /// <summary>The hashes; null where the file ended before all of them did.</summary>
    public IReadOnlyDictionary<FileSlice, string>? Result() => _hashes.Count == _slices.Length ? _hashes : null;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, hash) in _open) hash.Dispose();
    }
}
