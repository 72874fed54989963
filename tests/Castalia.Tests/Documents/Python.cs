using System.Diagnostics;

namespace Castalia.Tests.Documents;

/// <summary>The system's Python, where Debian puts the packages that pages and site need.</summary>
static class Python
{
    const string Interpreter = "/usr/bin/python3";

    /// <summary>Why these modules cannot be used; null where they can.</summary>
    public static string? Missing(params string[] modules)
    {
        if (!File.Exists(Interpreter)) return $"needs {Interpreter}";
        return modules.FirstOrDefault(module => Run("-c", $"import {module}").Code != 0) is { } module ? $"needs the module {module} of {Interpreter}" : null;
    }

    /// <summary>Exit code, standard output and standard error.</summary>
    public static (int Code, string Output, string Error) Run(params string[] arguments) => Start(Interpreter, arguments);

    /// <summary>The same of another program.</summary>
    public static (int Code, string Output, string Error) Start(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
