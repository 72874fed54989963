using System.Security.Cryptography;
using System.Text;
using Castalia.Checkpoints;

namespace Castalia.Store;

/// <summary>A file of a cache: a line with the SHA-256 of what follows, and what follows. It is written anew and moved to its name: of two processes the last stands, whole.</summary>
static class DigestedFile
{
    const int DigestLength = 64;

    /// <summary>What follows the line; null where the file is not there or is not as it was written.</summary>
    public static byte[]? Read(string path)
    {
        if (!File.Exists(path)) return null;
        byte[] bytes = InputFile.Bytes(path);
        return bytes.Length > DigestLength && Encoding.ASCII.GetString(bytes, 0, DigestLength) == Of(bytes.AsSpan(DigestLength + 1)) ? bytes[(DigestLength + 1)..] : null;
    }

    /// <summary>Writes it, for the user's eyes alone: prompts and names stand in it.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var unfinished = Unfinished.Beside(path);
        var ours = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) ours.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(unfinished.Path, ours))
        {
            file.Write(Encoding.ASCII.GetBytes(Of(content) + "\n"));
            file.Write(content);
        }
        File.Move(unfinished.Path, path, overwrite: true);
    }

    /// <summary>The first digits of a text's SHA-256, as a file's name.</summary>
    public static string NameOf(string text) => Of(Encoding.UTF8.GetBytes(text))[..32];

    static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
