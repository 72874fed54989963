using Castalia.Checkpoints;
using Castalia.Errors;

namespace Castalia.Conversion;

/// <summary>A folder that appears under its name when it is complete, or not at all.</summary>
sealed class OutputFolder : IDisposable
{
    readonly string _path;
    readonly Unfinished _unfinished;

    OutputFolder(string path, Unfinished unfinished) => (_path, _unfinished) = (path, unfinished);

    /// <summary>Where files are written meanwhile: beside the folder, so that a move completes it.</summary>
    public string Partial => _unfinished.Path;

    /// <summary>Begins a folder.</summary>
    /// <param name="path">Full path of the folder; it must not exist, or be empty.</param>
    /// <param name="bytes">What will go into it.</param>
    /// <exception cref="InputException">There is something already, no room, or no permission.</exception>
    public static OutputFolder Begin(string path, long bytes)
    {
        CheckFree(path);
        string parent = Path.GetDirectoryName(path) ?? throw ConversionErrors.OutTaken(path, "is the root of a disk");
        string existing = parent;
        while (!Path.Exists(existing) && Path.GetDirectoryName(existing) is { } above) existing = above;
        CheckRoom(path, existing, bytes);
        Unfinished? unfinished = null;
        try
        {
            unfinished = Unfinished.Beside(path);
            Directory.CreateDirectory(unfinished.Path);
            return new(path, unfinished);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            unfinished?.Dispose();
            throw ConversionErrors.NotWritable(path, e);
        }
    }

    /// <summary>Refuses a path where something is.</summary>
    public static void CheckFree(string path)
    {
        if (File.Exists(path)) throw ConversionErrors.OutTaken(path, "is a file");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()) throw ConversionErrors.OutTaken(path, "is not empty");
    }

    /// <summary>Refuses a disk with less room than the files will take.</summary>
    static void CheckRoom(string path, string existing, long bytes)
    {
        long free;
        try
        {
            free = new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(existing)! : existing).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return; // a disk that does not say; the files' room is taken when they are begun
        }
        if (free < bytes) throw ConversionErrors.NoRoom(path, bytes, free);
    }

    /// <summary>Gives the folder its name.</summary>
    /// <exception cref="InputException">The name has been taken meanwhile.</exception>
    public void Publish()
    {
        CheckFree(_path);
        try
        {
            if (Directory.Exists(_path)) Directory.Delete(_path);
            Directory.Move(Partial, _path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw ConversionErrors.NotWritable(_path, e);
        }
    }

    /// <summary>Removes whatever was not published.</summary>
    public void Dispose() => _unfinished.Dispose();
}
