using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Derivatives;
using Castalia.Forward;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Derivatives;

/// <summary>Tangents forwards, in float64, and gradients backwards, in float32, through one block: two implementations of one derivative.</summary>
public sealed class ForwardAndReverseTests
{
    public static TheoryData<string> Cases =>
    [
        "gpt_neox/pythia", "gpt_neox/sequential-f32", "gptj/gptj", "gpt2/gpt2", "llama/gqa", "llama/llama31", "mistral/window", "qwen2/qwen2", "phi/phi", "gemma/gemma", "opt/opt",
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_product_of_w_with_Jv_is_that_of_the_transposed_Jw_with_v(string @case)
    {
        var golden = Golden.Load(@case);
        var prompt = golden.Prompts[TangentTests.Longest(golden)];
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        var a = ArchitectureReader.Read(checkpoint);
        GradientSupport.Check(a, golden.Checkpoint);
        using var pass = new ForwardPass(checkpoint, a, [prompt], 1, null, TestContext.Current.CancellationToken);
        var read = new WeightReader(pass.Weights, a, checkpoint);
        var batch = new TokenBatch(a, [prompt]);
        using var sums = new GradientSums(pass.Weights, pass.Crew);
        using var reverse = new BlockGradient(a, pass.Crew, sums);
        using var linear = new WideLinear(pass.Crew);
        using var map = new BlockMap(a, pass.Crew, linear);
        using var tangents = new BlockTangents(a, pass.Crew, linear);
        pass.Run(new Observer((layer, activations) =>
        {
            int tokens = prompt.Ids.Count, last = tokens - 1;
            var weights = BlockWeights.Read(read, a, layer);
            using PaddedRows h = new(), dh = new(), before = new();
            using var record = new BlockRecord();
            record.Pre.Resize(tokens, a.DModel);
            for (int t = 0; t < tokens; t++) activations.Read(ResidualSite.Pre, t, record.Pre[t]);
            double[] stream = [.. record.Pre[last].ToArray().Select(value => (double)value)];
            var held = new HeldPositions(a, layer, activations.Attention!, 0, last, tokens, tokens);
            var point = map.At(weights, held, [stream])[0];
            reverse.Forward(weights, batch, record, h);
            for (ulong seed = 1; seed <= 3; seed++)
            {
                float[] w = [.. LastPosition.Direction(a.DModel, seed).Select(value => (float)value)];
                double[] v = LastPosition.Direction(a.DModel, seed + 10), jv = tangents.Run(weights, point, v);
                dh.Resize(tokens, a.DModel);
                for (int t = 0; t < tokens; t++) dh[t].Clear();
                w.CopyTo(dh[last]);
                reverse.Backward(weights, batch, record, dh, before);
                double forth = jv.Zip(w, (x, y) => x * y).Sum(), back = before[last].ToArray().Zip(v, (x, y) => x * y).Sum();
                double allowed = 1e-6 * LastPosition.Length(jv) * LastPosition.Length(w.Select(value => (double)value));
                Assert.True(Math.Abs(forth - back) <= allowed, FormattableString.Invariant($"{@case}, block {layer}: {forth:G9} and {back:G9}, allowed {allowed:E1}"));
            }
        }));
    }

    /// <summary>The same of all blocks together: from what the last position reads in the first to what it leaves the last with.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Of_the_whole_model_too(string @case)
    {
        var golden = Golden.Load(@case);
        var prompt = golden.Prompts[TangentTests.Longest(golden)];
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        var a = ArchitectureReader.Read(checkpoint);
        using var pass = new ForwardPass(checkpoint, a, [prompt], 1, null, TestContext.Current.CancellationToken);
        var read = new WeightReader(pass.Weights, a, checkpoint);
        var batch = new TokenBatch(a, [prompt]);
        using var sums = new GradientSums(pass.Weights, pass.Crew);
        using var reverse = new BlockGradient(a, pass.Crew, sums);
        using var linear = new WideLinear(pass.Crew);
        using var map = new BlockMap(a, pass.Crew, linear);
        using var tangents = new BlockTangents(a, pass.Crew, linear);
        int tokens = prompt.Ids.Count, last = tokens - 1;
        double[] v = LastPosition.Direction(a.DModel, 5), jv = v;
        var records = Enumerable.Range(0, a.NLayers).Select(_ => new BlockRecord()).ToArray();
        using PaddedRows h = new(), first = new(), second = new();
        pass.Run(new Observer((layer, activations) =>
        {
            var weights = BlockWeights.Read(read, a, layer);
            var record = records[layer];
            record.Pre.Resize(tokens, a.DModel);
            for (int t = 0; t < tokens; t++) activations.Read(ResidualSite.Pre, t, record.Pre[t]);
            double[] stream = [.. record.Pre[last].ToArray().Select(value => (double)value)];
            jv = tangents.Run(weights, map.At(weights, new HeldPositions(a, layer, activations.Attention!, 0, last, tokens, tokens), [stream])[0], jv);
            reverse.Forward(weights, batch, record, h);
        }));
        float[] w = [.. LastPosition.Direction(a.DModel, 6).Select(value => (float)value)];
        var (after, before) = (first, second);
        after.Resize(tokens, a.DModel);
        for (int t = 0; t < tokens; t++) after[t].Clear();
        w.CopyTo(after[last]);
        for (int layer = a.NLayers - 1; layer >= 0; layer--)
        {
            reverse.Backward(BlockWeights.Read(read, a, layer), batch, records[layer], after, before);
            (after, before) = (before, after);
        }
        double forth = jv.Zip(w, (x, y) => x * y).Sum(), back = after[last].ToArray().Zip(v, (x, y) => x * y).Sum();
        double allowed = 1e-6 * LastPosition.Length(jv) * LastPosition.Length(w.Select(value => (double)value));
        Assert.True(Math.Abs(forth - back) <= allowed, FormattableString.Invariant($"{@case}: {forth:G9} and {back:G9}, allowed {allowed:E1}"));
        foreach (var record in records) record.Dispose();
    }

    sealed class Observer(Action<int, BlockActivations> seen) : IBlockObserver
    {
        public void Seen(int layer, Chunk chunk, BlockActivations activations) => seen(layer, activations);
    }
}
