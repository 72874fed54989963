using Castalia.Errors;
using Castalia.Slurm;
using Castalia.Sweeps;
using Castalia.Tests.Sweeps;
using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Slurm;

/// <summary>What is submitted, and how a task of it ends; without a Slurm.</summary>
public sealed class SubmissionTests : IDisposable
{
    const string Job = "--job-name=castalia-";

    readonly SweepFixture _fixture = new();

    static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public void A_dry_run_prints_script_and_command_and_writes_nothing()
    {
        _fixture.Checkpoints(0, 1);
        string plan = _fixture.Plan(), sweep = _fixture.At("it's 100%");
        var (code, output, error) = CommandLineTests.Castalia(["sweep", plan, "--out", sweep, "--on", "slurm", "--nodes", "3", "--tasks", "9", "--time", "2:00:00", "--partition", "long", "--cpus-per-task", "4",
            "--mem", "8G", "--account", "us", "--slurm-option", "qos=low", "--slurm-option", "exclusive", "--workers", "2", "--disk", "5GB", "--dry-run", "--format", "plain"]);
        Assert.True(code == 0, error);
        string own = $"{sweep.Replace("'", "'\\''", StringComparison.Ordinal)}/sweep/slurm/";
        string name = output[(output.IndexOf(Job, StringComparison.Ordinal) + Job.Length)..][..16];
        Assert.Contains("2 cells of 2 checkpoints: 0 done, 0 failed, 2 to be computed.", output, StringComparison.Ordinal);
        Assert.Contains("Time limit of a task: --time 2:00:00. Nothing was submitted.", output, StringComparison.Ordinal);
        Assert.Contains("\ntrap '' USR1 # until castalia listens\n", output, StringComparison.Ordinal);
        Assert.Contains($"castalia.dll sweep '{own}{name}/plan.yaml' --out '{sweep.Replace("'", "'\\''", StringComparison.Ordinal)}' --submission {name} --workers 2 --disk 5000000000 --requeues 100 --threads \"${{SLURM_CPUS_ON_NODE:-1}}\"\n", output, StringComparison.Ordinal);
        Assert.Contains($"sbatch --parsable --job-name=castalia-{name} --array=0-8%3 --nodes=1 --ntasks=1 --requeue --signal=B:USR1@60 --open-mode=append '--output={own.Replace("%", "%%", StringComparison.Ordinal)}{name}/task-%a.log' " +
            $"--partition=long --time=2:00:00 --cpus-per-task=4 --mem=8G --account=us --qos=low --exclusive '{own}{name}/job.sh'\n", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(sweep));
    }

    [Theory]
    [InlineData("array=1-3", "The sweep sets --array itself.\n  where: --slurm-option array=1-3\n  to do: Leave it out; for partition, time, cpus-per-task, mem and account there are options of castalia.")]
    [InlineData("p long", "'p long' is no option of sbatch.\n  where: --slurm-option p long\n  to do: Write its long name without dashes: qos=long, exclusive.")]
    public void Options_that_would_undo_the_sweeps_own_are_refused(string option, string message) =>
        Assert.Equal(message, Assert.Throws<InputException>(() => new SubmissionOptions { Nodes = 1, Tasks = 1, Further = [option] }.Arguments()).Message);

    [Theory]
    [InlineData("--nodes 2", "castalia: --nodes goes with --on slurm.\n")]
    [InlineData("--on slurm --minutes 5", "castalia: --minutes goes with --on local; of Slurm's tasks --time says it.\n")]
    [InlineData("--wait", "castalia: --wait goes with --on slurm.\n")]
    [InlineData("--on sulrm", "castalia: --on takes local, slurm, not 'sulrm'. Did you mean 'slurm'?\n")]
    [InlineData("--submission ../x", "castalia: --submission takes a submission's name, not '../x'.\n")]
    public void Options_of_slurm_go_with_slurm(string options, string error)
    {
        var (code, _, said) = CommandLineTests.Castalia(["sweep", "plan.yaml", .. options.Split(' ')]);
        Assert.Equal(2, code);
        Assert.StartsWith(error, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Near_its_limit_a_task_gives_back_its_cell_and_asks_for_another_start_so_often()
    {
        _fixture.Checkpoints(Enumerable.Range(0, 6));
        var plan = _fixture.Read(_fixture.Plan());
        var folder = _fixture.Sweep();
        Assert.True(Requeues(2));
        Assert.Equal(2, SweepFixture.Readings(folder).Count);
        Assert.Empty(SweepFixture.Strays(folder));
        Assert.True(Requeues(1));
        Assert.StartsWith("This task asked 2 times to be requeued, as often as it may.\n", Assert.Throws<InputException>(() => Requeues(1)).Message, StringComparison.Ordinal);
        Assert.StartsWith("This task finished no cell before its time limit came near;", Assert.Throws<InputException>(() => Requeues(0)).Message, StringComparison.Ordinal);
        Assert.False(Requeues(9));
        Assert.Equal(6, SweepFixture.Readings(folder).Count);

        bool Requeues(int cells)
        {
            using var deadline = new SweepDeadline(TimeSpan.FromHours(1));
            int begun = 0;
            var end = SweepRun.Take(plan, folder, _fixture.Options(_ =>
            {
                if (begun++ != cells) return;
                deadline.Move(TimeSpan.FromSeconds(1)); // less than is kept for giving back
                deadline.GivesBack.WaitHandle.WaitOne(TimeSpan.FromMinutes(1)); // a cell this small would be done before
            }) with
            { Deadline = deadline }, Test);
            return TaskEnd.Requeues(folder, "0123456789abcdef", 0, end, deadline.IsNear, most: 2);
        }
    }

    [Fact]
    public void No_cell_is_begun_that_would_not_end_in_time_and_a_limit_only_comes_nearer()
    {
        using var deadline = new SweepDeadline(TimeSpan.FromHours(1));
        deadline.Move(TimeSpan.FromHours(2));
        Assert.True(deadline.HasRoomFor(TimeSpan.FromMinutes(58)));
        Assert.False(deadline.IsNear);
        Assert.False(deadline.HasRoomFor(TimeSpan.FromMinutes(59.5)));
        Assert.True(deadline.IsNear);
        Assert.False(deadline.GivesBack.IsCancellationRequested);
        using var none = new SweepDeadline(null);
        Assert.True(none.HasRoomFor(TimeSpan.FromDays(300)));
        using var endless = new SweepDeadline(TimeSpan.FromDays(365));
        Assert.True(endless.HasRoomFor(TimeSpan.FromDays(364)));
    }

    [Fact]
    public void What_others_have_in_hand_is_left_to_them()
    {
        _fixture.Checkpoints(0, 1);
        var plan = _fixture.Read(_fixture.Plan());
        var folder = _fixture.Sweep();
        folder.Make();
        using var other = new SweepOwner(folder, TimeSpan.FromMinutes(1));
        Assert.NotNull(new SweepClaims(folder, new(folder)).Take(plan.Cells[0].Key, other.Id));
        var end = SweepRun.Take(plan, folder, _fixture.Options() with { Patience = TimeSpan.Zero }, Test);
        Assert.Equal(new SweepEnd(2, 1, 1, 0, 1), end);
        Assert.False(TaskEnd.Requeues(folder, "0123456789abcdef", 0, end, isLate: false, most: 2));
    }

    public void Dispose() => _fixture.Dispose();
}
