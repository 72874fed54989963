using System.Diagnostics;
using System.Text.Json.Nodes;
using Castalia.Slurm;
using Castalia.Sweeps;
using Castalia.Tests.Sweeps;
using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Slurm;

/// <summary>Sweeps over two nodes of the real Slurm, which are killed and held as clusters are: a cluster of each test's own, for one that was killed keeps tasks that it holds.</summary>
public sealed class SlurmSweepTests : IDisposable
{
    const int Kills = 10, Cells = 40;

    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(4);

    /// <summary>Hashes of what one process finds, in order; their cells' names depend on where the prompts lie.</summary>
    static readonly Lazy<string[]> s_undisturbed = new(() =>
    {
        using var fixture = new SweepFixture();
        fixture.Checkpoints(Enumerable.Range(0, Cells));
        SweepRun.Take(fixture.Read(fixture.Plan()), fixture.Sweep(), fixture.Options(), Test);
        return Readings(fixture.Sweep());
    });

    readonly SlurmCluster _cluster = new();

    readonly SweepFixture _fixture = new();

    static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public void Two_nodes_and_one_process_beside_them_find_what_one_does_and_compute_each_cell_once()
    {
        var (plan, folder) = Sweeps(Cells);
        var (code, output, error) = Submit(plan, folder.Path);
        Assert.True(code == 0, error);
        Assert.Contains("of 2 tasks, 2 at a time; time limit of each: 01:00:00, as of partition main\n", error, StringComparison.Ordinal);
        Assert.Contains("40 cells: 0 done", output, StringComparison.Ordinal);
        string name = Assert.Single(SweepSubmission.Of(folder));
        Assert.Contains("already; nothing was submitted", Submit(plan, folder.Path).Error, StringComparison.Ordinal);
        // The signal before a limit reaches the task and does not end it.
        Until(() => (_cluster.Tasks(0).Count > 0 && _cluster.Tasks(1).Count > 0) || Done(folder) == Cells);
        SlurmCluster.Run("scancel", "--batch", "--signal=USR1", $"--name={SweepSubmission.JobName(name)}");
        var own = SweepRun.Take(_fixture.Read(plan), folder, _fixture.Options() with { Lease = TimeSpan.FromSeconds(2) }, _fixture.Token);
        Assert.Equal((Cells, 0, 0), (own.Done, own.Failed, own.Waiting));
        (code, output, error) = Submit(plan, folder.Path, "--wait");
        Assert.True(code == 0, error);
        Assert.Contains("40 cells: 40 done, 0 running, 0 failed, 0 waiting", output, StringComparison.Ordinal);
        Assert.Equal(s_undisturbed.Value, Readings(folder));
        Assert.Single(SweepSubmission.Of(folder));
        Until(() => SlurmTask.Listed([name]).Count == 0);
        Assert.Empty(SweepFixture.Strays(folder));
        string[] logs = [.. Directory.GetFiles(Path.Combine(folder.Slurm, name), "task-*.log").Select(File.ReadAllText)];
        Assert.Equal(2, logs.Length);
        Assert.Equal(Cells, own.Computed + logs.Sum(log => log.Split(" of 40: ").Length - 1));
    }

    [Fact]
    public void A_node_and_a_controller_lost_midway_lose_nothing()
    {
        var (plan, folder) = Sweeps(Cells);
        Assert.Equal(0, Submit(plan, folder.Path).Code);
        Until(() => Done(folder) >= 5);
        _cluster.KillController();
        _cluster.KillNode(1);
        Assert.InRange(Done(folder), 5, Cells - 1);
        Until(() => Done(folder) == Cells); // the other node needs neither
        Assert.Equal(s_undisturbed.Value, Readings(folder));
        _cluster.StartController();
        _cluster.StartNode(1);
        Mend();
        Assert.Equal(0, Submit(plan, folder.Path, "--wait").Code);
        SlurmCluster.Run("scancel", "--user=root");
        Assert.Equal(s_undisturbed.Value, Readings(folder));
    }

