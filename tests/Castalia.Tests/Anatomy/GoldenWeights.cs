using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;

namespace Castalia.Tests.Anatomy;

/// <summary>A golden checkpoint, open.</summary>
sealed class GoldenWeights : IDisposable
{
    public GoldenWeights(string @case) : this(Path.Combine(Shared.Repository, "tests", "golden", "models", @case), @case)
    {
    }

    public GoldenWeights(string path, string name)
    {
        Checkpoint = Checkpoint.Open(path);
        Open = new(name, WeightMap.Bind(ArchitectureReader.Read(Checkpoint), Checkpoint), Checkpoint);
    }

    public Checkpoint Checkpoint { get; }

    public OpenWeights Open { get; }

    public void Dispose() => Checkpoint.Dispose();
}
