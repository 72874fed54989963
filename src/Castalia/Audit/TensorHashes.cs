using System.Security.Cryptography;
using System.Text;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Forward;
using Castalia.Runs;

namespace Castalia.Audit;

/// <summary>The tensors of one revision, each by its hash.</summary>
/// <param name="Name">What the revision is called.</param>
/// <param name="Step">Training step it is said to be of; null for none.</param>
/// <param name="Tensors">Every tensor of the checkpoint, by name.</param>
sealed record TensorHashes(string Name, long? Step, IReadOnlyList<TensorHash> Tensors)
{
    const int Chunk = 1 << 20;

    /// <summary>SHA-256 of the identities of all weights, by name: equal for revisions that hold the same weights, however they are stored.</summary>
    public string WeightsSha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        "castalia tensors 1\n" + string.Concat(Tensors.Where(tensor => tensor.IsWeight).OrderBy(tensor => tensor.Name, StringComparer.Ordinal).Select(tensor => tensor.Identity + "\n")))));

    /// <summary>Of a checkpoint: of every file whose tensors the cache does not know, each tensor is read once and hashed.</summary>
    /// <param name="name">What the revision is called.</param>
    /// <param name="step">Its training step; null for none.</param>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="cache">Where hashes are kept; null for nowhere.</param>
    /// <param name="threads">Most tensors at a time.</param>
    /// <param name="progress">Told after every mebibyte that is hashed, from any thread, one at a time; may be null.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">A file cannot be read, or changed while it was.</exception>
    public static TensorHashes Of(
        string name, long? step, Checkpoint checkpoint, HashCache? cache, int threads, IProgress<HashProgress>? progress, CancellationToken cancellation)
    {
        var weights = WeightMap.Outline(ArchitectureReader.Read(checkpoint), checkpoint).Tensors.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var byFile = checkpoint.Tensors.Values.GroupBy(tensor => tensor.File, StringComparer.Ordinal).Select(file => (File: FileIdentity.Of(file.Key), Tensors: file.ToArray())).ToArray();
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        var unknown = new List<(FileIdentity File, Tensor[] Tensors)>();
        foreach (var (file, tensors) in byFile)
        {
            if (cache?.Find(file, tensors) is { } known)
                foreach (var (tensor, sha256) in known) hashes[tensor] = sha256;
            else unknown.Add((file, tensors));
        }
        // Largest first: the last to be begun should not be the one that all wait for.
        Tensor[] all = [.. unknown.SelectMany(file => file.Tensors).OrderByDescending(tensor => tensor.ByteLength).ThenBy(tensor => tensor.Name, StringComparer.Ordinal)];
        string[] found = new string[all.Length];
        long done = 0, total = all.Sum(tensor => tensor.ByteLength);
        object reporting = new();
        using (var crew = new Crew(threads, cancellation))
        {
            crew.Run(all.Length, (at, _) => found[at] = Hash(all[at], checkpoint, Read, cancellation));
        }
        for (int at = 0; at < all.Length; at++) hashes[all[at].Name] = found[at];
        foreach (var (file, tensors) in unknown)
        {
            if (FileIdentity.Of(file.Path) != file) throw AuditErrors.ChangedMeanwhile(file.Path);
            cache?.Keep(file, tensors, hashes);
        }
        return new(name, step,
        [
            .. checkpoint.Tensors.Values.OrderBy(tensor => tensor.Name, StringComparer.Ordinal).Select(tensor => new TensorHash(
                tensor.Name, tensor.DType, tensor.Shape, Path.GetFileName(tensor.File), weights.Contains(tensor.Name), hashes[tensor.Name])),
        ]);

        void Read(int bytes)
        {
            lock (reporting)
            {
                done += bytes;
                progress?.Report(new(done, total));
            }
        }
    }

    static string Hash(Tensor tensor, Checkpoint checkpoint, Action<int> read, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] bytes = new byte[(int)Math.Min(Chunk, Math.Max(tensor.ByteLength, tensor.DType.Block().Bytes))];
        if (tensor.IsContiguous && checkpoint.RangeOf(tensor) is { } range)
        {
            for (long at = 0; at < tensor.ByteLength; at += bytes.Length) Add(range, at, bytes.AsSpan(0, (int)Math.Min(bytes.Length, tensor.ByteLength - at)));
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        int size = tensor.DType.Block().Bytes, step = Math.Max(1, bytes.Length / size);
        for (long row = 0; row < tensor.Rows; row++)
        {
            for (long column = 0; column < tensor.Columns; column += step)
            {
                cancellation.ThrowIfCancellationRequested();
                var part = bytes.AsSpan(0, (int)Math.Min(step, tensor.Columns - column) * size);
                tensor.CopyRow(row, column, part);
                hash.AppendData(part);
                read(part.Length);
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(FileRange from, long at, Span<byte> part)
        {
            cancellation.ThrowIfCancellationRequested();
            from.Copy(at, part);
            hash.AppendData(part);
            read(part.Length);
        }
    }
}
