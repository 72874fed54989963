using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Castalia.Cli.Verbs;

namespace Castalia.Cli;

/// <summary>The answer to --version, which is to take no longer than a process takes to start.</summary>
static unsafe partial class VersionLine
{
    const int StandardOutput = 1;

    /// <summary>Writes the command's own version.</summary>
    public static int Print()
    {
        string version = typeof(VersionLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        byte[] line = Encoding.UTF8.GetBytes(version + Environment.NewLine);
        int written = OperatingSystem.IsWindows() ? 0 : WriteDirectly(line);
        return written == line.Length ? ExitCode.Done : Verb.Run(() => Output.Exactly(Encoding.UTF8.GetString(line, written, line.Length - written)));
    }

    /// <summary>Writes without the framework's console, whose parts take a quarter of this process's time to load.</summary>
    /// <returns>Bytes written; where they are not all, the usual way tells what is wrong.</returns>
    static int WriteDirectly(ReadOnlySpan<byte> bytes)
    {
        try
        {
            fixed (byte* first = bytes) return Math.Max(0, (int)Write(StandardOutput, first, (nuint)bytes.Length));
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int file, byte* bytes, nuint count);
}
