using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Castalia.Checkpoints;
using Castalia.Forward;

namespace Castalia.Runs;

/// <summary>Where every tensor that a model's arithmetic reads lies in its files, so that they can be hashed when the checkpoint is closed again.</summary>
/// <remarks>
/// The hash, <c>weights_sha256</c>, is the SHA-256 of a text: the line "castalia weights 1", then one line for each role of each block, those that
/// no block owns first, sorted by block, role (by name) and part: block or "-", role, part, type, shape as 3x4 and the SHA-256 of the tensor's
/// elements, row-major as stored, with a space between each and LF behind each line. A fused tensor, or one that serves as embedding and
/// unembedding, stands behind several roles and its hash in several lines. Neither a tensor's name nor its file's, nor the order in which
/// files hold tensors, nor what they hold besides, is in it.
/// </remarks>
sealed class WeightsLayout
{
    const string FirstLine = "castalia weights 1\n";

    sealed record Entry(string Block, string Role, int Part, string Type, string Shape, string Tensor);

    readonly string _checkpoint;
    readonly IReadOnlyList<Entry> _entries;
    readonly Dictionary<string, FileSlice> _slices = new(StringComparer.Ordinal);
    readonly List<string> _elsewhere = []; // PyTorch views whose elements do not lie in a row, or not in a file's mapping

    WeightsLayout(Checkpoint checkpoint, WeightMap weights)
    {
        _checkpoint = checkpoint.Path;
        _entries =
        [
            .. weights.Bound
                .OrderBy(bound => bound.Layer ?? -1).ThenBy(bound => bound.Role.ToString(), StringComparer.Ordinal).ThenBy(bound => bound.Part)
                .Select(bound => new Entry(
                    bound.Layer?.ToString(CultureInfo.InvariantCulture) ?? "-", bound.Role.ToString(), bound.Part, bound.Tensor.DType.ToString(),
                    string.Join('x', bound.Tensor.Shape), bound.Tensor.Name)),
        ];
        foreach (var tensor in weights.Bound.Select(bound => bound.Tensor).DistinctBy(tensor => tensor.Name))
        {
            if (tensor.IsContiguous && checkpoint.RangeOf(tensor) is { } range) _slices[tensor.Name] = new(range.File.Path, range.Start, tensor.ByteLength);
            else _elsewhere.Add(tensor.Name);
        }
    }

    /// <summary>Of an open checkpoint.</summary>
    public static WeightsLayout Of(Checkpoint checkpoint, WeightMap weights) => new(checkpoint, weights);

    /// <summary>What is to be hashed of the files.</summary>
    public IEnumerable<FileSlice> Slices => _slices.Values;

    /// <summary>Reads the files and hashes the weights.</summary>
    /// <param name="threads">Most files at a time.</param>
    /// <param name="progress">Told how far it has come, from any thread; may be null.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">A file is gone or cannot be read.</exception>
    public string Sha256(int threads, IProgress<HashProgress>? progress, CancellationToken cancellation) =>
        Sha256(FileHashes.Of(Slices.Select(slice => slice.Path), Slices, threads, progress, cancellation).Slices, cancellation);

    /// <summary>The hash of the weights, lower-case hexadecimal.</summary>
    /// <param name="slices">Hashes of <see cref="Slices"/>.</param>
    /// <param name="cancellation">Stops between rows of what does not lie in a row.</param>
    /// <exception cref="InputException">The checkpoint must be opened again for such tensors, and cannot be.</exception>
    public string Sha256(IReadOnlyDictionary<FileSlice, string> slices, CancellationToken cancellation)
    {
        var hashes = _slices.ToDictionary(slice => slice.Key, slice => slices[slice.Value], StringComparer.Ordinal);
        if (_elsewhere.Count > 0)
        {
            using var checkpoint = Checkpoint.Open(_checkpoint);
            foreach (string name in _elsewhere)
                hashes[name] = OfRows(checkpoint.Tensors.TryGetValue(name, out var tensor) ? tensor : throw CheckpointErrors.GoneMeanwhile(_checkpoint, name), cancellation);
        }
        var text = new StringBuilder(FirstLine);
        foreach (var e in _entries) text.Append(CultureInfo.InvariantCulture, $"{e.Block} {e.Role} {e.Part} {e.Type} {e.Shape} {hashes[e.Tensor]}\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    static string OfRows(Tensor tensor, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        int size = tensor.DType.Block().Bytes;
        byte[] elements = new byte[checked((int)Math.Min(1 << 16, tensor.Columns)) * size];
        for (long row = 0; row < tensor.Rows; row++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (long at = 0; at < tensor.Columns; at += elements.Length / size)
            {
                var part = elements.AsSpan(0, (int)Math.Min(elements.Length / size, tensor.Columns - at) * size);
                tensor.CopyRow(row, at, part);
                hash.AppendData(part);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
