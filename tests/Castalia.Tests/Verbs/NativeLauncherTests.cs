using System.Diagnostics;
using Castalia.Cli.Verbs;
using Xunit;

namespace Castalia.Tests.Verbs;

/// <summary>What chooses, in an archive of native commands, the one for this processor; the commands here only say which they are.</summary>
public sealed class NativeLauncherTests : IDisposable
{
    const string Avx2 = "fpu lm cx16 sse4_2 popcnt avx f16c fma movbe bmi1 avx2 bmi2 lahf_lm";
    const string Avx512 = Avx2 + " avx512f avx512dq avx512cd avx512bw avx512vl";

    /// <summary>Makes of $1, what chooses, an archive in $2.</summary>
    const string Archive = """
        cd "$2" && cp "$1" castalia && chmod +x castalia
        for build in x86-64-v3 x86-64-v4; do
            mkdir $build
            printf '#!/bin/sh\necho %s\nfor a; do echo "<$a>"; done\nexit 75\n' $build >$build/castalia
            chmod +x $build/castalia
        done
        """;

    readonly TemporaryFolder _archive = new();

    public NativeLauncherTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a POSIX shell");
        // Written by another process: what this one has open for writing, a test beside may hold open while it starts its own.
        Assert.Equal((0, "", ""), Run("/bin/sh", "", "-c", Archive, "sh", Path.Combine(Shared.Repository, "tools", "archive", "castalia"), _archive.Path));
    }

    public void Dispose() => _archive.Dispose();

    [Theory]
    [InlineData(Avx2, "x86-64-v3")]
    [InlineData(Avx512, "x86-64-v4")]
    [InlineData(Avx2 + " avx512f avx512dq avx512cd avx512vl", "x86-64-v3")]
    public void The_widest_build_that_the_processor_has_all_of_is_taken(string flags, string build) =>
        Assert.Equal((75, build + "\n", ""), Run("castalia", Processor(flags)));

    [Fact]
    public void Arguments_reach_the_command_as_they_were() =>
        Assert.Equal((75, "x86-64-v4\n<measure>\n<a  b>\n<>\n<*>\n<$x>\n", ""), Run("castalia", Processor(Avx512), "measure", "a  b", "", "*", "$x"));

    [Fact]
    public void A_link_from_elsewhere_leads_to_the_archive()
    {
        using var elsewhere = new TemporaryFolder();
        string first = Path.Combine(elsewhere.Path, "first"), second = Path.Combine(elsewhere.Path, "second");
        File.CreateSymbolicLink(first, Path.Combine(_archive.Path, "castalia"));
        File.CreateSymbolicLink(second, "first");
        Assert.Equal((75, "x86-64-v3\n", ""), Run(second, Processor(Avx2)));
    }

    [Fact]
    public void A_processor_with_neither_is_told_what_it_lacks_and_what_to_install()
    {
        string processor = Processor(Avx512.Replace(" avx2", "", StringComparison.Ordinal).Replace(" fma", "", StringComparison.Ordinal));
        var (code, output, error) = Run("castalia", processor, "measure");
        Assert.Equal((2, ""), (code, output));
        Assert.Equal(
            "castalia: This processor has not all that the commands of this archive were compiled for; it lacks: avx2 fma.\n" +
            $"  where: {processor}\n" +
            "  to do: Install castalia as a .NET tool, which runs on every processor: dotnet tool install --global castalia\n", error);
    }

    [Fact]
    public void Without_flags_one_is_asked_to_choose()
    {
        string processor = _archive.Write("cpuinfo", "processor\t: 0\nFeatures\t: fp asimd\n");
        var (code, output, error) = Run("castalia", processor);
        Assert.Equal((2, ""), (code, output));
        Assert.Equal(
            "castalia: What this processor can do is not to be found out: no line of flags.\n" +
            $"  where: {processor}\n" +
            "  to do: Where /proc is not mounted, choose: CASTALIA_BUILD=x86-64-v3 needs AVX2, x86-64-v4 AVX-512. " +
            "Processors that are not x86-64 take the .NET tool: dotnet tool install --global castalia\n", error);
    }

    /// <summary>In a .NET tool the command for every processor lies beside; here a program called dotnet says what it was given.</summary>
    [Theory]
    [InlineData("fpu lm sse4_2", "", "dotnet\n")]
    [InlineData("", "", "dotnet\n")]
    [InlineData(Avx512, "dotnet", "dotnet\n")]
    [InlineData(Avx512, "", "x86-64-v4\n")]
    public void In_a_tool_a_processor_with_neither_takes_the_command_for_all(string flags, string build, string expected)
    {
        File.WriteAllText(Path.Combine(_archive.Path, "castalia.dll"), "");
        Assert.Equal((0, "", ""), Run("/bin/sh", "", "-c", "cd \"$1\" && mkdir root && printf '#!/bin/sh\\necho dotnet\\nfor a; do echo \"<$a>\"; done\\nexit 75\\n' >root/dotnet && chmod +x root/dotnet", "sh", _archive.Path));
        var (code, output, error) = Run("castalia", Processor(flags), [("DOTNET_ROOT", Path.Combine(_archive.Path, "root")), ("CASTALIA_BUILD", build)], "measure", "a  b");
        string dll = expected == "dotnet\n" ? $"<{Path.Combine(_archive.Path, "castalia.dll")}>\n" : "";
        Assert.Equal((75, $"{expected}{dll}<measure>\n<a  b>\n", ""), (code, output, error));
    }

    /// <summary>As NuGet unpacks it.</summary>
    [Fact]
    public void What_is_not_executable_is_made_so()
    {
        Assert.Equal((0, "", ""), Run("/bin/sh", "", "-c", "chmod a-x \"$1\"/x86-64-v3/castalia", "sh", _archive.Path));
        Assert.Equal((75, "x86-64-v3\n", ""), Run("castalia", Processor(Avx2)));
    }

    [Fact]
    public void An_archive_without_the_build_is_said_to_be_incomplete()
    {
        Directory.Delete(Path.Combine(_archive.Path, "x86-64-v4"), recursive: true);
        var (code, _, error) = Run("castalia", Processor(Avx512));
        Assert.Equal(2, code);
        Assert.StartsWith("castalia: There is no command for 'x86-64-v4' in this archive.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Tasks_of_slurm_are_given_what_chooses()
    {
        string chooser = Path.Combine(_archive.Path, "castalia"), chosen = Path.Combine(_archive.Path, "x86-64-v4", "castalia");
        Assert.Equal(chooser, SweepOnSlurm.OfAnyProcessor(chosen));
        Assert.Equal(chooser, SweepOnSlurm.OfAnyProcessor(chooser));
        File.Delete(chooser);
        Assert.Equal(chosen, SweepOnSlurm.OfAnyProcessor(chosen));
    }

    /// <summary>A /proc/cpuinfo as Linux writes it, of two processors.</summary>
    string Processor(string flags) => _archive.Write("cpuinfo", string.Concat(Enumerable.Range(0, 2).Select(i =>
        $"processor\t: {i}\nmodel name\t: flags of a name\nflags\t\t: {flags}\nbugs\t\t: avx512f\n\n")));

    (int Code, string Output, string Error) Run(string program, string processor, params string[] args) => Run(program, processor, [], args);

    (int Code, string Output, string Error) Run(string program, string processor, (string Name, string Value)[] variables, params string[] args)
    {
        var start = new ProcessStartInfo(Path.Combine(_archive.Path, program), args) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["CASTALIA_CPUINFO"] = processor;
        start.Environment.Remove("CASTALIA_BUILD");
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }
}