    [Fact]
    public void Kills_at_random_lose_nothing_and_leave_nothing_twice()
    {
        var (plan, folder) = Sweeps(Cells);
        var random = new Random(1);
        for (int i = 0; i < Kills; i++)
        {
            var (code, _, error) = Submit(plan, folder.Path);
            Assert.True(code == 0, error);
            int before = Done(folder), further = random.Next(4), node = random.Next(SlurmCluster.Nodes);
            Until(() => Done(folder) >= Math.Min(Cells, before + further) || _cluster.Tasks(node).Count == 0);
            switch (random.Next(3))
            {
                case 0:
                    _cluster.Tasks(node).ForEach(SlurmCluster.SendKill);
                    break;
                case 1:
                    _cluster.KillNode(node);
                    _cluster.StartNode(node);
                    break;
                default:
                    _cluster.KillController();
                    _cluster.StartController();
                    break;
            }
            Mend();
        }
        Until(() =>
        {
            Mend();
            return Submit(plan, folder.Path).Code == 0 && Done(folder) == Cells;
        });
        SlurmCluster.Run("scancel", "--user=root");
        Assert.Equal(0, CommandLineTests.Castalia(["sweep", plan, "--out", folder.Path, "--lease", "2"]).Code);
        Assert.Equal(s_undisturbed.Value, Readings(folder));
        Until(() => _cluster.Tasks(0).Count + _cluster.Tasks(1).Count == 0);
        SweepRun.Take(_fixture.Read(plan), folder, _fixture.Options(_ => Assert.Fail("It was done.")), Test);
        Assert.Empty(SweepFixture.Strays(folder));
    }

    [Fact]
    public void What_keeps_tasks_from_their_work_is_said_with_the_remedy()
    {
        var (plan, folder) = Sweeps(2);
        SlurmCluster.Run("scontrol", "update", "NodeName=n0,n1", "State=DRAIN", "Reason=a fan is loud");
        Assert.Equal(0, Submit(plan, folder.Path).Code);
        string name = Assert.Single(SweepSubmission.Of(folder));
        SlurmCluster.Run("scontrol", "holdu", $"Name={SweepSubmission.JobName(name)}"); // as its user does
        JsonNode? slurm = null;
        Until(() => (int)(slurm = Status(folder)["slurm"]!)["held"]! == 2);
        string id = (string)slurm!["tasks"]![0]!["id"]!;
        string page = CommandLineTests.Castalia(["sweep", "status", folder.Path]).Output;
        Assert.Contains("Slurm: 0 tasks run, 0 pending, 2 held.", page, StringComparison.Ordinal);
        Assert.Contains($"Task {id} is held (JobHeldUser).\n  to do: scontrol release {id}\n", page, StringComparison.Ordinal);
        Assert.Contains("Node n0 of partition main is drained: a fan is loud.\n  to do: Once that is mended, an administrator: scontrol update NodeName=n0\n    State=RESUME\n", page, StringComparison.Ordinal);
        Assert.Contains("Slurm lists no task of this sweep that goes on by itself.", page, StringComparison.Ordinal);
        SlurmCluster.Run("scancel", $"--name={SweepSubmission.JobName(name)}");
        Until(() => SlurmTask.Listed([name]).Count == 0);
        page = CommandLineTests.Castalia(["sweep", "status", folder.Path]).Output;
        Assert.Contains("Slurm lists no task of this sweep: those that were submitted have ended, or", page, StringComparison.Ordinal);
        Mend();
        Assert.Equal(0, Submit(plan, folder.Path, "--wait").Code);
        Assert.Equal(2, Done(folder));
    }

    /// <summary>castalia sweep … --on slurm over both nodes; in a process of its own where it waits, for of those in this process one runs at a time.</summary>
    static (int Code, string Output, string Error) Submit(string plan, string folder, params string[] further)
    {
        string[] args = ["sweep", plan, "--out", folder, "--on", "slurm", "--nodes", SweepFixture.Number(SlurmCluster.Nodes), "--lease", "2", .. further];
        return further.Contains("--wait") ? CommandLineTests.OfItsOwn(args) : CommandLineTests.Castalia(args);
    }

    /// <summary>What sweep status says is to be done.</summary>
    static void Mend()
    {
        foreach (var node in SlurmNode.OutOfUse([]).Where(node => node.IsDrained)) SlurmCluster.Run("scontrol", "update", $"NodeName={node.Name}", "State=RESUME");
    }

    static JsonNode Status(SweepFolder folder) => JsonNode.Parse(CommandLineTests.Castalia(["sweep", "status", folder.Path, "--json"]).Output)!;

    static string[] Readings(SweepFolder folder) => [.. SweepFixture.Readings(folder).Values.Order(StringComparer.Ordinal)];

    static int Done(SweepFolder folder) => folder.List().Runs.Count;

    static void Until(Func<bool> isSo)
    {
        long since = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < s_patience, "What the test waits for does not come.");
            Test.WaitHandle.WaitOne(100);
            Test.ThrowIfCancellationRequested();
        }
    }

    /// <summary>A plan, and the folder of its sweep.</summary>
    (string Plan, SweepFolder Folder) Sweeps(int cells)
    {
        Assert.SkipUnless(SlurmCluster.Missing is null, SlurmCluster.Missing ?? "");
        _fixture.Checkpoints(Enumerable.Range(0, cells));
        return (_fixture.Plan(), _fixture.Sweep());
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _fixture.Dispose();
    }
}
