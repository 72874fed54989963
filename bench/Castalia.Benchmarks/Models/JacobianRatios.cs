using System.Diagnostics;
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
        double[] forward = new double[rounds], point = new double[rounds], jacobian = new double[rounds], spectrum = new double[rounds];
        for (int round = -2; round < rounds; round++) // two are not counted: kernels are compiled
        {
            Time(round, forward, () => block.Run(pass.Batch, pass.Batch.Chunks[0], weights, pass.Stream.Of(0)));
            float[] pre = new float[a.DModel];
            block.Activations.Read(ResidualSite.Pre, last, pre);
            var held = new HeldPositions(a, 0, block.Activations.Attention!, 0, last, tokens, tokens);
            BlockPoint? at = null;
            double[]? j = null;
            Time(round, point, () => at = map.At(weights, held, [[.. pre]])[0]);
            Time(round, jacobian, () => j = tangents.Jacobian(weights, at!));
            Time(round, spectrum, () => JacobianSpectrum.Of(j!, a.DModel));
        }
        double peak = FmaPeak.Measure(threads);
        Say($"one block, {tokens} tokens", forward);
        Say("the point, float64", point);
        Say($"Jacobian, {a.DModel} tangents, float64", jacobian);
        Say("singular values, one thread", spectrum);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Jacobian over pass: {Median.Of([.. jacobian.Zip(forward, (j, f) => j / f)]):0.00}, fastest rounds {jacobian.Min() / forward.Min():0.00}; float32 peak just now {peak / 1e9:0} GFLOP/s"));
    }

    static void Say(string what, double[] seconds) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-40} {Median.Of([.. seconds]) * 1e3,8:0.0} ms, fastest {seconds.Min() * 1e3:0.0}"));

    static void Time(int round, double[] seconds, Action work)
    {
        var watch = Stopwatch.StartNew();
        work();
        if (round >= 0) seconds[round] = watch.Elapsed.TotalSeconds;
    }
}
