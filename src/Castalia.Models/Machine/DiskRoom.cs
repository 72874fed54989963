namespace Castalia.Machine;

/// <summary>Room on the disk of a folder; bytes.</summary>
static class DiskRoom
{
    /// <summary>What this user may still write there; of a folder that does not exist yet, in the nearest one above it that does. Null where the system does not say, as of a network share.</summary>
    public static long? Bytes(string folder)
    {
        string? there = Path.GetFullPath(folder);
        while (there is not null && !Path.Exists(there)) there = Path.GetDirectoryName(there);
        try
        {
            return there is null ? null : new DriveInfo(there).AvailableFreeSpace;
        }
        catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
