using System.Diagnostics;
using Castalia.Errors;
using Castalia.Runs;
using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Runs;

/// <summary>DuckDB is a file of its own: without it the user is told what to do, not that castalia has a bug.</summary>
public sealed class DatabaseLibraryTests
{
    static readonly Exception[] Absences =
    [
        new DllNotFoundException("Unable to load shared library 'duckdb' or one of its dependencies."),
        new TypeInitializationException("DuckDB.NET.Native.NativeMethods", new DllNotFoundException("Unable to load shared library 'duckdb'.")),
        new BadImageFormatException("An attempt was made to load a program with an incorrect format: libduckdb.so"),
        new EntryPointNotFoundException("Unable to find an entry point named 'duckdb_open' in shared library 'duckdb'."),
    ];

    [Fact]
    public void A_library_that_cannot_be_loaded_is_for_the_user_to_mend() => Assert.All(Absences, absence =>
    {
        var error = Assert.Throws<InputException>(() => DatabaseLibrary.Named<int>(() => throw absence));
        Assert.Contains(DatabaseLibrary.FileName, error.Cause);
        Assert.Equal(AppContext.BaseDirectory, error.Place);
        Assert.Contains("beside the command", error.Remedy);
    });

    [Fact]
    public void Another_library_is_our_own_fault()
    {
        Assert.Throws<DllNotFoundException>(() => DatabaseLibrary.Named<int>(() => throw new DllNotFoundException("Unable to load shared library 'other'.")));
        DatabaseLibrary.Check();
    }

    [Theory]
    [InlineData("runs")]
    [InlineData("gains")]
    [InlineData("query", "SELECT 1")]
    [InlineData("measure")]
    public void A_command_copied_without_it_ends_with_2_and_a_remedy(params string[] args)
    {
        using var folder = new TemporaryFolder();
        string runs = Path.Combine(folder.Path, "runs"), copy = Path.Combine(folder.Path, "bin");
        string model = Path.Combine(Shared.Repository, "tests", "golden", "models", "llama", "gqa");
        var measured = CommandLineTests.Castalia(["measure", model, "--prompts", folder.Write("p.jsonl", "{\"ids\": [1, 2]}\n"), "--out", runs]);
        Assert.True(measured.Code == 0, measured.Error);
        Directory.CreateDirectory(copy);
        // Files alone: native libraries lie in folders of their systems.
        foreach (string file in Directory.GetFiles(AppContext.BaseDirectory))
            if (Path.GetFileName(file) != DatabaseLibrary.FileName) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        string[] all = args[0] == "measure" ? ["measure", model, "--prompts", Path.Combine(folder.Path, "p.jsonl"), "--out", runs] : [.. args, "--runs", runs];
        var start = new ProcessStartInfo("dotnet", [Path.Combine(copy, "castalia.dll"), .. all]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 2, error);
        Assert.StartsWith($"castalia: A part of castalia is missing: {DatabaseLibrary.FileName}", error);
        Assert.DoesNotContain("bug", error);
        Assert.Equal("", process.StandardOutput.ReadToEnd());
    }
}
