using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Castalia.Checkpoints;

/// <summary>A process by machine, number and when it began: "1f2e3d4c-4711-123456", as it marks what it is at work on.</summary>
static partial class ProcessMark
{
    /// <summary>This process.</summary>
    public static string Own { get; } = Name();

    /// <summary>Whether the process ran on this machine since it was started, and where its numbers mean the same.</summary>
    public static bool IsOfThisMachine(string mark) => mark.Split('-')[0] == Own.Split('-')[0];

    /// <summary>Whether a process of this machine has ended.</summary>
    public static bool IsGone(string mark)
    {
        string[] parts = mark.Split('-');
        int process = int.Parse(parts[1], CultureInfo.InvariantCulture);
        return StartOf(process) != parts[2] && !IsHidden(process);
    }

    static string Name() => FormattableString.Invariant($"{Machine()}-{Environment.ProcessId}-{StartOf(Environment.ProcessId)}");

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
}
