using Castalia.Hub;
using Castalia.Sweeps;
using Castalia.Tests.Hub;
using Xunit;

namespace Castalia.Tests.Sweeps;

public sealed class CheckpointSupplyTests : IDisposable
{
    readonly SweepFixture _fixture = new();
    readonly HubServer _server = new();

    CancellationToken Test => _fixture.Token;

    public CheckpointSupplyTests()
    {
        byte[] config = File.ReadAllBytes(Path.Combine(SweepFixture.Llama, "config.json"));
        for (int step = 0; step < 3; step++) _server.Serve("o/m", $"step{step}", new("config.json", config), new("model.safetensors", SweepFixture.Weights(step), Lfs: true));
    }

    HubSettings Settings => new() { Endpoint = new(_server.Endpoint), CacheFolder = _fixture.At("hub"), FirstPause = TimeSpan.FromMilliseconds(1), Patience = TimeSpan.FromMinutes(5) };

    string Plan(string revisions)
    {
        string path = _fixture.At("hub.yaml");
        File.WriteAllText(path, $"checkpoints:\n  - models: o/m\n    revisions: {revisions}\ntasks:\n  - verb: measure\n    prompts: {_fixture.At("p.jsonl")}\n    positions: [last, all]\n");
        return path;
    }

    [Fact]
    public void Checkpoints_are_fetched_once_within_the_room_and_dropped_and_a_missing_revision_is_named()
    {
        var folder = _fixture.Sweep();
        int most = 0;
        var options = _fixture.Options(_ => most = Math.Max(most, Directory.GetDirectories(Directory.GetDirectories(folder.Fetched).Single()).Length)) with { Hub = () => Settings, Disk = 500_000 };
        var plan = _fixture.Read(Plan("[step0, step1, step9, step2]"));
        Assert.Equal(new SweepEnd(8, 6, 6, 2, 0), SweepRun.Take(plan, folder, options, Test));
        Assert.Equal(1, most);
        Assert.Equal(3, _server.Requests.Count(asked => asked is { AtStore: true, Method: "GET" }));
        Assert.False(Directory.Exists(folder.Fetched));
        Assert.Equal(6, SweepFixture.Readings(folder).Count);
        Assert.Equal("o/m has no revision 'step9' (404).", SweepFailures.Read(folder, plan.Cells[4].Key).Cause);
    }

    [Fact]
    public async Task What_the_cache_has_is_read_there_and_stays()
    {
        await HubPull.Take(HubAddress.Parse("o/m@step1"), Settings, _ => { }, null, Test);
        int asked = _server.Requests.Count;
        var folder = _fixture.Sweep();
        Assert.Equal(new SweepEnd(2, 2, 2, 0, 0), SweepRun.Take(_fixture.Read(Plan("present")), folder, _fixture.Options() with { Hub = () => Settings }, Test));
        Assert.Equal(asked, _server.Requests.Count);
        Assert.NotNull(CheckpointSource.Find("o/m@step1", Wanted.Weights, () => new(_fixture.At("hub"))));
    }

    [Fact]
    public void What_is_larger_than_the_room_is_refused_before_it_is_fetched()
    {
        var folder = _fixture.Sweep();
        var plan = _fixture.Read(Plan("step0"));
        Assert.Equal(new SweepEnd(2, 0, 0, 2, 0), SweepRun.Take(plan, folder, _fixture.Options() with { Hub = () => Settings, Disk = 400_000 }, Test));
        Assert.EndsWith("bytes on disk; --disk allows 400000.", SweepFailures.Read(folder, plan.Cells[0].Key).Cause, StringComparison.Ordinal);
        Assert.Empty(_server.For("model.safetensors"));
    }

    public void Dispose()
    {
        _server.Dispose();
        _fixture.Dispose();
    }
}
