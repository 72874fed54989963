using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Runs;

/// <summary>How far hashing has come.</summary>
/// <param name="Bytes">Bytes hashed.</param>
/// <param name="TotalBytes">Bytes in all.</param>
readonly record struct HashProgress(long Bytes, long TotalBytes);

/// <summary>A file's length and SHA-256.</summary>
/// <param name="Bytes">Length; of a link, of the file it leads to.</param>
/// <param name="Sha256">Lower-case hexadecimal.</param>
sealed record FileHash(long Bytes, string Sha256);

/// <summary>SHA-256 of the files of a run: several at a time, one to a thread, for a hash cannot be parted.</summary>
static class FileHashes
{
    /// <summary>Hashes each file once.</summary>
    /// <param name="paths">The files; the same may be named twice.</param>
    /// <param name="threads">Most files at a time.</param>
    /// <param name="progress">Told after every mebibyte, from any thread, one at a time; may be null.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">A file is gone or cannot be read.</exception>
    public static IReadOnlyDictionary<string, FileHash> Of(
        IEnumerable<string> paths, int threads, IProgress<HashProgress>? progress, CancellationToken cancellation) =>
        Of(paths, [], threads, progress, cancellation).Files;

    /// <summary>Hashes each file once, and parts of them from the same bytes: nothing is read twice.</summary>
    /// <param name="paths">The files; the same may be named twice.</param>
    /// <param name="slices">Parts of these files, which may overlap; the same may be named twice.</param>
    /// <param name="threads">Most files at a time; where there are fewer, a file's parts are hashed by a second thread.</param>
    /// <param name="progress">Told after every mebibyte, from any thread, one at a time; may be null.</param>
    /// <param name="cancellation">Stops between mebibytes.</param>
    /// <exception cref="InputException">A file is gone, cannot be read, or has become shorter than a part of it reaches.</exception>
    public static (IReadOnlyDictionary<string, FileHash> Files, IReadOnlyDictionary<FileSlice, string> Slices) Of(
        IEnumerable<string> paths, IEnumerable<FileSlice> slices, int threads, IProgress<HashProgress>? progress, CancellationToken cancellation)
    {
        // Longest first: the last to be begun should not be the one that all wait for.
        var files = paths.Distinct(StringComparer.Ordinal).Select(path => (Path: path, Length: LengthOf(path))).OrderByDescending(file => file.Length).ToArray();
        var hashes = new FileHash[files.Length];
        var parts = slices.ToLookup(slice => slice.Path, StringComparer.Ordinal);
        var ofParts = new Dictionary<FileSlice, string>();
        long total = files.Sum(file => file.Length), done = 0;
        int next = -1;
        object reporting = new();
        var workers = Enumerable.Range(0, Math.Min(threads, files.Length)).Select(i => new Ahead<bool>($"castalia hash {i}", Work)).ToList();
        foreach (var worker in workers) worker.Dispose();
        foreach (var worker in workers) worker.Result();
        return (files.Select((file, i) => (file.Path, Hash: hashes[i])).ToDictionary(pair => pair.Path, pair => pair.Hash, StringComparer.Ordinal), ofParts);

        bool Work()
        {
            for (int i; (i = Interlocked.Increment(ref next)) < files.Length;) hashes[i] = Hash(files[i].Path);
            return true;
        }

        FileHash Hash(string path)
        {
            try
            {
                if (!parts.Contains(path)) return Whole(path);
                using var ofSlices = new SliceHashes(parts[path]);
                string sha256 = Sha256.OfFile(path, Read, ofSlices, 2 * parts.Count <= threads, cancellation, out long bytes);
                var found = ofSlices.Result() ?? throw CheckpointErrors.Shortened(path, parts[path].Max(slice => slice.Start + slice.Length), bytes);
                lock (ofParts)
                {
                    foreach (var (slice, hash) in found) ofParts[slice] = hash;
                }
                return new(bytes, sha256);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw CheckpointErrors.CannotOpen(path, e);
            }
        }

        FileHash Whole(string path)
        {
            string sha256 = Sha256.OfFile(path, Read, null, inParallel: false, cancellation, out long bytes);
            return new(bytes, sha256);
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
