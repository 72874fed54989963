using Castalia.Checkpoints;
using Castalia.Errors;
using DuckDB.NET.Data;

namespace Castalia.Store;

/// <summary>A file that appears under its name when it is complete, or not at all, and never in place of another.</summary>
static class ResultFile
{
    /// <summary>Makes sure, before the work, that the name is free and its folder there.</summary>
    /// <exception cref="InputException">It is not.</exception>
    public static void CheckFree(string path)
    {
        if (Path.Exists(path)) throw QueryErrors.OutTaken(path);
        if (!Directory.Exists(Folder(path))) throw QueryErrors.NoOutFolder(path);
    }

    /// <summary>Writes under another name beside it, then gives the name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Given the path to write to meanwhile, which is not there yet.</param>
    /// <exception cref="InputException">The name has been taken, or the disk takes no more.</exception>
    public static void Write(string path, Action<string> write)
    {
        CheckFree(path);
        try
        {
            using var unfinished = Unfinished.Beside(path);
            write(unfinished.Path);
            File.Move(unfinished.Path, path, overwrite: false);
        }
        catch (Exception e) when (Unfinished.IsOfDisk(e) || e is DuckDBException)
        {
            throw Path.Exists(path) ? QueryErrors.OutTaken(path) : QueryErrors.NotWritable(path, e);
        }
    }

    static string Folder(string path) => Path.GetDirectoryName(Path.GetFullPath(path)) ?? Path.GetFullPath(path);
}
