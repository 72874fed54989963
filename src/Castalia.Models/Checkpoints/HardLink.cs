using System.Runtime.InteropServices;

namespace Castalia.Checkpoints;

/// <summary>A file that appears complete under a name that nobody has, or does not appear: of many that try at once one succeeds.</summary>
/// <remarks>
/// By link(2), which the system makes atomic, on NFS too. <see cref="File.Move(string, string)"/> is no such thing on Unix: where it finds the name free it
/// renames, and a rename replaces what another has put there between the two. On Windows it is.
/// </remarks>
static partial class HardLink
{
    const int Exists = 17; // EEXIST, on Linux and macOS

    /// <summary>Gives a file a second name.</summary>
    /// <param name="file">The file, complete.</param>
    /// <param name="name">The name.</param>
    /// <returns>Whether it is new; false where the name is taken.</returns>
    /// <exception cref="IOException">The disk refuses, or its file system knows no links.</exception>
    public static bool TryMake(string file, string name)
    {
        if (OperatingSystem.IsWindows()) return TryMove(file, name);
        if (Link(file, name) == 0) return true;
        int why = Marshal.GetLastPInvokeError();
        return why == Exists ? false : throw new IOException($"{Marshal.GetPInvokeErrorMessage(why)} : '{name}', a hard link");
    }

    static bool TryMove(string file, string name)
    {
        try
        {
            File.Move(file, name);
            return true;
        }
        catch (IOException) when (File.Exists(name))
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string file, string name);
}
