using System.Collections.Concurrent;
using System.Diagnostics;
using Castalia.Sweeps;
using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Sweeps;

/// <summary>Processes that are killed, halted, or run out of disk in the middle of a sweep.</summary>
public sealed class SweepDeathTests : IDisposable
{
    const int Cells = 24;

    /// <summary>The commands live for a moment: nothing that their compiler learns of them is of use.</summary>
    static readonly (string, string) s_brief = ("DOTNET_TieredPGO", "0");

    readonly SweepFixture _fixture = new();

    CancellationToken Test => _fixture.Token;

    static void Signal(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", SweepFixture.Number(process.Id)]);
        kill.WaitForExit();
    }

    [Fact]
    public void Four_that_compete_for_small_cells_and_die_compute_each_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs kill -9");
        _fixture.Checkpoints(Enumerable.Range(0, Cells));
        string plan = _fixture.Plan();
        var undisturbed = _fixture.Sweep("undisturbed");
        SweepRun.Take(_fixture.Read(plan), undisturbed, _fixture.Options(), Test);
        var folder = _fixture.Sweep();
        var random = new Random(1);
        var said = new ConcurrentBag<string>();
        var killed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Process[] all = [.. Enumerable.Range(0, 4).Select(_ => Begin(plan, folder, said))];
        try
        {
            foreach (int victim in new[] { 0, 1 })
            {
                // From the first cell to well within another.
                Until(() => said.Count > 2 * victim || all.All(process => process.HasExited));
                Thread.Sleep(random.Next(40));
                all[victim].Kill();
                SweepFixture.End(all[victim]);
                foreach (string run in Directory.GetDirectories(folder.Runs, $"{SweepFolder.RunName("")}*"))
                    killed[Path.GetFileName(run)] = File.ReadAllText(Path.Combine(run, "manifest.json"));
            }
            Assert.InRange(killed.Count, 1, Cells - 1);
            foreach (var process in all[2..])
            {
                SweepFixture.End(process);
                Assert.True(process.ExitCode == 0, string.Join('\n', said));
            }
        }
        finally
        {
            foreach (var process in all)
            {
                if (!process.HasExited) process.Kill();
                process.Dispose();
            }
        }
        Assert.Equal(SweepFixture.Readings(undisturbed), SweepFixture.Readings(folder));
        Assert.Empty(SweepFixture.Strays(folder));
        Assert.Equal(said.Distinct(), said); // "CHECKPOINT, TASK" of each that was computed
        Assert.InRange(said.Count, Cells - 2, Cells); // who is killed may not have said its last
        Assert.All(killed, run => Assert.Equal(run.Value, File.ReadAllText(Path.Combine(folder.Runs, run.Key, "manifest.json")))); // not computed again
        SweepRun.Take(_fixture.Read(plan), folder, _fixture.Options(_ => Assert.Fail("It was done.")), Test);
    }

    /// <summary>Starts one; of each cell that it computes it says "3 of 24: CHECKPOINT, TASK, 0.1 s".</summary>
    static Process Begin(string plan, SweepFolder folder, ConcurrentBag<string> said)
    {
        var process = CommandLineTests.Start(["sweep", plan, "--out", folder.Path, "--threads", "1"], s_brief);
        process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Split($" of {Cells}: ", 2) is [_, var cell]) said.Add(cell[..cell.LastIndexOf(", ", StringComparison.Ordinal)]);
        };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    void Until(Func<bool> isSo)
    {
        while (!isSo())
        {
            Test.WaitHandle.WaitOne(5);
            Test.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task One_that_is_halted_loses_its_cells_to_others_and_goes_on_when_it_wakes()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs kill -STOP");
        _fixture.Checkpoints(Enumerable.Range(0, 20));
        string plan = _fixture.Plan();
        var folder = _fixture.Sweep();
        using var process = CommandLineTests.Start(["sweep", plan, "--out", folder.Path, "--threads", "1", "--lease", "1"], s_brief);
        _fixture.Line(process);
        Signal(process, "STOP");
        var error = process.StandardError.ReadToEndAsync(Test);
        int before = Directory.GetDirectories(folder.Runs, $"{SweepFolder.RunName("")}*").Length; // beside the one that it was halted in
        Assert.InRange(before, 1, 19);
        var end = SweepRun.Take(_fixture.Read(plan), folder, _fixture.Options(), Test);
        Signal(process, "CONT");
        SweepFixture.End(process);
        Assert.Equal(new SweepEnd(20, 20, 20 - before, 0, 0), end);
        Assert.True(process.ExitCode == 0, await error);
        Assert.Equal(20, SweepFixture.Readings(folder).Count);
        Assert.Empty(SweepFixture.Strays(folder));
    }

    [Fact]
    public async Task A_termination_asks_to_be_started_again()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs kill -TERM");
        _fixture.Checkpoints(Enumerable.Range(0, 30));
        string plan = _fixture.Plan();
        var folder = _fixture.Sweep();
        using var process = CommandLineTests.Start(["sweep", plan, "--out", folder.Path, "--threads", "1"], s_brief);
        _fixture.Line(process);
        Signal(process, "TERM");
        string error = await process.StandardError.ReadToEndAsync(Test);
        SweepFixture.End(process);
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
        string output = await process.StandardOutput.ReadToEndAsync(Test);
        SweepFixture.End(process);
        Assert.Contains("code 2\n", output, StringComparison.Ordinal);
        Assert.EndsWith("code 0\n12\n", output, StringComparison.Ordinal);
        Assert.Contains("to do: ", await error, StringComparison.Ordinal);
    }

    public void Dispose() => _fixture.Dispose();
}
