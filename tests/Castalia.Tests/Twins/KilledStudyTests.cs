using Castalia.Tests.Verbs;
using Castalia.Twins;
using Xunit;

namespace Castalia.Tests.Twins;

/// <summary>A study whose process is killed, again and again, ends as one that nobody disturbed.</summary>
public sealed class KilledStudyTests : IDisposable
{
    const string Plan = """
        base: { blocks: 1, width: 16, heads: 2, steps: 12, warm_up: 1, batch: 2, tokens: 24, vocabulary: 96 }
        seeds: 2
        keep: last
        interpolate: 3
        """;

    readonly TemporaryFolder _folder = new();

    static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Killed as soon as a checkpoint, a later one, a run and a table are there: what follows each of them is cut off.</summary>
    [Fact]
    public async Task Killed_in_the_middle_it_ends_with_the_same_bytes()
    {
        string plan = _folder.Write("p.yaml", Plan), whole = Path.Combine(_folder.Path, "whole"), killed = Path.Combine(_folder.Path, "killed");
        Assert.Equal(0, InProcess.Run(["twins", plan, "--out", whole, "--threads", "2"]).Code);
        int kills = 0;
        foreach (string reached in new[] { "base/seed1/step1", "base/seed2/step8", "runs", "curves.csv" })
        {
            using var process = CommandLineTests.Start(["twins", plan, "--out", killed, "--threads", "2"]);
            while (!Path.Exists(Path.Combine(killed, reached)) && !process.HasExited) await Task.Delay(1, Token);
            if (!process.HasExited) kills++;
            process.Kill();
            await process.WaitForExitAsync(Token);
        }
        Assert.InRange(kills, 2, 4);
        Assert.Equal(0, InProcess.Run(["twins", plan, "--out", killed, "--threads", "2"]).Code);
        string[] expected = Files(whole);
        Assert.Equal(expected, Files(killed));
        foreach (string file in expected.Where(file => !file.StartsWith("runs", StringComparison.Ordinal) && Path.GetFileName(file) != "run.txt"))
            Assert.True(File.ReadAllBytes(Path.Combine(whole, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(killed, file))), file);
        foreach (string run in Directory.GetDirectories(Path.Combine(whole, "runs")))
            Assert.Equal(File.ReadAllBytes(Path.Combine(run, "readings.parquet")), File.ReadAllBytes(Path.Combine(Directory.GetDirectories(Path.Combine(killed, "runs"), $"*{Network(run)}").Single(), "readings.parquet")));
    }

    /// <summary>Between a run and its name in the network's folder, and between a checkpoint and what it replaces.</summary>
    [Fact]
    public void What_a_kill_leaves_between_two_writes_is_taken_up()
    {
        string plan = _folder.Write("p.yaml", Plan), folder = Path.Combine(_folder.Path, "out"), network = Path.Combine(folder, "base", "seed1");
        string[] command = ["twins", plan, "--out", folder, "--threads", "2"];
        Assert.Equal(0, InProcess.Run(command).Code);
        string[] files = Files(folder), runs = Directory.GetDirectories(Path.Combine(folder, "runs"));
        File.Delete(Path.Combine(network, "run.txt"));
        File.WriteAllText(Path.Combine(folder, "base", "seed2", "run.txt"), "");
        Directory.CreateDirectory(Path.Combine(network, "step8", "training"));
        Assert.Equal(0, InProcess.Run(command).Code);
        Assert.Equal(files, Files(folder));
        Assert.Equal(runs, Directory.GetDirectories(Path.Combine(folder, "runs")));
        Assert.EndsWith(File.ReadAllText(Path.Combine(network, "run.txt")).Trim(), runs.Single(run => Network(run).EndsWith('1')), StringComparison.Ordinal);

        Assert.Equal(0, InProcess.Run(["twins", plan, "--out", folder, "--threads", "1", "--seed", "2"]).Code);
        File.Delete(Path.Combine(network, "run.txt"));
        Assert.Equal(0, InProcess.Run(["twins", plan, "--out", folder, "--threads", "1", "--seed", "2"]).Code);
        Assert.Equal(3, Directory.GetDirectories(Path.Combine(folder, "runs")).Length);
    }

    [Fact]
    public void Tables_of_another_plan_are_gone_while_the_study_is_not_whole()
    {
        const string shared = "clip: none, initial_scale: 1000, blocks: 1, width: 16, heads: 2, steps: 40, warm_up: 1, batch: 2, tokens: 24, vocabulary: 96";
        string one = _folder.Write("one.yaml", $"name: same\nbase: {{ {shared} }}\ncross: {{ learning_rate: [1e-3] }}\n");
        string two = _folder.Write("two.yaml", $"name: same\nbase: {{ {shared} }}\ncross: {{ learning_rate: [1e-3, 1000] }}\n");
        string folder = Path.Combine(_folder.Path, "out"), table = Path.Combine(folder, TwinTable.FileName);
        Assert.Equal(0, InProcess.Run(["twins", one, "--out", folder]).Code);
        string first = File.ReadAllText(table), weights = Path.Combine(folder, "learning_rate=1e-3", "seed1", "step40", "model.safetensors");
        var written = File.GetLastWriteTimeUtc(weights);
        var again = InProcess.Run(["twins", one, "--out", folder, "--threads", "1"]);
        Assert.DoesNotContain("removed", again.Error, StringComparison.Ordinal);

        var other = InProcess.Run(["twins", two, "--out", folder]);
        Assert.Equal(2, other.Code);
        Assert.Contains($"removed networks.csv, curves.csv of another plan or seed from {folder}", other.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(table));
        Assert.Equal(written, File.GetLastWriteTimeUtc(weights));

        Assert.Equal(0, InProcess.Run(["twins", one, "--out", folder]).Code);
        Assert.Equal(first, File.ReadAllText(table));
        var refused = InProcess.Run(["twins", two, "--out", folder, "--memory", "1MB"]);
        Assert.Equal((2, first), (refused.Code, File.ReadAllText(table)));
    }

    static string Network(string run) => Path.GetFileName(run).Split('-', 2)[1];

    /// <summary>All files, hidden ones too, runs without their time.</summary>
    static string[] Files(string folder) =>
    [
        .. Directory.GetFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Select(file => Path.GetRelativePath(folder, file)).Select(file => file.StartsWith("runs", StringComparison.Ordinal) && file.Split('-', 2) is [_, var rest] ? $"runs {rest}" : file)
            .Order(StringComparer.Ordinal),
    ];

    public void Dispose() => _folder.Dispose();
}
