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
}
