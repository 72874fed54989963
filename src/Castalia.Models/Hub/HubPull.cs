using System.Buffers.Binary;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Machine;

namespace Castalia.Hub;

/// <summary>How far a pull has come.</summary>
/// <param name="File">The file at hand.</param>
/// <param name="Files">Files that are whole in the cache.</param>
/// <param name="TotalFiles">Files that are needed.</param>
/// <param name="Bytes">Bytes of them that are in the cache.</param>
/// <param name="TotalBytes">Their bytes.</param>
readonly record struct PullProgress(string File, int Files, int TotalFiles, long Bytes, long TotalBytes);

/// <summary>One file of a model in the cache.</summary>
/// <param name="Name">Its path in the repository.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Hash">Its hash.</param>
/// <param name="Received">Bytes of it that came over the network this time.</param>
sealed record PulledFile(string Name, long Bytes, BlobHash Hash, long Received);

/// <summary>A model in the cache.</summary>
/// <param name="Origin">Where it came from.</param>
/// <param name="Path">The folder, or the GGUF file.</param>
/// <param name="Files">The files that are needed; empty where nobody was asked which these are.</param>
sealed record Pulled(HubOrigin Origin, string Path, IReadOnlyList<PulledFile> Files);

/// <summary>Fetches what the cache has not of a model: only the files a measurement needs, each verified by length and hash.</summary>
sealed class HubPull
{
    readonly HubSettings _settings;
    readonly HubCache _cache;
    readonly HubAddress _address;
    readonly HubClient _client;
    readonly Action<string> _say;
    readonly Action<long>? _admit;

    HubPull(HubAddress address, HubSettings settings, HubClient client, Action<string> say, Action<long>? admit = null) =>
        (_address, _settings, _cache, _client, _say, _admit) = (address, settings, new HubCache(settings.CacheFolder), client, say, admit);

