using System.Text;
using Castalia.Checkpoints;

namespace Castalia.Hub;

/// <summary>The cache that Hugging Face tools keep: for each repository the contents by hash (<c>blobs</c>), a folder of links for each commit
/// (<c>snapshots</c>), and the commit each branch or tag was last seen at (<c>refs</c>).</summary>
/// <remarks>Layout: https://huggingface.co/docs/huggingface_hub/guides/manage-cache.</remarks>
/// <param name="Folder">The cache's folder; need not exist.</param>
sealed record HubCache(string Folder)
{
    /// <summary>The folder of a repository: "models--owner--name".</summary>
    public string Repository(string repository) => Path.Combine(Folder, RepositoryName(repository));

    /// <summary>The folder that shows a repository as it is at a commit.</summary>
    public string Snapshot(string repository, string commit) => Path.Combine(Repository(repository), "snapshots", commit);

    /// <summary>Where contents lie once they are whole and verified.</summary>
    public string Blob(string repository, BlobHash hash) => Path.Combine(Repository(repository), "blobs", hash.Hex);

    /// <summary>Where contents are gathered until then.</summary>
    public string Part(string repository, BlobHash hash) => Blob(repository, hash) + ".incomplete";

    /// <summary>The file that is locked by whoever gathers them.</summary>
    public string Lock(string repository, BlobHash hash) => Path.Combine(Folder, ".locks", RepositoryName(repository), $"{hash.Hex}.lock");

    /// <summary>Bytes of a file, of what it links to if it is a link; null where there is none, 0 where it is no ordinary file.</summary>
    public static long? LengthOf(string path)
    {
        if (InputFile.KindOf(path) is not null) return 0; // opening a named pipe would wait for a writer
        try
        {
            using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
            return RandomAccess.GetLength(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
        {
            return null; // File.Exists would be content with a link that leads nowhere; no file has a name longer than names can be
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw HubErrors.CacheUnreadable(path, e);
        }
    }

    /// <summary>The commit a revision stands for; null where the cache does not know it.</summary>
    public string? Commit(string repository, string revision)
    {
        string file = Reference(repository, revision);
        if (File.Exists(file))
        {
            string commit = Encoding.UTF8.GetString(InputFile.Bytes(file, LongestReference)).Trim();
            return HubListing.IsCommit(commit) ? commit : throw HubErrors.BadReference(file, commit);
        }
        return HubListing.IsCommit(revision) && Directory.Exists(Snapshot(repository, revision)) ? revision : null;
    }

    /// <summary>The repositories there are, "owner/name", in order; none where there is no cache.</summary>
    public IReadOnlyList<string> Repositories() => !Directory.Exists(Folder) ? [] : Reading(Folder, () => (string[])
    [
        .. Directory.EnumerateDirectories(Folder, Prefix + "*").Select(folder => Path.GetFileName(folder)[Prefix.Length..].Replace("--", "/"))
            .Order(StringComparer.Ordinal),
    ]);

    const int LongestReference = 4096; // a commit has 40 characters

    /// <summary>The commits of which the cache has a folder, in order.</summary>
    public IReadOnlyList<string> Commits(string repository)
    {
        string folder = Path.Combine(Repository(repository), "snapshots");
        return Directory.Exists(folder)
            ? Reading(folder, () => (string[])[.. Directory.EnumerateDirectories(folder).Select(Path.GetFileName).OfType<string>().Where(HubListing.IsCommit).Order(StringComparer.Ordinal)])
            : [];
    }

    /// <summary>The cache and the repository whose folder a path is, or whose <c>snapshots</c> it is; null for any other path.</summary>
    public static (HubCache Cache, string Repository)? OwnerOf(string path)
    {
        string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.GetFileName(folder) == "snapshots") folder = Path.GetDirectoryName(folder)!;
        string name = Path.GetFileName(folder);
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || !Directory.Exists(Path.Combine(folder, "snapshots"))) return null;
        return (new(Path.GetDirectoryName(folder)!), name[Prefix.Length..].Replace("--", "/"));
    }

    const string Prefix = "models--";

    /// <summary>The branches and tags of a repository that the cache knows, in order.</summary>
    public IReadOnlyList<string> Revisions(string repository)
    {
        string folder = Path.Combine(Repository(repository), "refs");
        return Directory.Exists(folder)
            ? Reading(folder, () => (string[])[.. Names(folder).Order(StringComparer.Ordinal)])
            : [];
    }

    /// <summary>The names in a snapshot, "/" between folders, in order; also of links whose contents are gone.</summary>
    public IReadOnlyList<string> SnapshotNames(string repository, string commit)
    {
        string folder = Snapshot(repository, commit);
        return Reading(folder, () => (string[])[.. Names(folder).Order(StringComparer.Ordinal)]);
    }

    /// <summary>Remembers the commit a branch or tag is at; a commit needs no such note.</summary>
    public void Remember(string repository, string revision, string commit)
    {
        string file = Reference(repository, revision);
        if (revision == commit || (File.Exists(file) && File.ReadAllText(file) == commit)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        string partial = $"{file}.{Guid.NewGuid():N}.tmp";
        File.WriteAllText(partial, commit); // no newline: the tools take the whole file for the hash
        File.Move(partial, file, overwrite: true);
    }

    /// <summary>Shows a blob under a file's name in a snapshot.</summary>
    /// <returns>The file's path.</returns>
    public string Link(string repository, string commit, string name, BlobHash hash)
    {
        string link = Path.Combine(Snapshot(repository, commit), name), blob = Blob(repository, hash);
        string folder = Path.GetDirectoryName(link)!;
        Directory.CreateDirectory(folder);
        string target = Path.GetRelativePath(folder, blob);
        var present = new FileInfo(link);
        if (present.LinkTarget == target) return link;
        string made = $"{link}.{Guid.NewGuid():N}.tmp";
        try
        {
            File.CreateSymbolicLink(made, target);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && !Path.Exists(made))
        {
            // A disk without links: the tools keep the contents themselves there.
            File.Copy(blob, made);
        }
        File.Move(made, link, overwrite: true);
        return link;
    }

    string Reference(string repository, string revision) => Path.Combine([Repository(repository), "refs", .. revision.Split('/')]);

    static string RepositoryName(string repository) => Prefix + repository.Replace("/", "--");

    static IEnumerable<string> Names(string folder) => Directory
        .EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
        .Select(file => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/'));

    static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw HubErrors.CacheUnreadable(path, e);
        }
    }
}
