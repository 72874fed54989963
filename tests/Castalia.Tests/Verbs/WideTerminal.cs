using System.Diagnostics;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>Runs the command in a terminal of a chosen width, which a pipe cannot have.</summary>
static class WideTerminal
{
    /// <summary>What it prints; skips the test where there is no <c>script</c> to make a terminal with.</summary>
    public static string Castalia(int columns, string[] args)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "needs /usr/bin/script to make a terminal with");
        string command = string.Join(' ', new[] { "dotnet", Path.Combine(AppContext.BaseDirectory, "castalia.dll") }.Concat(args).Select(word => $"'{word}'"));
        var start = new ProcessStartInfo("/usr/bin/script", ["-qec", $"stty cols {columns} rows 50; {command}", "/dev/null"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["NO_COLOR"] = "1";
        start.Environment["TERM"] = "dumb";
        using var process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        return output;
    }
}
