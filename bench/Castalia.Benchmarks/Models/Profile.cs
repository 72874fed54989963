using System.Diagnostics;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Kernels;
using Castalia.Residual;

namespace Castalia.Benchmarks.Models;

/// <summary>Where the time of a measurement goes: each part run by itself over the model's own weights, medians.</summary>
/// <remarks>
/// Attention and MLP are run whole, and their linear layers again by themselves; the differences are what they do besides. What a block takes
/// beyond all of it is norms, additions and copies. So the product needs no clock in it.
/// </remarks>
static unsafe class Profile
{
    public static void Print(string folder, int threads, int rounds, CancellationToken cancellation)
    {
        var parts = new Dictionary<string, List<double>>();
        for (int round = -1; round < rounds; round++)
            foreach (var (part, seconds) in Measure(folder, threads, cancellation))
                if (round >= 0) (parts.TryGetValue(part, out var list) ? list : parts[part] = []).Add(seconds);
        double total = parts.Sum(part => Median.Of(part.Value));
        Console.WriteLine("| part | ms | of the whole |\n| --- | ---: | ---: |");
        foreach (var (part, seconds) in parts)
            Console.WriteLine($"| {part} | {Median.Of(seconds) * 1e3:F1} | {Median.Of(seconds) / total:P1} |");
        Console.WriteLine($"| all | {total * 1e3:F1} | |");
    }

    static IEnumerable<(string Part, double Seconds)> Measure(string folder, int threads, CancellationToken cancellation)
    {
        long begin = Stopwatch.GetTimestamp();
        using var checkpoint = Checkpoint.Open(folder);
        var a = ArchitectureReader.Read(checkpoint);
        if (a.Mlp == MlpKind.Mixture) throw new ArgumentException("A mixture's experts differ from token to token; profile another model.");
        using var pass = new ForwardPass(checkpoint, a, Workload.Standard.For(a.DVocab), threads, null, cancellation);
        double opening = Since(begin);
        var recording = new Recording(pass.Batch, pass.Crew, a.NLayers);
        double record = 0, linear = 0, attention = 0, mlp = 0, rest = 0;
        using var linearPass = new LinearPass(pass.Crew);
        using var attentionPass = new AttentionPass(a, pass.Crew, linearPass, new RotaryTables(a, pass.Batch));
        using var mlpPass = new MlpPass(a, pass.Crew, linearPass);
        using var blockPass = new BlockPass(a, pass.Crew, linearPass, new RotaryTables(a, pass.Batch));
        using PackedTokens packed = new(), to = new(), inner = new();
        using FloatBuffer y = new(), z = new();
        var read = new WeightReader(pass.Weights, a, checkpoint);
        for (int layer = 0; layer < a.NLayers; layer++)
        {
            var weights = BlockWeights.Read(read, a, layer);
            for (int c = 0; c < pass.Batch.Chunks.Count; c++)
            {
                var chunk = pass.Batch.Chunks[c];
                double block = Time(() => blockPass.Run(pass.Batch, chunk, weights, pass.Stream.Of(c)));
                record += Time(() => recording.Seen(layer, chunk, blockPass.Activations));
                var at = blockPass.Activations;
                float* rows = y.Resize((long)chunk.Tokens * a.NHeads * a.HeadDim).Data;
                float* ofHeads = z.Resize((long)chunk.Tokens * a.NHeads * a.HeadDim).Data;
                double qkv = Time(() => linearPass.Run(
                    at[ResidualSite.AttnIn], new(weights.Query, rows), new(weights.Key, ofHeads), new(weights.Value, ofHeads)));
                double attnOut = Time(() => linearPass.Run(
                    packed.Pack(pass.Crew, at.Z, chunk.Tokens, at.Width(ResidualSite.Z)), weights.AttnOut, to));
                var mlpIn = at[ResidualSite.MlpIn];
                double up = Time(() =>
                {
                    if (weights.Mlps[0].Gate is { } gate) linearPass.Run(mlpIn, new(gate, inner), new LinearOutput(weights.Mlps[0].Up, packed));
                    else linearPass.Run(mlpIn, weights.Mlps[0].Up, inner);
                });
                double down = Time(() => linearPass.Run(at[ResidualSite.MlpPost], weights.Mlps[0].Down, to));
                double wholeAttention = Time(() => attentionPass.Run(pass.Batch, chunk, weights, at[ResidualSite.AttnIn], ofHeads));
                double wholeMlp = Time(() => mlpPass.Run(mlpIn, weights, inner, to));
                linear += qkv + attnOut + up + down;
                attention += wholeAttention - qkv;
                mlp += wholeMlp - up - down;
                rest += block - wholeAttention - attnOut - wholeMlp;
                rest += Time(() => pass.Stream.Advance(c, at));
            }
        }
        var outputs = new Outputs(pass, a.DVocab, allPositions: false);
        double head = Time(() => outputs.Read()), norms = Time(() => outputs.FinalNorms());
        return
        [
            ("opening, binding, embedding", opening), ("linear layers", linear), ("attention besides its linear layers", attention),
            ("activation of the MLP", mlp), ("norms and sums in a block", rest), ("recording", record), ("unembedding and entropy", head),
            ("final norms", norms),
        ];
    }

    static double Time(Action action)
    {
        long begin = Stopwatch.GetTimestamp();
        action();
        return Since(begin);
    }

    static double Since(long begin) => Stopwatch.GetElapsedTime(begin).TotalSeconds;
}