    /// <summary>Fetches a model. Offline, makes sure that it is in the cache.</summary>
    /// <param name="address">The model.</param>
    /// <param name="settings">Hub and cache.</param>
    /// <param name="say">Told of waits and further attempts.</param>
    /// <param name="progress">Told of every piece; may be null.</param>
    /// <param name="cancellation">Leaves parts for the next time.</param>
    /// <param name="admit">Told, before anything large is fetched, how many bytes are missing, and may make room or refuse; may be null.</param>
    /// <exception cref="InputException">It cannot be had, or cannot be kept.</exception>
    public static async Task<Pulled> Take(
        HubAddress address, HubSettings settings, Action<string> say, IProgress<PullProgress>? progress, CancellationToken cancellation, Action<long>? admit = null)
    {
        if (settings.Offline)
            return CheckpointSource.Find(address, Wanted.Weights, new(settings.CacheFolder)) is { } found
                ? new(found.Hub!, found.Path, []) : throw HubErrors.Offline(address, settings.CacheFolder);
        using var client = new HubClient(settings);
        try
        {
            return await new HubPull(address, settings, client, say, admit).Take(progress, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw HubErrors.CacheUnwritable(settings.CacheFolder, e);
        }
    }

    /// <summary>Asks what a pull would fetch, and fetches no weights: of safetensors files the headers, and what describes the model.</summary>
    /// <param name="address">The model.</param>
    /// <param name="settings">Hub and cache. Nothing is written to the cache.</param>
    /// <param name="scratch">An empty folder for what is fetched.</param>
    /// <param name="say">Told of waits and further attempts.</param>
    /// <param name="cancellation">Stops between requests.</param>
    /// <exception cref="InputException">The hub refuses, or cannot be reached.</exception>
    public static async Task<HubSurvey> Survey(HubAddress address, HubSettings settings, string scratch, Action<string> say, CancellationToken cancellation)
    {
        var apart = settings with { CacheFolder = scratch };
        using var client = new HubClient(apart);
        try
        {
            return await new HubPull(address, apart, client, say).Survey(new HubCache(settings.CacheFolder), cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw HubErrors.ScratchUnwritable(scratch, e);
        }
    }

    async Task<HubSurvey> Survey(HubCache cache, CancellationToken cancellation)
    {
        var listing = await Attempted(() => _client.List(_address, cancellation), cancellation);
        var transfer = new BlobTransfer(_client, _cache, _settings, _address, listing.Commit, _say);
        var needed = await Needed(listing, transfer, [], cancellation);
        var survey = new HubSurvey(
            new(_address.Repository, _address.Revision, listing.Commit), [.. needed.Select(file => new SurveyedFile(file.Name, file.Bytes!.Value, Missing(cache, file)))], null);
        var described = needed.Where(file => !HoldsWeights(file.Name)).ToList();
        var weights = needed.Where(file => HoldsWeights(file.Name)).ToList();
        if (!weights.All(file => IsSafetensors(file.Name)) || described.Sum(file => file.Bytes!.Value) > LargestDescription) return survey;
        foreach (var file in described)
        {
            if (!IsPresent(listing.Commit, file)) await transfer.Fetch(file, _ => { }, cancellation);
            Show(listing.Commit, file);
        }
        string snapshot = _cache.Snapshot(_address.Repository, listing.Commit);
        foreach (var file in weights)
            if (!await Attempted(() => Outline(listing.Commit, file, Path.Combine(snapshot, file.Name), cancellation), cancellation)) return survey;
        return survey with { Outline = snapshot };
    }

    /// <summary>Writes a file with the header of a safetensors file and, in place of its data, a hole. False where the disk has no holes and no room.</summary>
    async Task<bool> Outline(string commit, HubFile file, string path, CancellationToken cancellation)
    {
        using var reply = await _client.Open(_address, commit, file.Name, from: 0, cancellation);
        await using var body = await _client.Timed(reply.Response.Content.ReadAsStreamAsync, reply.Place, cancellation);
        byte[] buffer = new byte[1 << 16];
        await Receive(SafetensorsFile.LengthBytes);
        // A header that cannot be is left for the reader of such files to refuse.
        ulong stated = BinaryPrimitives.ReadUInt64LittleEndian(buffer);
        long rest = stated > SafetensorsFile.LargestHeader ? 0 : Math.Min((long)stated, file.Bytes!.Value - SafetensorsFile.LengthBytes);
        using var outline = File.Create(path);
        await outline.WriteAsync(buffer.AsMemory(0, SafetensorsFile.LengthBytes), cancellation);
        for (; rest > 0; rest -= buffer.Length)
        {
            int piece = (int)Math.Min(rest, buffer.Length);
            await Receive(piece);
            await outline.WriteAsync(buffer.AsMemory(0, piece), cancellation);
        }
        try
        {
            outline.SetLength(file.Bytes!.Value);
            return true;
        }
        catch (IOException)
        {
            return false;
        }

        Task<bool> Receive(int bytes) => _client.Timed(
            async token =>
            {
                await body.ReadExactlyAsync(buffer.AsMemory(0, bytes), token);
                return true;
            }, reply.Place, cancellation);
    }

    const long LargestDescription = 256L << 20; // config, tokenizer and index

    static bool HoldsWeights(string name) => Array.Exists([".safetensors", ".bin", ".gguf"], end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    static bool IsSafetensors(string name) => name.EndsWith(".safetensors", StringComparison.Ordinal);

    async Task<Pulled> Take(IProgress<PullProgress>? progress, CancellationToken cancellation)
    {
        var listing = await Attempted(() => _client.List(_address, cancellation), cancellation);
        var transfer = new BlobTransfer(_client, _cache, _settings, _address, listing.Commit, _say);
        var received = new Dictionary<string, long>();
        var needed = await Needed(listing, transfer, received, cancellation);
        CheckRoom(needed);

        int whole = 0;
        long bytes = 0, total = needed.Sum(file => file.Bytes!.Value);
        foreach (var file in needed)
        {
            void Advance(long more) => progress?.Report(new(file.Name, whole, needed.Count, bytes += more, total));
            if (IsPresent(listing.Commit, file)) Advance(file.Bytes!.Value);
            else received[file.Name] = await transfer.Fetch(file, Advance, cancellation);
            Show(listing.Commit, file);
            whole++;
            Advance(0);
        }
        // Last, so that a branch is never at a commit of which half is there.
        _cache.Remember(_address.Repository, _address.Revision, listing.Commit);
        string snapshot = _cache.Snapshot(_address.Repository, listing.Commit);
        bool gguf = needed is [{ Name: var only }] && only.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);
        return new(
            new(_address.Repository, _address.Revision, listing.Commit),
            gguf ? Path.Combine(snapshot, needed[0].Name) : snapshot,
            [.. needed.Select(file => new PulledFile(file.Name, file.Bytes!.Value, file.Hash!, received.GetValueOrDefault(file.Name)))]);
    }

    /// <summary>The files a measurement needs, with lengths and hashes; an index of shards is fetched to know them.</summary>
    async Task<IReadOnlyList<HubFile>> Needed(
        HubListing listing, BlobTransfer transfer, Dictionary<string, long> received, CancellationToken cancellation)
    {
        var names = listing.Files.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        Task<HubFile> Known(string name) => Describe(listing, name, cancellation);
        if (_address.File is { } named)
            return names.Contains(named) ? [await Known(named)] : throw HubErrors.NoSuchGguf(_address, NeededFiles.Gguf(names));
        if (NeededFiles.WeightsOrIndex(names) is not { } weights)
        {
            return NeededFiles.Gguf(names) switch
            {
                [var only] => [await Known(only)],
                [] => throw HubErrors.NoWeights(_address, listing.Commit, names),
                var several => throw HubErrors.WhichGguf(_address, several, $"{_settings.Endpoint}{_address.Repository}"),
            };
        }
        if (!names.Contains(NeededFiles.Config)) throw HubErrors.NoConfig(_address, listing.Commit);
        List<string> wanted = [.. NeededFiles.Described(names), weights];
        if (NeededFiles.IsIndex(weights))
        {
            var index = await Known(weights);
            if (!IsPresent(listing.Commit, index)) received[index.Name] = await transfer.Fetch(index, _ => { }, cancellation);
            var shards = NeededFiles.Shards(Show(listing.Commit, index));
            if (shards.FirstOrDefault(shard => !names.Contains(shard)) is { } missing) throw HubErrors.ShardNotThere(_address, weights, missing);
            wanted.AddRange(shards);
        }
        var files = new List<HubFile>();
        foreach (string name in wanted) files.Add(await Known(name));
        return files;
    }

    /// <summary>A file whose name is safe and whose length and hash are known; asks the hub where its listing does not tell them.</summary>
    async Task<HubFile> Describe(HubListing listing, string name, CancellationToken cancellation)
    {
        if (HubFileNames.WhyUnsafe(name) is { } why) throw HubErrors.UnsafeName(_address, HubFileNames.Printable(name), why);
        var file = listing.Files.First(file => file.Name == name);
        return file is { Bytes: not null, Hash: not null }
            ? file : await Attempted(() => _client.Describe(_address, listing.Commit, name, cancellation), cancellation);
    }

    /// <summary>Whether the cache has a file: as a blob, or in the snapshot itself on a disk without links.</summary>
    bool IsPresent(string commit, HubFile file) =>
        HubCache.LengthOf(_cache.Blob(_address.Repository, file.Hash!)) == file.Bytes || IsInSnapshot(commit, file);

    bool IsInSnapshot(string commit, HubFile file)
    {
        string path = Path.Combine(_cache.Snapshot(_address.Repository, commit), file.Name);
        return new FileInfo(path).LinkTarget is null && HubCache.LengthOf(path) == file.Bytes;
    }

    /// <summary>Puts a present file into the snapshot; returns its path there.</summary>
    string Show(string commit, HubFile file) => IsInSnapshot(commit, file)
        ? Path.Combine(_cache.Snapshot(_address.Repository, commit), file.Name)
        : _cache.Link(_address.Repository, commit, file.Name, file.Hash!);

    /// <summary>Refuses, before anything is fetched, what the disk has no room for.</summary>
    void CheckRoom(IReadOnlyList<HubFile> needed)
    {
        long missing = needed.Sum(file => Missing(_cache, file));
        _admit?.Invoke(missing);
        Directory.CreateDirectory(_settings.CacheFolder);
        if (DiskRoom.Bytes(_settings.CacheFolder) is { } room && missing > room) throw HubErrors.NoRoom(_settings.CacheFolder, missing, room);
    }

    /// <summary>Bytes of a file that a cache has not.</summary>
    long Missing(HubCache cache, HubFile file) => HubCache.LengthOf(cache.Blob(_address.Repository, file.Hash!)) == file.Bytes ? 0
        : Math.Max(0, file.Bytes!.Value - (HubCache.LengthOf(cache.Part(_address.Repository, file.Hash!)) ?? 0));

    Task<T> Attempted<T>(Func<Task<T>> attempt, CancellationToken cancellation) => new Attempts(_settings, _say).Until(attempt, cancellation);
}
