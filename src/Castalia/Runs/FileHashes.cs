using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Runs;

/// <summary>How far hashing has come.</summary>
/// <param name="Bytes">Bytes hashed.</param>
/// <param name="TotalBytes">Bytes in all.</param>
public readonly record struct HashProgress(long Bytes, long TotalBytes);

/// <summary>A file's length and SHA-256.</summary>
/// <param name="Bytes">Length; of a link, of the file it leads to.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
public sealed record FileHash(long Bytes, string Sha256);

/// <summary>SHA-256 of the files of a run: several at a time, one to a thread, for a hash cannot be parted.</summary>
public static class FileHashes
{
    /// <summary>Hashes each file once.</summary>
    /// <param name="paths">The files; the same may be named twice.</param>
    /// <param name="threads">Most files at a time.</param>
    /// <param name="progress">Told after every mebibyte, from any thread, one at a time; may be null.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">A file is gone or cannot be read.</exception>
    public static IReadOnlyDictionary<string, FileHash> Of(
        IEnumerable<string> paths, int threads, IProgress<HashProgress>? progress, CancellationToken cancellation)
    {
        // Longest first: the last to be begun should not be the one that all wait for.
        var files = paths.Distinct(StringComparer.Ordinal).Select(path => (Path: path, Length: LengthOf(path))).OrderByDescending(file => file.Length).ToArray();
        var hashes = new FileHash[files.Length];
        long total = files.Sum(file => file.Length), done = 0;
        int next = -1;
        object reporting = new();
        var workers = Enumerable.Range(0, Math.Min(threads, files.Length)).Select(i => new Ahead<bool>($"castalia hash {i}", Work)).ToList();
        foreach (var worker in workers) worker.Dispose();
        foreach (var worker in workers) worker.Result();
        return files.Select((file, i) => (file.Path, Hash: hashes[i])).ToDictionary(pair => pair.Path, pair => pair.Hash, StringComparer.Ordinal);

        bool Work()
        {
            for (int i; (i = Interlocked.Increment(ref next)) < files.Length;) hashes[i] = Hash(files[i].Path);
            return true;
        }

        FileHash Hash(string path)
        {
            try
            {
                string sha256 = Sha256.OfFile(path, Read, cancellation, out long bytes);
                return new(bytes, sha256);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw CheckpointErrors.CannotOpen(path, e);
            }
        }

        void Read(int bytes)
        {
            lock (reporting)
            {
                done += bytes;
                progress?.Report(new(done, total));
            }
        }
    }

    static long LengthOf(string path)
    {
        try
        {
            using var file = InputFile.Open(path); // of a link, what it leads to
            return file.Length;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CheckpointErrors.CannotOpen(path, e);
        }
    }
}
