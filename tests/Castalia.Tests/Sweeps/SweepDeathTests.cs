using System.Diagnostics;
using Castalia.Sweeps;
using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Sweeps;

/// <summary>Processes that are killed, halted, or run out of disk in the middle of a sweep.</summary>
public sealed class SweepDeathTests : IDisposable
{
    const int Kills = 10;

    /// <summary>The commands live for a moment: nothing that their compiler learns of them is of use.</summary>
    static readonly (string, string) s_brief = ("DOTNET_TieredPGO", "0");

    readonly SweepFixture _fixture = new();

    static CancellationToken Test => TestContext.Current.CancellationToken;

    static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", SweepFixture.Number(process.Id)]);
        kill.WaitForExit();
    }

    [Fact]
    public void Kills_at_random_lose_the_cell_in_hand_and_nothing_else()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs kill -9");
        _fixture.Checkpoints(Enumerable.Range(0, 20));
        string plan = _fixture.Plan();
        var undisturbed = _fixture.Sweep("undisturbed");
        SweepRun.Take(_fixture.Read(plan), undisturbed, _fixture.Options(), Test);

        var folder = _fixture.Sweep();
        var random = new Random(1);
        var killed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < Kills; i++)
        {
            using var process = CommandLineTests.Start(["sweep", plan, "--out", folder.Path, "--threads", "1"], s_brief);
            // From before it has begun to well within a cell.
            int lines = random.Next(3), pause = random.Next(60);
            for (int line = 0; line < lines; line++) process.StandardError.ReadLine();
            Thread.Sleep(pause);
            Signal(process, "KILL");
            process.WaitForExit();
            if (!Directory.Exists(folder.Runs)) continue;
            foreach (string run in Directory.GetDirectories(folder.Runs, ".*")) Assert.Contains(".partial-", run, StringComparison.Ordinal);
            foreach (string run in Directory.GetDirectories(folder.Runs, $"{SweepFolder.RunName("")}*"))
                killed[Path.GetFileName(run)] = File.ReadAllText(Path.Combine(run, "manifest.json"));
        }
        var (code, _, error) = CommandLineTests.OfItsOwn(["sweep", plan, "--out", folder.Path, "--threads", "1"], s_brief);
        Assert.True(code == 0, error);
        Assert.Equal(SweepFixture.Readings(undisturbed), SweepFixture.Readings(folder));
        Assert.Empty(SweepFixture.Strays(folder));
        Assert.All(killed, run => Assert.Equal(run.Value, File.ReadAllText(Path.Combine(folder.Runs, run.Key, "manifest.json")))); // not computed again
    }

    [Fact]
    public async Task One_that_is_halted_loses_its_cells_to_others_and_goes_on_when_it_wakes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs kill -STOP");
        _fixture.Checkpoints(Enumerable.Range(0, 20));
        string plan = _fixture.Plan();
        var folder = _fixture.Sweep();
        using var process = CommandLineTests.Start(["sweep", plan, "--out", folder.Path, "--threads", "1", "--lease", "1"], s_brief);
        process.StandardError.ReadLine();
        Signal(process, "STOP");
        var error = process.StandardError.ReadToEndAsync(Test);
        int before = SweepFixture.Readings(folder).Count;
        Assert.InRange(before, 1, 19);
        var end = SweepRun.Take(_fixture.Read(plan), folder, _fixture.Options(), Test);
        Signal(process, "CONT");
        process.WaitForExit();
        Assert.Equal(new SweepEnd(20, 20, 20 - before, 0, 0), end);
        Assert.True(process.ExitCode == 0, await error);
        Assert.Equal(20, SweepFixture.Readings(folder).Count);
        Assert.Empty(SweepFixture.Strays(folder));
    }

    [Fact]
    public void A_termination_asks_to_be_started_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs kill -TERM");
        _fixture.Checkpoints(Enumerable.Range(0, 30));
        string plan = _fixture.Plan();
        var folder = _fixture.Sweep();
        using var process = CommandLineTests.Start(["sweep", plan, "--out", folder.Path, "--threads", "1"], s_brief);
        process.StandardError.ReadLine();
        Signal(process, "TERM");
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 75, error);
        Assert.EndsWith("castalia: interrupted; finished cells are kept, and the same command goes on from them.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_full_disk_it_ends_and_with_room_it_goes_on()
    {
        _fixture.Checkpoints(Enumerable.Range(0, 12));
        string plan = _fixture.Plan(), disk = _fixture.At("disk");
        Directory.CreateDirectory(disk);
        using var allowed = Process.Start(new ProcessStartInfo("unshare", ["-rm", "mount", "-t", "tmpfs", "tmpfs", disk]) { RedirectStandardError = true });
        allowed?.WaitForExit();
        Assert.SkipUnless(allowed?.ExitCode == 0, "needs unshare to mount a small disk");
        string castalia = $"dotnet {Path.Combine(AppContext.BaseDirectory, "castalia.dll")} sweep {plan} --out {disk}/sweep --threads 1";
        var start = new ProcessStartInfo("unshare",
            ["-rm", "sh", "-c", $"mount -t tmpfs -o size=64m,nr_inodes=40 tmpfs {disk} && {{ {castalia}; echo code $?; mount -o remount,nr_inodes=10000 {disk}; {castalia}; echo code $?; ls {disk}/sweep/runs | wc -l; }}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Test);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Contains("code 2\n", output, StringComparison.Ordinal);
        Assert.EndsWith("code 0\n12\n", output, StringComparison.Ordinal);
        Assert.Contains("to do: ", await error, StringComparison.Ordinal);
    }

    public void Dispose() => _fixture.Dispose();
}
