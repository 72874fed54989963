using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Castalia.Checkpoints;

/// <summary>A hidden place beside a file or folder that is being written; the work moves it to its name when it is complete, and nothing else remains.</summary>
/// <remarks>
/// Its name says whose it is: machine, process, and when that process began. So what a killed process left is told from what a living one
/// writes, and the next command that writes in the same folder removes it. Processes of another machine or container that share the folder
/// cannot be seen from here: theirs are left alone until nothing in them has changed for a week.
/// </remarks>
sealed partial class Unfinished : IDisposable
{
    static readonly TimeSpan Stale = TimeSpan.FromDays(7);

    static readonly ConcurrentDictionary<Unfinished, bool> s_own = [];

    readonly IReadOnlyList<string> _made; // folders above it that were not there, innermost first

    Unfinished(string path, IReadOnlyList<string> made) => (Path, _made) = (path, made);

    /// <summary>Where to write meanwhile; not there yet.</summary>
    public string Path { get; }

    /// <summary>A place beside a file or folder; the folder that both are in is made where it is not there.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static Unfinished Beside(string path)
    {
        string full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)), folder = System.IO.Path.GetDirectoryName(full) ?? full;
        var made = new List<string>();
        for (string? at = folder; at is not null && !System.IO.Path.Exists(at); at = System.IO.Path.GetDirectoryName(at)) made.Add(at);
        string name = Shortened(System.IO.Path.GetFileName(full)), random = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
        var unfinished = new Unfinished(System.IO.Path.Combine(folder, $".{name}.partial-{ProcessMark.Own}-{random}"), made);
        s_own[unfinished] = true; // before anything is there, so that an end of the process finds it
        try
        {
            Directory.CreateDirectory(folder);
            return unfinished;
        }
        catch
        {
            unfinished.Dispose();
            throw;
        }
    }

    /// <summary>Removes what dead processes left in a folder.</summary>
    /// <param name="folder">The folder; need not exist.</param>
    /// <returns>The names of what was removed.</returns>
    public static IReadOnlyList<string> Sweep(string folder)
    {
        var removed = new List<string>();
        try
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos(".*.partial-*", Hidden).ToList())
                if (Name().Match(entry.Name) is { Success: true } name && IsAbandoned(name, entry) && Remove(entry.FullName)) removed.Add(entry.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A folder that cannot be listed, or is none: whoever writes there says so.
        }
        return removed;
    }

    /// <summary>Whether an exception of writing is of the disk, and not ours.</summary>
    /// <remarks>Where a file outgrows what the system lets it have, the runtime says that an argument was too large.</remarks>
    public static bool IsOfDisk(Exception e) => e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { ParamName: "value", ActualValue: null };

    /// <summary>Why the disk refused, for people: without the hidden name of what was being written.</summary>
    public static string Why(Exception e) => e.Message.IndexOf(" : '", StringComparison.Ordinal) is > 0 and var end ? $"{e.Message[..end]}." : e.Message;

    /// <summary>Removes what one process left in a folder, wherever it ran: who calls knows that it is gone.</summary>
    /// <param name="folder">The folder; need not exist.</param>
    /// <param name="owner">The process, as <see cref="ProcessMark.Own"/> names it.</param>
    public static void Sweep(string folder, string owner)
    {
        try
        {
            if (!Directory.Exists(folder)) return;
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos(".*.partial-*", Hidden).ToList())
                if (Name().Match(entry.Name) is { Success: true } name && name.Groups["owner"].Value == owner) Remove(entry.FullName);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // As above.
        }
    }

    /// <summary>Removes all that this process has not finished: for its end.</summary>
    public static void RemoveOwn()
    {
        foreach (var own in s_own.Keys) own.Dispose();
    }

    /// <summary>Removes what was not moved to its name, and the folders that were made for it and stayed empty.</summary>
    public void Dispose()
    {
        Remove(Path);
        try
        {
            foreach (string folder in _made)
                if (Directory.Exists(folder) && !Directory.EnumerateFileSystemEntries(folder).Any()) Directory.Delete(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Someone else has begun to use it.
        }
        s_own.TryRemove(this, out _);
    }

    static EnumerationOptions Hidden => new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = true };

    static bool IsAbandoned(Match name, FileSystemInfo entry)
    {
        string owner = name.Groups["owner"].Value;
        return ProcessMark.IsOfThisMachine(owner) ? ProcessMark.IsGone(owner) : DateTime.UtcNow - LastChange(entry) > Stale;
    }

    static DateTime LastChange(FileSystemInfo entry) => entry is DirectoryInfo { LinkTarget: null } folder
        ? folder.EnumerateFileSystemInfos("*", Hidden).Select(file => file.LastWriteTimeUtc).Append(folder.LastWriteTimeUtc).Max()
        : entry.LastWriteTimeUtc;

    static bool Remove(string path)
    {
        try
        {
            var folder = new DirectoryInfo(path);
            if (folder is { Exists: true, LinkTarget: null }) folder.Delete(recursive: true);
            else File.Delete(path);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The name as far as a file name has room for it beside the owner's.</summary>
    static string Shortened(string name)
    {
        const int most = 150; // of 255 bytes
        if (Encoding.UTF8.GetByteCount(name) <= most) return name;
        var kept = new StringBuilder();
        int bytes = 0;
        foreach (var rune in name.EnumerateRunes())
        {
            if ((bytes += rune.Utf8SequenceLength) > most) break;
            kept.Append(rune);
        }
        return kept.ToString();
    }

    [GeneratedRegex(@"^\..*\.partial-(?<owner>[0-9a-f]{8}-[0-9]{1,9}-[0-9]{1,20})-[0-9a-f]{8}$", RegexOptions.Singleline)]
    private static partial Regex Name();
}
