using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Hub;

/// <summary>Where on the hub a checkpoint came from.</summary>
/// <param name="Repository">"owner/name".</param>
/// <param name="Revision">The branch, tag or commit that was asked for.</param>
/// <param name="Commit">The commit it stands for in the cache.</param>
sealed record HubOrigin(string Repository, string Revision, string Commit);

/// <summary>What is to be read at a checkpoint.</summary>
enum Wanted
{
    /// <summary>The weights, with what describes them.</summary>
    Weights,

    /// <summary>The tokenizer, for which weights need not be there.</summary>
    Tokenizer,
}

/// <summary>What a person named as a checkpoint: a path, or a model in the hub's cache.</summary>
/// <param name="Path">The folder or GGUF file on disk.</param>
/// <param name="Name">What it is called: the path, or "owner/name@revision" with no slash in the revision.</param>
/// <param name="Hub">Where on the hub it came from; null for a path.</param>
sealed record CheckpointSource(string Path, string Name, HubOrigin? Hub)
{
    /// <summary>Finds a checkpoint; nothing is fetched. A path that exists is that path, else the name is looked for in the cache.</summary>
    /// <param name="named">What was named; a path that neither exists nor can be a model's name is left to whoever opens it.</param>
    /// <param name="wanted">What will be read there.</param>
    /// <param name="cache">Gives the cache, if it is needed.</param>
    /// <exception cref="InputException">It is not in the cache, or not whole there.</exception>
    public static CheckpointSource Find(string named, Wanted wanted, Func<HubCache> cache)
    {
        if (System.IO.Path.Exists(named)) return InRepositoryFolder(named, wanted) ?? new(named, named, null);
        if (!HubAddress.TryParse(named, out var address)) return new(named, named, null);
        return Find(address, wanted, cache()) ?? throw HubErrors.NotInCache(named, address, cache());
    }

    /// <summary>What the folder of a repository in a cache stands for: its main branch, or the only commit there is; null for any other path.</summary>
    /// <exception cref="InputException">None, or several.</exception>
    static CheckpointSource? InRepositoryFolder(string named, Wanted wanted)
    {
        if (HubCache.OwnerOf(named) is not var (cache, repository) || File.Exists(System.IO.Path.Combine(named, NeededFiles.Config))) return null;
        var commits = cache.Commits(repository);
        bool isMain = cache.Commit(repository, HubAddress.DefaultRevision) is { } main && commits.Contains(main);
        string revision = isMain ? HubAddress.DefaultRevision
            : commits.Count == 1 ? commits[0]
            : throw HubErrors.WhichCommit(named, commits);
        return HubAddress.TryParse($"{repository}@{revision}", out var address) ? Find(address, wanted, cache) : null;
    }

    /// <summary>Finds a model in the cache; null where the cache does not know the revision.</summary>
    /// <exception cref="InputException">Part of it is missing.</exception>
    internal static CheckpointSource? Find(HubAddress address, Wanted wanted, HubCache cache)
    {
        if (cache.Commit(address.Repository, address.Revision) is not { } commit) return null;
        string snapshot = cache.Snapshot(address.Repository, commit);
        if (!Directory.Exists(snapshot)) return null;
        var names = cache.SnapshotNames(address.Repository, commit);
        string? file = FileIn(snapshot, names, address, wanted);
        string name = $"{address with { Revision = address.Revision.Replace('/', '-') }}";
        return new(file is null ? snapshot : System.IO.Path.Combine(snapshot, file), name, new(address.Repository, address.Revision, commit));
    }

    /// <summary>The GGUF file that is meant, after making sure that it is there; null for the folder, after making sure that it is whole.</summary>
    static string? FileIn(string snapshot, IReadOnlyList<string> names, HubAddress address, Wanted wanted)
    {
        bool Whole(string name) => HubCache.LengthOf(System.IO.Path.Combine(snapshot, name)) is not null;
        if (address.File is { } file)
            return Whole(file) ? file : throw HubErrors.IncompleteInCache(address, [file], snapshot);
        var gguf = NeededFiles.Gguf(names);
        if (NeededFiles.WeightsOrIndex(names) is not { } weights)
        {
            if (wanted == Wanted.Tokenizer && Whole("tokenizer.json")) return null;
            if (gguf.Count > 1) throw HubErrors.WhichGguf(address, gguf, snapshot);
            if (gguf.Count == 1) return Whole(gguf[0]) ? gguf[0] : throw HubErrors.IncompleteInCache(address, gguf, snapshot);
            if (names.Contains(Adapters.ConfigName)) return null; // whoever opens it says what it is
            throw HubErrors.IncompleteInCache(address, ["the weights"], snapshot);
        }
        if (wanted == Wanted.Tokenizer) return null;
        string[] needed = NeededFiles.IsIndex(weights) && Whole(weights)
            ? [NeededFiles.Config, weights, .. NeededFiles.Shards(System.IO.Path.Combine(snapshot, weights))]
            : [NeededFiles.Config, weights];
        string[] missing = [.. needed.Where(name => !Whole(name))];
        return missing.Length == 0 ? null : throw HubErrors.IncompleteInCache(address, missing, snapshot);
    }
}
