using System.Globalization;
using Castalia.Anatomy.Spectra;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Derivatives;
using Castalia.Forward;
using Castalia.Machine;
using Castalia.Prompts;
using Castalia.Residual;

namespace Castalia.Benchmarks.Models;

/// <summary>What a Jacobian of one position takes beside a plain pass of as many tokens as it has columns through the same block, in turn in one process.</summary>
static class JacobianRatios
{
    /// <summary>Prints medians of the rounds and of their ratios, of the first block of a checkpoint.</summary>
    public static void Print(string folder, int threads, int rounds, CancellationToken cancellation)
    {
        using var checkpoint = Checkpoint.Open(folder);
        var a = ArchitectureReader.Read(checkpoint);
        int tokens = Math.Min(a.DModel, a.NCtx), last = tokens - 1;
        int[] ids = [.. Enumerable.Range(0, tokens).Select(i => i * 7 % a.DVocab)];
        TokenizedPrompt prompt = new(new Prompt { Name = "p", Ids = ids, Place = "benchmark" }, ids, 0, 0);
        using var pass = new ForwardPass(checkpoint, a, [prompt], threads, null, cancellation);
        using var narrow = new LinearPass(pass.Crew);
        using var block = new BlockPass(a, pass.Crew, narrow, new RotaryTables(a, pass.Batch));
        using var linear = new WideLinear(pass.Crew);
        using var map = new BlockMap(a, pass.Crew, linear);
        using var tangents = new BlockTangents(a, pass.Crew, linear);
        var weights = BlockWeights.Read(new WeightReader(pass.Weights, a, checkpoint), a, 0);
        BlockPoint? at = null;
        double[]? j = null;
        Times[] times = InTurn.Time(rounds, before: 2,
            () => block.Run(pass.Batch, pass.Batch.Chunks[0], weights, pass.Stream.Of(0)),
            () =>
            {
                float[] pre = new float[a.DModel];
                block.Activations.Read(ResidualSite.Pre, last, pre);
                at = map.At(weights, new HeldPositions(a, 0, block.Activations.Attention!, 0, last, tokens, tokens), [[.. pre]])[0];
            },
            () => j = tangents.Jacobian(weights, at!), () => JacobianSpectrum.Of(j!, a.DModel));
        var (forward, jacobian) = (times[0], times[2]);
        double peak = FmaPeak.Measure(threads);
        Say($"one block, {tokens} tokens", times[0]);
        Say("the point, float64", times[1]);
        Say($"Jacobian, {a.DModel} tangents, float64", times[2]);
        Say("singular values, one thread", times[3]);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Jacobian over pass: {jacobian.Over(forward):0.00}, fastest rounds {jacobian.Fastest / forward.Fastest:0.00}; float32 peak just now {peak / 1e9:0} GFLOP/s"));
    }

    static void Say(string what, Times times) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-40} {times.Median * 1e3,8:0.0} ms, fastest {times.Fastest * 1e3:0.0}"));
}
