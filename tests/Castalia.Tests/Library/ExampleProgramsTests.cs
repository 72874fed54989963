using System.Diagnostics;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Xunit;

namespace Castalia.Tests.Library;

/// <summary>The programs of examples/: each compiles against what is public, runs, and says what docs/library.md shows of it.</summary>
public sealed partial class ExampleProgramsTests
{
    static readonly string s_folder = Path.Combine(Shared.Repository, "examples"), s_page = Path.Combine(Shared.Repository, "docs", "library.md");

    public static TheoryData<string> Programs => [.. Directory.EnumerateFiles(s_folder, "*.cs").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Programs))]
    public void It_says_what_its_page_shows(string program)
    {
        using var folder = new TemporaryFolder();
        string output = Run(program, folder.Path);
        string page = File.ReadAllText(s_page), heading = $"<!-- {program}.cs says -->\n```\n";
        int begin = page.IndexOf(heading, StringComparison.Ordinal);
        Assert.True(begin >= 0, $"docs/library.md does not show {program}.cs");
        begin += heading.Length;
        int end = page.IndexOf("```", begin, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("UPDATE_SNAPSHOTS") == "1") File.WriteAllText(s_page, page[..begin] + output + page[end..]);
        Assert.Equal(page[begin..end], output, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void There_are_five_and_the_page_shows_no_other()
    {
        Assert.Equal(Programs.Select(row => row.Data), Says().Matches(File.ReadAllText(s_page)).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
        Assert.Equal(5, Programs.Count);
    }

    static string Run(string program, string cache)
    {
        string text = Directive().Replace(File.ReadAllText(Path.Combine(s_folder, $"{program}.cs")), "");
        const string implied = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading;";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        var compilation = CSharpCompilation.Create(
            $"CastaliaExample{program}", [CSharpSyntaxTree.ParseText(text), CSharpSyntaxTree.ParseText(implied)], references,
            new(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        // Beside the libraries, where the runtime looks for them.
        string file = Path.Combine(AppContext.BaseDirectory, $"CastaliaExample{program}.dll"), tests = Path.Combine(AppContext.BaseDirectory, "Castalia.Tests");
        try
        {
            var emitted = compilation.Emit(file);
            Assert.True(emitted.Success, string.Join('\n', emitted.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)));
            var start = new ProcessStartInfo("dotnet", ["exec", "--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{tests}.runtimeconfig.json", file]) { RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["XDG_CACHE_HOME"] = cache;
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, error.Result);
            return output;
        }
        finally
        {
            File.Delete(file);
        }
    }

    [GeneratedRegex("^#:.*$", RegexOptions.Multiline)]
    private static partial Regex Directive();

    [GeneratedRegex(@"<!-- (\S+)\.cs says -->")]
    private static partial Regex Says();
}
