using System.Reflection;
using System.Text;
using Castalia.Cli.Verbs;

namespace Castalia.Cli;

/// <summary>The answer to --version, which is to take no longer than a process takes to start.</summary>
static class VersionLine
{
    /// <summary>Writes the command's own version; bytes, since a text writer takes milliseconds to make.</summary>
    public static int Print()
    {
        string version = typeof(VersionLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        using var output = Console.OpenStandardOutput();
        output.Write(Encoding.UTF8.GetBytes(version + Environment.NewLine));
        return ExitCode.Done;
    }
}
