using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Castalia.Sweeps;
using Castalia.Tests.Verbs;
using Xunit;

namespace Castalia.Tests.Sweeps;

public sealed class SweepRunTests : IDisposable
{
    readonly SweepFixture _fixture = new();

    CancellationToken Test => _fixture.Token;

    [Fact]
    public void A_cell_is_computed_once_and_its_run_is_that_of_the_verb()
    {
        _fixture.Checkpoints(1);
        var plan = _fixture.Read(_fixture.Plan(tasks: "  - verb: measure\n    prompts: P\n  - verb: explain\n    prompts: P\n  - verb: dynamics\n    prompts: P\n  - verb: intervene\n    do: last-mlp-zero\n    prompts: P\n"));
        var folder = _fixture.Sweep();
        Assert.Equal(new SweepEnd(4, 4, 4, 0, 0), SweepRun.Take(plan, folder, _fixture.Options(), Test));
        var first = SweepFixture.Readings(folder);
        Assert.Equal(4, first.Count);
        Assert.Equal(new SweepEnd(4, 4, 0, 0, 0), SweepRun.Take(plan, folder, _fixture.Options(_ => Assert.Fail("It was done.")), Test));
        Assert.Equal(first, SweepFixture.Readings(folder));
        Assert.Empty(SweepFixture.Strays(folder));

        var (code, _, error) = CommandLineTests.Castalia(["measure", _fixture.At("m", "step0"), "--prompts", _fixture.At("p.jsonl"), "--out", _fixture.At("runs")]);
        Assert.True(code == 0, error);
        Assert.Contains(SweepFixture.Readings(new(_fixture.Path)).Values.Single(), first.Values);
        string[] tables = [.. Directory.GetDirectories(folder.Runs).SelectMany(Directory.GetFiles).Select(Path.GetFileName).Where(file => file!.EndsWith(".parquet", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Distinct()!];
        Assert.Equal(["attribution.parquet", "dynamics.parquet", "interventions.parquet", "readings.parquet", "units.parquet"], tables);
        var listed = CommandLineTests.Castalia(["runs", "--runs", folder.Runs, "--json"]);
        Assert.All(JsonNode.Parse(listed.Output)!["runs"]!.AsArray(), run => Assert.Equal("complete", (string?)run!["state"]));
    }

    [Fact]
    public void Equal_checkpoints_have_one_run()
    {
        _fixture.Checkpoints(7, 7, 8);
        var plan = _fixture.Read(_fixture.Plan());
        var end = SweepRun.Take(plan, _fixture.Sweep(), _fixture.Options(), Test);
        Assert.Equal(new SweepEnd(3, 3, 2, 0, 0), end);
        Assert.Equal(2, SweepFixture.Readings(_fixture.Sweep()).Count);
    }

    [Fact]
    public void What_cannot_be_read_fails_beside_the_rest_and_is_tried_again_when_asked()
    {
        _fixture.Checkpoints(0, 1, 2);
        string broken = _fixture.At("m", "step1", "model.safetensors"), plan = _fixture.Plan("[\"step{0,1,2}\", step9]"), sweep = _fixture.At("sweep");
        byte[] whole = File.ReadAllBytes(broken);
        var time = File.GetLastWriteTimeUtc(broken);
        File.WriteAllBytes(broken, new byte[whole.Length]);
        File.SetLastWriteTimeUtc(broken, time);

        var dry = CommandLineTests.Castalia(["sweep", plan, "--out", sweep, "--dry-run"]);
        Assert.Equal(0, dry.Code);
        Assert.Contains("4 cells of 4 checkpoints: 0 done, 0 failed, 4 to be computed.", dry.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(sweep));

        var run = CommandLineTests.Castalia(["sweep", plan, "--out", sweep, "--threads", "2", "--workers", "2", "--json"]);
        Assert.True(run.Code == 2, run.Error);
        Assert.Equal("""{"cells":4,"done":2,"computed":2,"failed":2,"waiting":0}""", JsonNode.Parse(run.Output)!.ToJsonString());

        var status = JsonNode.Parse(CommandLineTests.Castalia(["sweep", "status", sweep, "--json"]).Output)!;
        Assert.Equal([_fixture.At("m", "step1"), _fixture.At("m", "step9")], status["failed"]!.AsArray().Select(cell => (string?)cell!["checkpoint"]));
        Assert.Contains("step9", (string?)status["failed"]![1]!["failure"]!["where"], StringComparison.Ordinal);
        string page = CommandLineTests.Castalia(["sweep", "status", sweep]).Output;
        Assert.Contains("4 cells: 2 done, 0 running, 2 failed, 0 waiting; nobody is at work.", page, StringComparison.Ordinal);

        // What failed is not tried again by itself.
        File.WriteAllBytes(broken, whole);
        File.SetLastWriteTimeUtc(broken, time);
        Assert.Contains("2 failed", CommandLineTests.Castalia(["sweep", plan, "--out", sweep]).Output, StringComparison.Ordinal);
        string cell = (string)status["failed"]![0]!["cell"]!;
        Assert.Contains("1 failure forgotten", CommandLineTests.Castalia(["sweep", "retry", sweep, cell[..6]]).Error, StringComparison.Ordinal);
        var again = CommandLineTests.Castalia(["sweep", plan, "--out", sweep]);
        Assert.Equal(2, again.Code);
        Assert.Contains("4 cells: 3 done, 1 of them now; 1 failed; 0 not begun.", again.Output, StringComparison.Ordinal);
        Assert.Equal(2, CommandLineTests.Castalia(["sweep", "retry", sweep, "nothing"]).Code);
        Assert.Equal(2, CommandLineTests.Castalia(["sweep", "status", _fixture.At("m")]).Code);
    }

    [Fact]
    public void Sweeps_over_one_folder_at_once_compute_each_cell_once()
    {
        _fixture.Checkpoints(Enumerable.Range(0, 12));
        var plan = _fixture.Read(_fixture.Plan());
        var folder = _fixture.Sweep();
        var computed = new ConcurrentBag<string>();
        var ends = new SweepEnd[3];
        SweepFixture.AtOnce(ends.Length, i => ends[i] = SweepRun.Take(plan, folder, _fixture.Options(cell => computed.Add(cell.Key)) with { Workers = 1 + i % 2 }, Test));
        Assert.All(ends, end => Assert.Equal((12, 0, 0), (end.Done, end.Failed, end.Waiting)));
        Assert.Equal(12, ends.Sum(end => end.Computed));
        Assert.Equal(plan.Cells.Select(cell => cell.Key).Order(), computed.Order());
        Assert.Equal(12, SweepFixture.Readings(folder).Count);
        Assert.Empty(SweepFixture.Strays(folder));
    }

    [Fact]
    public void A_cell_that_was_lost_to_others_is_in_the_store_once_whatever_its_source_was_called()
    {
        _fixture.Checkpoints(0, 0);
        var folder = _fixture.Sweep();
        SweepPlan slow = _fixture.Read(_fixture.Plan("step0")), other = _fixture.Read(_fixture.Plan("step1"));
        var said = new List<string>();
        var end = SweepRun.Take(slow, folder, _fixture.Options(_ =>
        {
            foreach (string owner in Directory.GetFiles(folder.Owners)) File.Delete(owner); // as others do that take it for dead
            Assert.Equal(new SweepEnd(1, 1, 1, 0, 0), SweepRun.Take(other, folder, _fixture.Options(), Test));
        }) with
        { Say = said.Add }, Test);
        Assert.Equal(new SweepEnd(1, 1, 0, 0, 0), end);
        Assert.Single(SweepFixture.Readings(folder));
        Assert.Empty(SweepFixture.Strays(folder));
    }

    [Fact]
    public void A_fault_of_ours_in_one_cell_is_that_cells_failure()
    {
        _fixture.Checkpoints(0, 1);
        var plan = _fixture.Read(_fixture.Plan());
        var end = SweepRun.Take(plan, _fixture.Sweep(), _fixture.Options(cell =>
        {
            if (cell == plan.Cells[0]) throw new InvalidOperationException("No.");
        }), Test);
        Assert.Equal(new SweepEnd(2, 1, 1, 1, 0), end);
        Assert.Equal("A fault of castalia: InvalidOperationException: No.", SweepFailures.Read(_fixture.Sweep(), plan.Cells[0].Key).Cause);
    }

    [Fact]
    public void A_cell_with_which_five_processes_died_has_failed()
    {
        _fixture.Checkpoints(0, 1);
        var plan = _fixture.Read(_fixture.Plan());
        var folder = _fixture.Sweep();
        folder.Make();
        var claims = new SweepClaims(folder, new(folder));
        for (int death = 0; death < 5; death++) Assert.NotNull(claims.Take(plan.Cells[0].Key, "dead"));
        var order = new List<string>();
        Assert.Equal(new SweepEnd(2, 1, 1, 1, 0), SweepRun.Take(plan, folder, _fixture.Options(cell => order.Add(cell.Key)), Test));
        Assert.Equal([plan.Cells[1].Key], order);
        Assert.StartsWith("5 workers died while they computed it", SweepFailures.Read(folder, plan.Cells[0].Key).Cause, StringComparison.Ordinal);
    }

    [Fact]
    public void Stopped_it_leaves_its_cells_free_and_past_its_time_it_begins_none()
    {
        _fixture.Checkpoints(0, 1, 2);
        var plan = _fixture.Read(_fixture.Plan());
        var folder = _fixture.Sweep();
        using var stop = new CancellationTokenSource();
        int begun = 0;
        Assert.ThrowsAny<OperationCanceledException>(() => SweepRun.Take(plan, folder, _fixture.Options(_ =>
        {
            if (++begun == 2) stop.Cancel();
        }), stop.Token));
        Assert.Empty(SweepFixture.Strays(folder));
        Assert.Single(SweepFixture.Readings(folder));
        var end = SweepRun.Take(plan, folder, _fixture.Options() with { Limit = TimeSpan.Zero }, Test);
        Assert.Equal(new SweepEnd(3, 1, 0, 0, 2), end);
    }

    public void Dispose() => _fixture.Dispose();
}
