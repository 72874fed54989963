using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Hub;
using Castalia.Runs;
using Castalia.Sweeps;
using Xunit;

namespace Castalia.Tests.Sweeps;

public sealed class CheckpointHashesTests : IDisposable
{
    readonly SweepFixture _fixture = new();

    static CancellationToken Test => TestContext.Current.CancellationToken;

    [Fact]
    public void What_was_hashed_is_not_read_again_unless_it_has_changed()
    {
        _fixture.Checkpoints(3);
        var cell = (CheckpointCell)_fixture.Read(_fixture.Plan()).Cells[0];
        var run = _fixture.Options().Compute(cell, CheckpointSource.Find(cell.Checkpoint.Named, Wanted.Weights, () => new(_fixture.At("hub")))!, 1, Test).Run;
        var known = Known(cell.Checkpoint.Named);
        var fresh = RunHashes.Of(run, progress: null, Test);
        string weights = Assert.Single(fresh.Weights).Key, file = Assert.Single(known.Files.Keys, path => path.EndsWith(".safetensors", StringComparison.Ordinal));
        Assert.Equal(fresh.Weights[weights], known.Weights);
        Assert.Equal(fresh.Files[file], known.Files[file].Hash);

        var told = known with { Weights = "as told", Files = known.Files.ToDictionary(of => of.Key, of => (of.Value.Identity, new FileHash(1, "as told"))) };
        var reused = RunHashes.Of(run, told, progress: null, Test);
        Assert.Equal(("as told", "as told"), (reused.Weights[weights], reused.Files[file].Sha256));
        Assert.Equal(fresh.Files.Keys.Order(), reused.Files.Keys.Order());

        File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddMinutes(-1));
        Assert.False(told.IsUnchanged);
        Assert.Equal(fresh.Weights, RunHashes.Of(run, told, progress: null, Test).Weights);
        File.Delete(file);
        Assert.False(told.IsUnchanged);
    }

    static CheckpointHashes Known(string path)
    {
        using var checkpoint = Checkpoint.Open(path);
        return CheckpointHashes.Of(checkpoint, WeightsLayout.Of(checkpoint, WeightMap.Bind(ArchitectureReader.Read(checkpoint).With(GeluChoice.Config, path), checkpoint)), 1, Test);
    }

    public void Dispose() => _fixture.Dispose();
}
