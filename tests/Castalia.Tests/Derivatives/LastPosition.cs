using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Derivatives;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Untrained;
using Xunit;

namespace Castalia.Tests.Derivatives;

/// <summary>Every block of a pass at the last position of one prompt, where a test may try its map and its tangents.</summary>
static class LastPosition
{
    /// <summary>A block as a test finds it.</summary>
    /// <param name="Architecture">The model.</param>
    /// <param name="Map">The block as a map.</param>
    /// <param name="Tangents">Its derivatives.</param>
    /// <param name="Weights">Its weights.</param>
    /// <param name="Held">The other positions.</param>
    /// <param name="Stream">resid_pre.</param>
    public sealed record Found(Architecture Architecture, BlockMap Map, BlockTangents Tangents, BlockWeights Weights, HeldPositions Held, double[] Stream)
    {
        /// <summary>The block's point there.</summary>
        public BlockPoint Point => Map.At(Weights, Held, [Stream])[0];
    }

    /// <summary>Calls a test for every block.</summary>
    public static void OfEveryBlock(string folder, TokenizedPrompt prompt, Action<Found> test, int threads = 1)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var a = ArchitectureReader.Read(checkpoint);
        using var pass = new ForwardPass(checkpoint, a, [prompt], threads, null, TestContext.Current.CancellationToken);
        using var linear = new WideLinear(pass.Crew);
        using var map = new BlockMap(a, pass.Crew, linear);
        using var tangents = new BlockTangents(a, pass.Crew, linear);
        var read = new WeightReader(pass.Weights, a, checkpoint);
        pass.Run(new Observer((layer, activations) =>
        {
            int last = prompt.Ids.Count - 1;
            float[] pre = new float[a.DModel];
            activations.Read(ResidualSite.Pre, last, pre);
            test(new(a, map, tangents, BlockWeights.Read(read, a, layer), new(a, layer, activations.Attention!, 0, last, prompt.Ids.Count, prompt.Ids.Count), [.. pre]));
        }));
    }

    /// <summary>Seeded normal deviates.</summary>
    public static double[] Direction(int width, ulong seed) => [.. Enumerable.Range(0, width).Select(i => NormalDeviates.At(NormalDeviates.Key(seed, "direction"), i))];

    public static double Length(IEnumerable<double> x) => Math.Sqrt(x.Sum(value => value * value));

    sealed class Observer(Action<int, BlockActivations> seen) : IBlockObserver
    {
        public void Seen(int layer, Chunk chunk, BlockActivations activations) => seen(layer, activations);
    }
}
