using Castalia.Errors;
using Castalia.Hub;

namespace Castalia.Sweeps;

/// <summary>Checkpoints for the cells at hand: from a path, from the hub's cache, or fetched and dropped again.</summary>
/// <remarks>What is in the cache already stays there; what is fetched lies in a folder of this process's own and is dropped when no cell that is waiting needs it, or when room is needed.</remarks>
/// <param name="fetched">The folder of this process.</param>
/// <param name="settings">Hub and cache.</param>
/// <param name="most">Bytes that fetched checkpoints may take at a time; null for any.</param>
/// <param name="isNeeded">Whether a cell waits for a checkpoint.</param>
/// <param name="say">Told of fetching and waiting.</param>
sealed class CheckpointSupply(string fetched, Func<HubSettings> settings, long? most, Func<SweepCheckpoint, bool> isNeeded, Action<string> say) : IDisposable
{
    sealed record Held(string Folder, long Bytes, CheckpointSource Source)
    {
        public int Users { get; set; }
    }

    readonly Dictionary<string, Held> _held = new(StringComparer.Ordinal);
    readonly Lock _fetching = new(), _several = new();
    readonly object _turn = new();

    /// <summary>A checkpoint, until it is returned.</summary>
    /// <exception cref="InputException">It is not there, or cannot be had.</exception>
    public CheckpointSource Take(SweepCheckpoint checkpoint, CancellationToken cancellation) => Take(checkpoint, [], cancellation);

    /// <summary>Several at once, each until it is returned.</summary>
    /// <param name="checkpoints">Which.</param>
    /// <param name="taken">Those that were taken, also where another then is not there.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="InputException">One is not there, or they do not fit in the room together.</exception>
    public IReadOnlyList<CheckpointSource> TakeAll(IReadOnlyList<SweepCheckpoint> checkpoints, List<SweepCheckpoint> taken, CancellationToken cancellation)
    {
        // One at a time: of two that have a part each and wait for the other's room neither would go on.
        lock (_several)
        {
            List<CheckpointSource> sources = [];
            foreach (var checkpoint in checkpoints)
            {
                sources.Add(Take(checkpoint, taken, cancellation));
                taken.Add(checkpoint);
            }
            return sources;
        }
    }

    CheckpointSource Take(SweepCheckpoint checkpoint, IReadOnlyList<SweepCheckpoint> with, CancellationToken cancellation)
    {
        if (!checkpoint.IsHub) return CheckpointSource.Find(checkpoint.Named, Wanted.Weights, () => new(settings().CacheFolder));
        lock (_fetching)
        {
            lock (_turn)
            {
                if (_held.TryGetValue(checkpoint.Named, out var there))
                {
                    there.Users++;
                    return there.Source;
                }
            }
            return InCache(checkpoint) ?? Fetched(checkpoint, with, cancellation);
        }
    }

    /// <summary>Gives it back.</summary>
    public void Return(SweepCheckpoint checkpoint)
    {
        lock (_turn)
        {
            if (!_held.TryGetValue(checkpoint.Named, out var held)) return;
            if (--held.Users == 0 && !isNeeded(checkpoint)) Drop(checkpoint.Named);
            Monitor.PulseAll(_turn);
        }
    }

    /// <summary>Drops everything.</summary>
    public void Dispose() => Remove(fetched);

    CheckpointSource? InCache(SweepCheckpoint checkpoint)
    {
        try
        {
            return CheckpointSource.Find(HubAddress.Parse(checkpoint.Named), Wanted.Weights, new(settings().CacheFolder));
        }
        catch (InputException)
        {
            return null; // part of it is missing there
        }
    }

    CheckpointSource Fetched(SweepCheckpoint checkpoint, IReadOnlyList<SweepCheckpoint> with, CancellationToken cancellation)
    {
        string folder = Path.Combine(fetched, checkpoint.Named.Replace('/', '-'));
        long bytes = 0;
        try
        {
            var pulled = HubPull.Take(HubAddress.Parse(checkpoint.Named), settings() with { CacheFolder = folder }, say, progress: null, cancellation, missing =>
            {
                bytes = missing;
                MakeRoom(checkpoint, missing, with, cancellation);
                say(FormattableString.Invariant($"fetching {checkpoint.Named}, {missing / 1e6:0.#} MB"));
            }).GetAwaiter().GetResult();
            var source = CheckpointSource.Find(HubAddress.Parse(checkpoint.Named), Wanted.Weights, new(folder)) ?? new(pulled.Path, checkpoint.Named, pulled.Origin);
            lock (_turn) _held[checkpoint.Named] = new(folder, bytes, source) { Users = 1 };
            return source;
        }
        catch
        {
            Remove(folder);
            throw;
        }
    }

    void MakeRoom(SweepCheckpoint checkpoint, long bytes, IReadOnlyList<SweepCheckpoint> with, CancellationToken cancellation)
    {
        if (most is not { } limit) return;
        lock (_turn)
        {
            long together = bytes + with.Sum(one => _held.TryGetValue(one.Named, out var held) ? held.Bytes : 0);
            if (bytes <= limit && together > limit) throw SweepErrors.BeyondDiskTogether(checkpoint.Named, together, limit);
            while (_held.Values.Sum(held => held.Bytes) + bytes > limit)
            {
                cancellation.ThrowIfCancellationRequested();
                if (bytes > limit) throw SweepErrors.BeyondDisk(checkpoint.Named, bytes, limit);
                if (_held.FirstOrDefault(held => held.Value.Users == 0).Key is { } unused) Drop(unused);
                else Monitor.Wait(_turn, TimeSpan.FromMilliseconds(200));
            }
        }
    }

    void Drop(string named)
    {
        Remove(_held[named].Folder);
        _held.Remove(named);
    }

    static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            if (Path.GetDirectoryName(folder) is { } parent && Directory.Exists(parent) && !Directory.EnumerateFileSystemEntries(parent).Any()) Directory.Delete(parent);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It goes with its owner.
        }
    }
}
