using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Forward;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Attribution;

public sealed class UnitTokensTests
{
    /// <summary>LayerNorm with transposed storage, a post-norm with weights plus one, experts, and the plain case.</summary>
    [Theory]
    [InlineData("gpt2/gpt2")]
    [InlineData("gemma2/gemma2")]
    [InlineData("mixtral/mixtral")]
    [InlineData("llama/gqa")]
    public void The_tokens_of_a_neuron_are_the_largest_and_smallest_of_what_its_column_does_to_the_logits(string @case)
    {
        using var checkpoint = Checkpoint.Open(Golden.Load(@case).Checkpoint);
        var a = ArchitectureReader.Read(checkpoint);
        var read = new WeightReader(WeightMap.Bind(a, checkpoint), a, checkpoint);
        int last = a.DFf * (a.Mixture?.Experts ?? 1) - 1, vocabulary = a.DVocab - 3;
        (int Block, int Neuron)[] asked = [(1, 5), (1, last), (0, 2)];
        var found = UnitTokens.Of(checkpoint, a, asked, most: 4, vocabulary, threads: 2, TestContext.Current.CancellationToken);
        Assert.Equal(asked, found.Select(neuron => (neuron.Block, neuron.Neuron)));
        float[] final = read.Norm(WeightRole.FinalNorm).Weight, row = new float[a.DModel], one = new float[1];
        foreach (var neuron in found)
        {
            double[] column = [.. Enumerable.Range(0, a.DModel).Select(d =>
            {
                read.Linear(WeightRole.MlpDown, neuron.Block, neuron.Neuron / a.DFf).Weight.Widen(d, neuron.Neuron % a.DFf, one);
                return one[0] * (a.NormPlacement == NormPlacement.Before ? 1.0 : read.Norm(WeightRole.MlpPostNorm, neuron.Block).Weight[d]);
            })];
            double mean = a.Norm == NormKind.LayerNorm ? column.Average() : 0;
            double[] logits = [.. Enumerable.Range(0, vocabulary).Select(id =>
            {
                read.Linear(WeightRole.Unembedding).Weight.Widen(id, 0, row);
                return row.Select((w, d) => w * (column[d] - mean) * final[d]).Sum();
            })];
            int[] order = [.. Enumerable.Range(0, vocabulary).OrderByDescending(id => logits[id])];
            Assert.Equal(order[..4], neuron.Raised);
            Assert.Equal(order.Reverse().Take(4), neuron.Lowered);
        }
    }

    [Theory]
    [InlineData("gpt2/gpt2")]
    [InlineData("gemma2/gemma2")]
    [InlineData("llama/gqa")]
    public void The_tokens_of_a_head_are_the_largest_and_smallest_of_what_its_mean_output_does_to_the_logits(string @case)
    {
        using var checkpoint = Checkpoint.Open(Golden.Load(@case).Checkpoint);
        var a = ArchitectureReader.Read(checkpoint);
        var read = new WeightReader(WeightMap.Bind(a, checkpoint), a, checkpoint);
        const int Block = 1;
        var random = new Random(5);
        double[] z = [.. Enumerable.Range(0, a.NHeads * a.HeadDim).Select(_ => random.NextDouble() - 0.5)];
        var means = new UnitMeans { Block = Block, Heads = [], Neurons = [], NegativeHeads = [], NegativeNeurons = [], HeadInputs = z, Halves = null };
        int vocabulary = a.DVocab - 3;
        var found = UnitTokens.OfHeads(checkpoint, a, means, [2, 0], most: 3, vocabulary, threads: 2, TestContext.Current.CancellationToken);
        Assert.Equal([2, 0], found.Select(head => head.Head));
        float[] final = read.Norm(WeightRole.FinalNorm).Weight, row = new float[a.DModel], slice = new float[a.HeadDim];
        foreach (var head in found)
        {
            double[] written = [.. Enumerable.Range(0, a.DModel).Select(d =>
            {
                read.Linear(WeightRole.AttnOut, Block).Weight.Widen(d, head.Head * a.HeadDim, slice);
                return slice.Select((w, k) => w * z[head.Head * a.HeadDim + k]).Sum() * (a.NormPlacement == NormPlacement.Before ? 1.0 : read.Norm(WeightRole.AttnPostNorm, Block).Weight[d]);
            })];
            double mean = a.Norm == NormKind.LayerNorm ? written.Average() : 0;
            double[] logits = [.. Enumerable.Range(0, vocabulary).Select(id =>
            {
                read.Linear(WeightRole.Unembedding).Weight.Widen(id, 0, row);
                return row.Select((w, d) => w * (written[d] - mean) * final[d]).Sum();
            })];
            int[] order = [.. Enumerable.Range(0, vocabulary).OrderByDescending(id => logits[id])];
            Assert.Equal(order[..3], head.Raised);
            Assert.Equal(order.Reverse().Take(3), head.Lowered);
        }
    }
}
