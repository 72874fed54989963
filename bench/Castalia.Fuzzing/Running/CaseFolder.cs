using Castalia.Fuzzing.Mutation;
using Castalia.Fuzzing.Readers;

namespace Castalia.Fuzzing.Running;

/// <summary>The folders in which cases are put before a reader: one for each seed, in memory where the system has a place for that.</summary>
sealed class CaseFolder(string root)
{
    readonly Dictionary<Seed, (string Path, HashSet<string> Changed)> _folders = [];

    /// <summary>A new folder, in memory where there is a place for that.</summary>
    public static string New()
    {
        const string memory = "/dev/shm";
        string parent = Directory.Exists(memory) ? memory : Path.GetTempPath();
        string path = Path.Combine(parent, $"castalia-fuzz-{Guid.NewGuid():N}");
        return Directory.CreateDirectory(path).FullName;
    }

    /// <summary>Puts a case there.</summary>
    /// <returns>The path to open, and the bytes of all files of the folder.</returns>
    public (string Path, long Bytes) Put(Case one)
    {
        if (!_folders.TryGetValue(one.Seed, out var folder))
        {
            folder = (Path.Combine(root, $"{_folders.Count}"), []);
            foreach (var file in one.Seed.Files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder.Path, file.Name))!);
                folder.Changed.Add(file.Name);
            }
            _folders[one.Seed] = folder;
        }
        long bytes = 0;
        foreach (var file in one.Seed.Files)
        {
            bool isMutated = ReferenceEquals(file, one.File);
            var content = isMutated ? one.Content : null;
            if (!isMutated && folder.Changed.Remove(file.Name)) Write(folder.Path, file.Name, Whole(file));
            bytes += isMutated ? content?.Length ?? 0 : file.Content.Length;
            if (!isMutated) continue;
            folder.Changed.Add(file.Name);
            Write(folder.Path, file.Name, content);
        }
        return (Path.Combine(folder.Path, one.Seed.Open), bytes);
    }

    /// <summary>The file as it is before any change.</summary>
    static Content Whole(SeedFile file) =>
        file.Weight == 0 ? file.Content : file.Content with { Bytes = file.Wrap(file.Content.Bytes, new(0, 0)) };

    static void Write(string folder, string name, Content? content)
    {
        string path = Path.Combine(folder, name);
        if (content is not { } there)
        {
            File.Delete(path);
            return;
        }
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write);
        RandomAccess.Write(file, there.Bytes, 0);
        if (there.Zeros > 0) RandomAccess.SetLength(file, there.Length);
    }
}
