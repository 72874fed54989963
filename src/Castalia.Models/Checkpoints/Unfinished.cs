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

    static readonly string s_owner = Owner();

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
        var unfinished = new Unfinished(System.IO.Path.Combine(folder, $".{name}.partial-{s_owner}-{random}"), made);
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
        string[] owner = name.Groups["owner"].Value.Split('-'), self = s_owner.Split('-');
        int process = int.Parse(owner[1], CultureInfo.InvariantCulture);
        if (owner[0] == self[0]) return StartOf(process) != owner[2] && !IsHidden(process);
        return DateTime.UtcNow - LastChange(entry) > Stale;
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

    static string Owner() => FormattableString.Invariant($"{Machine()}-{Environment.ProcessId}-{StartOf(Environment.ProcessId)}");

    /// <summary>Eight digits for the machine since it was started, and for the part of it in which a number of a process means the same.</summary>
    static string Machine()
    {
        string text = $"{Environment.MachineName}\n{FirstLine("/proc/sys/kernel/random/boot_id")}\n{Link("/proc/self/ns/pid")}";
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
    }

    /// <summary>When a process began, in the system's count; "0" where there is none, or it has ended and is only waited for.</summary>
    static string StartOf(int process)
    {
        if (OperatingSystem.IsLinux())
        {
            // The name of the program stands in parentheses and may hold anything; state is the first field after it, the start the twentieth.
            string stat = FirstLine(FormattableString.Invariant($"/proc/{process}/stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields.Length < 20 || fields[0] is "Z" or "X" ? "0" : fields[19];
        }
        try
        {
            using var found = System.Diagnostics.Process.GetProcessById(process);
            return found.StartTime.ToUniversalTime().Ticks.ToString(CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return "0";
        }
    }

    /// <summary>Whether a process is there that this user may not see.</summary>
    static bool IsHidden(int process)
    {
        const int notPermitted = 1; // EPERM
        return OperatingSystem.IsLinux() && Kill(process, 0) != 0 && Marshal.GetLastPInvokeError() == notPermitted;
    }

    static string FirstLine(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault() ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    static string Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [GeneratedRegex(@"^\..*\.partial-(?<owner>[0-9a-f]{8}-[0-9]{1,9}-[0-9]{1,20})-[0-9a-f]{8}$", RegexOptions.Singleline)]
    private static partial Regex Name();
}
