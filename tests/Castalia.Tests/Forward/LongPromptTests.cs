using System.Runtime.InteropServices;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Kernels;
using Castalia.Prompts;
using Castalia.Residual;
using Xunit;
using Architecture = Castalia.Architectures.Architecture;

namespace Castalia.Tests.Forward;

/// <summary>A prompt that takes many tiles, pieces and runs, alone and among short ones, against the plain definition.</summary>
public sealed unsafe class LongPromptTests
{
    const int Tokens = 700;

    [Theory]
    [InlineData("gpt_neox/pythia")]
    [InlineData("llama/gqa")]
    [InlineData("mistral/window")]
    [InlineData("bloom/bloom")]
    [InlineData("mpt/mpt")]
    public void What_attention_gives_has_the_bits_of_its_definition(string @case)
    {
        using var block = new Block(@case);
        float[] attnIn = block.Run([Tokens], threads: 2, ResidualSite.AttnIn), z = block.Run([Tokens], threads: 2, ResidualSite.Z);
        var a = block.Architecture;
        float[] q = Projected(block.Weights.Query, attnIn), k = Projected(block.Weights.Key, attnIn), v = Projected(block.Weights.Value, attnIn);
        int qWidth = a.NHeads * a.HeadDim, kvWidth = a.NKvHeads * a.HeadDim, group = a.NHeads / a.NKvHeads;
        var table = new RotaryTables(a, new RaggedBatch([Prompt(Tokens)])).Of(Block.Layer, Tokens);
        for (int t = 0; t < Tokens && table is not null; t++)
        {
            table.Turn(q.AsSpan(t * qWidth, qWidth), a.HeadDim, t);
            table.Turn(k.AsSpan(t * kvWidth, kvWidth), a.HeadDim, t);
        }
        // The last query, those about the edges of a run of 256 keys, and some between.
        int[] positions = [0, 1, 11, 12, 100, 254, 255, 256, 257, 300, 511, 512, 513, 698, 699];
        foreach (int head in new[] { 0, a.NHeads - 1 })
        {
            double slope = a.Alibi is { } alibi ? alibi.Slopes(a.NHeads)[head] * alibi.Times * (alibi.Scaled ? a.AttentionScale : 1) : 0;
            Assert.False(a.Alibi?.InBFloat16 ?? false);
            var rule = new ScoreRule((float)a.AttentionScaleOf(Block.Layer), (float)slope, a.WindowOf(Block.Layer) ?? int.MaxValue, a.AttentionSoftcap ?? 0);
            int kv = head / group * a.HeadDim;
            float[] expected = new float[a.HeadDim];
            foreach (int t in positions)
            {
                int at = t * qWidth + head * a.HeadDim;
                Attention.Reference(q.AsSpan(at, a.HeadDim), t, k.AsSpan(kv), v.AsSpan(kv), kvWidth, rule, expected);
                Assert.Equal(Bits(expected), Bits(z.AsSpan(at, a.HeadDim)));
            }
        }
    }

    [Theory]
    [InlineData("gpt_neox/pythia")]
    [InlineData("mistral/window")]
    [InlineData("gemma2/gemma2")]
    [InlineData("mixtral/mixtral")]
    public void Neither_threads_nor_company_change_a_bit(string @case)
    {
        using var block = new Block(@case);
        float[] alone = block.Run([Tokens], threads: 1, ResidualSite.Post);
        foreach (int threads in new[] { 2, 3 }) Assert.Equal(Bits(alone), Bits(block.Run([Tokens], threads, ResidualSite.Post)));
        int[] company = [1, 13, Tokens, 12, 40];
        float[] together = block.Run(company, threads: 2, ResidualSite.Post);
        Assert.Equal(Bits(alone), Bits(together.AsSpan(14 * block.Architecture.DModel, alone.Length)));
    }

    static int[] Bits(ReadOnlySpan<float> values) => MemoryMarshal.Cast<float, int>(values).ToArray();

    static float[] Projected(LinearWeights linear, float[] x)
    {
        int rows = linear.Weight.Rows, columns = linear.Weight.Columns, tokens = x.Length / columns;
        float[] y = new float[tokens * rows], w = new float[columns];
        for (int n = 0; n < rows; n++)
        {
            linear.Weight.Widen(n, 0, w);
            for (int t = 0; t < tokens; t++) y[t * rows + n] = MatMul.Reference(x.AsSpan(t * columns, columns), w, linear.Bias?[n]);
        }
        return y;
    }

    static TokenizedPrompt Prompt(int tokens)
    {
        int[] ids = new int[tokens];
        return new(new() { Name = "1", Ids = ids, Place = "p.jsonl, line 1" }, ids, Added: 0, DroppedBytes: 0);
    }

    /// <summary>One block of a checkpoint, fed a stream of its own instead of embeddings, which may have no such positions.</summary>
    sealed class Block : IDisposable
    {
        public const int Layer = 1;

        readonly Checkpoint _checkpoint;

        public Block(string @case)
        {
            _checkpoint = Checkpoint.Open(Path.Combine([Shared.Repository, "tests", "golden", "models", .. @case.Split('/')]));
            Architecture = ArchitectureReader.Read(_checkpoint);
            Weights = BlockWeights.Read(new WeightReader(WeightMap.Bind(Architecture, _checkpoint), Architecture), Architecture, Layer);
        }

        public Architecture Architecture { get; }

        public BlockWeights Weights { get; }

        /// <summary>What a site holds, [tokens × width]. A prompt's stream depends on its length alone.</summary>
        public float[] Run(int[] lengths, int threads, ResidualSite site)
        {
            var batch = new RaggedBatch([.. lengths.Select(Prompt)]);
            using var crew = new Crew(threads, TestContext.Current.CancellationToken);
            using var linear = new LinearPass(crew);
            using var pass = new BlockPass(Architecture, crew, linear, new RotaryTables(Architecture, batch));
            float[] result = new float[batch.Tokens * pass.Activations.Width(site)];
            using var packed = new PackedTokens();
            foreach (var chunk in batch.Chunks)
            {
                var stream = new List<float>();
                foreach (int length in lengths[chunk.FirstPrompt..(chunk.FirstPrompt + chunk.Prompts)])
                {
                    var random = new Random(length);
                    for (int i = 0; i < length * Architecture.DModel; i++) stream.Add((float)(random.NextDouble() * 4 - 2));
                }
                fixed (float* rows = CollectionsMarshal.AsSpan(stream)) packed.Pack(crew, rows, chunk.Tokens, Architecture.DModel);
                pass.Run(batch, chunk, Weights, packed);
                int width = pass.Activations.Width(site);
                for (int t = 0; t < chunk.Tokens; t++) pass.Activations.Read(site, t, result.AsSpan((chunk.FirstToken + t) * width, width));
            }
            return result;
        }

        public void Dispose() => _checkpoint.Dispose();
    }
}
