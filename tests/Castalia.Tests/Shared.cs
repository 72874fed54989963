using System.Reflection;
using Xunit;

namespace Castalia.Tests;

/// <summary>The reference material that lies beside the project and is not part of it: trained checkpoints, real tokenizers, the full goldens.</summary>
/// <remarks>Looked for at <c>../shared</c> beside the repository, or where CASTALIA_SHARED points. Tests that need it skip, with the reason, where it is absent.</remarks>
static class Shared
{
    public static readonly string Repository = FindUp(AppContext.BaseDirectory, "Castalia.slnx");

    static readonly string Folder = Environment.GetEnvironmentVariable("CASTALIA_SHARED") ?? System.IO.Path.GetFullPath(System.IO.Path.Combine(Repository, "..", "shared"));

    /// <summary>The path below the reference folder; skips the test where it does not exist.</summary>
    public static string Path(params string[] parts)
    {
        string path = System.IO.Path.Combine([Folder, .. parts]);
        Assert.SkipUnless(File.Exists(path) || Directory.Exists(path), $"needs {string.Join('/', parts)} of the reference material beside the project");
        return path;
    }

    static string FindUp(string folder, string file)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
            if (File.Exists(System.IO.Path.Combine(at.FullName, file))) return at.FullName;
        throw new InvalidOperationException($"No {file} above {folder}.");
    }
}
