using System.Text.Json.Nodes;
using Castalia.Sweeps;
using Castalia.Tests.Verbs;
using Castalia.Twins;
using Xunit;

namespace Castalia.Tests.Sweeps;

/// <summary>Studies of twins as a sweep's tasks: each network a cell.</summary>
public sealed class SweepStudyTests : IDisposable
{
    const string Base = "blocks: 1, width: 16, heads: 2, steps: 12, warm_up: 1, batch: 2, tokens: 24, vocabulary: 96";

    static readonly string s_study = $"base: {{ {Base} }}\nseeds: 2\nkeep: last\ninterpolate: 3\n";

    readonly SweepFixture _fixture = new();

    CancellationToken Test => _fixture.Token;

    string Study(string name, string text)
    {
        string path = _fixture.At($"{name}.yaml");
        File.WriteAllText(path, text);
        return path;
    }

    string Plan(params string[] studies)
    {
        string path = _fixture.At("sweep.yaml");
        File.WriteAllText(path, $"tasks:\n  - verb: twins\n    study: [{string.Join(", ", studies)}]\n");
        return path;
    }

    /// <summary>All files of a study but those of its runs, which lie beside: readings by network.</summary>
    static SortedDictionary<string, string> Files(string study)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string file in Directory.GetFiles(study, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None }))
        {
            string name = Path.GetRelativePath(study, file);
            if (name.StartsWith("runs", StringComparison.Ordinal) || Path.GetFileName(name) == "run.txt" || Path.GetFileName(name).StartsWith("cell-", StringComparison.Ordinal)) continue;
            files.Add(name, Castalia.Checkpoints.Sha256.OfFile(file, CancellationToken.None));
        }
        foreach (string named in Directory.GetFiles(study, "run.txt", SearchOption.AllDirectories))
            files.Add($"{Path.GetRelativePath(study, named)}: readings", Castalia.Checkpoints.Sha256.OfFile(Path.Combine(study, "runs", File.ReadAllText(named).Trim(), "readings.parquet"), CancellationToken.None));
        return files;
    }

    [Fact]
    public void A_study_is_the_one_that_twins_makes_and_each_of_its_networks_a_cell()
    {
        string study = Study("few", s_study), whole = _fixture.At("whole"), plan = Plan(study), made = _fixture.At("sweep", "twins", "few");
        Assert.Equal(0, InProcess.Run(["twins", study, "--out", whole, "--threads", "1"]).Code);
        var dry = CommandLineTests.Castalia(["sweep", plan, "--out", _fixture.At("sweep"), "--dry-run"]);
        Assert.Contains("3 cells of 2 networks: 0 done, 0 failed, 3 to be computed.", dry.Output, StringComparison.Ordinal);
        var folder = _fixture.Sweep();
        Assert.Equal(new SweepEnd(3, 3, 3, 0, 0), SweepRun.Take(_fixture.Read(plan), folder, _fixture.Options(), Test));
        Assert.Equal(Files(whole), Files(made));
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(made, "runs")).Length);
        Assert.Empty(SweepFixture.Strays(folder));
        Assert.Equal(3, SweepStatus.Of(folder).Done);

        Assert.Equal(new SweepEnd(3, 3, 0, 0, 0), SweepRun.Take(_fixture.Read(plan), folder, _fixture.Options(), Test));
        var times = Files(made).Keys.Where(File.Exists).ToDictionary(file => file, File.GetLastWriteTimeUtc);
        Assert.Equal(0, InProcess.Run(["twins", study, "--out", made, "--threads", "1"]).Code);
        Assert.All(times, file => Assert.Equal(file.Value, File.GetLastWriteTimeUtc(file.Key)));
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(made, "runs")).Length);
        Assert.Equal(TwinTable.Read(whole).Text(), TwinTable.Read(made).Text());

        // A network that is gone is made again, and nothing else.
        Directory.Delete(Path.Combine(made, "base", "seed2"), recursive: true);
        Assert.Equal(new SweepEnd(3, 3, 1, 0, 0), SweepRun.Take(_fixture.Read(plan), folder, _fixture.Options(), Test));
        Assert.Equal(Files(whole), Files(made));
    }

    [Fact]
    public void Several_at_once_train_each_network_once()
    {
        string plan = Plan(Study("few", s_study.Replace("seeds: 2", "seeds: 3", StringComparison.Ordinal)), Study("more", s_study.Replace("seeds: 2", "seeds: 1", StringComparison.Ordinal).Replace("interpolate: 3\n", "", StringComparison.Ordinal)));
        var folder = _fixture.Sweep();
        var ends = new SweepEnd[3];
        SweepFixture.AtOnce(ends.Length, i => ends[i] = SweepRun.Take(_fixture.Read(plan), folder, _fixture.Options() with { Workers = 1 + i % 2, Threads = 2 }, Test));
        Assert.All(ends, end => Assert.Equal((6, 0, 0), (end.Done, end.Failed, end.Waiting)));
        Assert.Equal(6, ends.Sum(end => end.Computed));
        Assert.Equal((3, 1), (TwinTable.Read(Path.Combine(folder.Path, "twins", "few")).Networks.Count, TwinTable.Read(Path.Combine(folder.Path, "twins", "more")).Networks.Count));
        Assert.Empty(SweepFixture.Strays(folder));
    }

    [Fact]
    public void A_network_that_diverges_fails_with_the_tables_beside_the_rest()
    {
        string study = Study("wild", $"base: {{ {Base}, clip: none, initial_scale: 1000 }}\ncross: {{ learning_rate: [1000, 1e-3] }}\n".Replace("steps: 12", "steps: 40", StringComparison.Ordinal));
        var plan = _fixture.Read(Plan(study));
        var folder = _fixture.Sweep();
        Assert.Equal(new SweepEnd(3, 1, 1, 2, 0), SweepRun.Take(plan, folder, _fixture.Options(), Test));
        Assert.StartsWith("Training diverged at step ", SweepFailures.Read(folder, plan.Cells[0].Key).Cause, StringComparison.Ordinal);
        Assert.Equal("1 of 2 networks of 'wild' failed, so that there are no tables over all of them.", SweepFailures.Read(folder, plan.Cells[2].Key).Cause);
        var failed = SweepStatus.Of(folder).Failed;
        Assert.Equal(["learning_rate=1000 seed 1, twins wild", "wild, tables of twins"], failed.Select(cell => $"{cell.Checkpoint}, {cell.Task}"));
        Assert.False(File.Exists(Path.Combine(folder.Path, "twins", "wild", TwinTable.FileName)));
        Assert.Equal(2, SweepFailures.Forget(folder, []));
        Assert.Equal(new SweepEnd(3, 1, 0, 2, 0), SweepRun.Take(plan, folder, _fixture.Options(), Test));
    }

    [Fact]
    public void A_killed_one_goes_on_from_the_last_checkpoint_to_the_same_bits()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs kill -9");
        string study = Study("few", s_study.Replace("keep: last", "keep: all", StringComparison.Ordinal)), plan = Plan(study), made = _fixture.At("sweep", "twins", "few");
        Assert.Equal(0, InProcess.Run(["twins", study, "--out", _fixture.At("whole"), "--threads", "1"]).Code);
        foreach (string reached in new[] { "base/seed1/step2", "base/seed2/step4" })
        {
            using var process = CommandLineTests.Start(["sweep", plan, "--out", _fixture.At("sweep"), "--threads", "1"]);
            while (!Path.Exists(Path.Combine(made, reached)) && !process.HasExited && !Test.IsCancellationRequested) Test.WaitHandle.WaitOne(1);
            process.Kill();
            SweepFixture.End(process);
        }
        var folder = _fixture.Sweep();
        var end = SweepRun.Take(_fixture.Read(plan), folder, _fixture.Options(), Test);
        Assert.Equal((3, 0, 0), (end.Done, end.Failed, end.Waiting));
        Assert.Equal(Files(_fixture.At("whole")), Files(made));
        Assert.Empty(SweepFixture.Strays(folder));
    }

    [Fact]
    public void An_audit_is_one_cell_of_all_revisions_and_what_audit_prints()
    {
        _fixture.Checkpoints(0, 1, 1);
        string plan = _fixture.Plan(tasks: "  - verb: audit\n");
        var folder = _fixture.Sweep();
        Assert.Equal("audit of 3 revisions", Assert.Single(_fixture.Read(plan).Cells).Doing);
        Assert.Equal(new SweepEnd(1, 1, 1, 0, 0), SweepRun.Take(_fixture.Read(plan), folder, _fixture.Options(), Test));
        string audit = File.ReadAllText(Path.Combine(Assert.Single(Directory.GetDirectories(Path.Combine(folder.Path, "audits"))), "audit.json"));
        var printed = CommandLineTests.Castalia(["audit", .. Enumerable.Range(0, 3).Select(step => _fixture.At("m", $"step{step}")), "--no-cache", "--json"]);
        Assert.Equal(3, printed.Code);
        Assert.Equal(JsonNode.Parse(printed.Output)!.ToJsonString(), JsonNode.Parse(audit)!.ToJsonString());
        Assert.Equal(new SweepEnd(1, 1, 0, 0, 0), SweepRun.Take(_fixture.Read(plan), folder, _fixture.Options(), Test));
        Assert.Empty(SweepFixture.Strays(folder));

        File.WriteAllBytes(_fixture.At("m", "step2", "model.safetensors"), SweepFixture.Weights(2));
        Assert.Equal(new SweepEnd(1, 1, 1, 0, 0), SweepRun.Take(_fixture.Read(plan), folder, _fixture.Options(), Test));
        Assert.Equal(2, Directory.GetDirectories(Path.Combine(folder.Path, "audits")).Length);
        File.Delete(_fixture.At("m", "step2", "model.safetensors"));
        Assert.Equal(new SweepEnd(1, 0, 0, 1, 0), SweepRun.Take(_fixture.Read(plan), folder, _fixture.Options(), Test));
    }

    public void Dispose() => _fixture.Dispose();
}
