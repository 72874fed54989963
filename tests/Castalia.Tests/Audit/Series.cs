using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Audit;
using Castalia.Cards;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Tests.Anatomy;
using Castalia.Untrained;
using Xunit;

namespace Castalia.Tests.Audit;

/// <summary>Revisions of a small Pythia, written and opened: it begins as documented and moves away from there step by step.</summary>
sealed class Series : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public Dictionary<string, Checkpoint> Open { get; } = [];

    /// <summary>A weight at a step, as a small Pythia begins: gains 1, biases 0, the rest by small_init and wang_init.</summary>
    public static float Drawn(string name, int i, double inner, double outer)
    {
        if (name.EndsWith("layernorm.weight", StringComparison.Ordinal) || name.EndsWith("layer_norm.weight", StringComparison.Ordinal)) return 1;
        if (name.EndsWith("bias", StringComparison.Ordinal)) return 0;
        bool writes = name.Contains("attention.dense", StringComparison.Ordinal) || name.Contains("4h_to_h", StringComparison.Ordinal);
        return (float)((writes ? outer : inner) * NormalDeviates.At(NormalDeviates.Key(1, name), i));
    }

    public static readonly double Small = InitialScheme.Small(16).Deviation, Wang = InitialScheme.Wang(16, 3).Deviation;

    /// <summary>A weight at a step: what is left of the first one, and a drift that grows. The first step moves nothing.</summary>
    public static float At(string name, int i, long step)
    {
        double trained = step < 2 ? 0 : step / 1e5;
        double drift = NormalDeviates.At(NormalDeviates.Key(2, name), i);
        return (float)(Drawn(name, i, Small, Wang) * (1 - trained) + 0.3 * trained * drift);
    }

    public string Write(string name, Func<string, int, float> value, bool sharded = true)
    {
        string folder = Path.Combine(_folder.Path, name);
        SmallNeoX.Write(folder, value, sharded);
        return folder;
    }

    public TensorHashes Hash(string folder, HashCache? cache = null, IProgress<Castalia.Runs.HashProgress>? progress = null, int threads = 2)
    {
        string name = Path.GetFileName(folder);
        if (!Open.TryGetValue(name, out var checkpoint)) Open[name] = checkpoint = Checkpoint.Open(folder);
        return TensorHashes.Of(name, Castalia.Runs.TrainingSource.StepOf(name), checkpoint, cache, threads, progress, TestContext.Current.CancellationToken);
    }

    /// <summary>Steps as they should be, with some in another's place.</summary>
    /// <param name="steps">The steps.</param>
    /// <param name="takenFrom">Of a step and a tensor, the step it is taken from.</param>
    /// <param name="sharded">In three shards.</param>
    public TensorHashes[] Steps(long[] steps, Func<long, string, long>? takenFrom = null, bool sharded = true) =>
        [.. steps.Select(step => Hash(Write($"step{step}", (name, i) => At(name, i, takenFrom?.Invoke(step, name) ?? step), sharded)))];

    public AuditReport Report(IReadOnlyList<TensorHashes> revisions, params IReadOnlyList<InitialStatistics> initial) =>
        AuditReport.Of(revisions, new TensorDistance(Open).Between, initial);

    public OpenWeights Weights(string name) => new(name, WeightMap.Bind(ArchitectureReader.Read(Open[name]), Open[name]), Open[name]);

    public InitialStatistics Initial(string name, Card? card = null) =>
        InitialStatistics.Of(SmallNeoX.Described, WeightAnatomies.Read(Weights(name), null, 1, null, TestContext.Current.CancellationToken), card);

    public void Dispose()
    {
        foreach (var checkpoint in Open.Values) checkpoint.Dispose();
        _folder.Dispose();
    }
}
