using Castalia.Anatomy.Units;
using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Tests.Parity;
using MathNet.Numerics.LinearAlgebra.Double;
using Xunit;

namespace Castalia.Tests.Anatomy;

/// <summary>What weights alone say of units, against the definition: whole matrices in float64, one element after the other.</summary>
public sealed class UnitWeightsTests
{
    const double Tolerance = 1e-10; // of a cosine, or of τ: sums of at most some hundred products in another order

    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void Cosines_and_traces_are_those_of_the_definition(string @case)
    {
        using var golden = new GoldenWeights(@case);
        var (model, a) = (golden.Open, golden.Open.Architecture);
        int layer = a.NLayers - 1;
        var found = Assert.Single(UnitWeights.Read(golden.Checkpoint, a, [layer], threads: 2, TestContext.Current.CancellationToken));
        bool before = a.NormPlacement != NormPlacement.After;
        double[] attentionGain = Gain(WeightRole.AttnNorm), mlpGain = a.Wiring == Wiring.ParallelOneNorm ? attentionGain : Gain(WeightRole.MlpNorm);
        AssertNear(Cosines(WeightRole.MlpUp), found.Up);
        if (a.Mlp == MlpKind.Plain) Assert.Null(found.Gate);
        else AssertNear(Cosines(WeightRole.MlpGate), found.Gate!);

        double[,] outs = Plain.Matrix(model, WeightRole.AttnOut, layer), values = Plain.Matrix(model, WeightRole.Value, layer);
        AssertNear([.. Enumerable.Range(0, a.NHeads).Select(head =>
        {
            double[,] o = Plain.Columns(outs, head * a.HeadDim, a.HeadDim);
            int shared = head / (a.NHeads / a.NKvHeads);
            var v = new double[a.HeadDim, a.DModel];
            for (int k = 0; k < a.HeadDim; k++)
                for (int d = 0; d < a.DModel; d++) v[k, d] = values[shared * a.HeadDim + k, d] * attentionGain[d];
            double[,] whole = Plain.Times(o, v);
            return Enumerable.Range(0, a.DModel).Sum(d => whole[d, d]) / DenseMatrix.OfArray(whole).Svd(computeVectors: false).S.Sum();
        })], found.Tau);

        double[] Gain(WeightRole role) => before ? [.. model.Vector(new(role, layer, 0)).Select(g => (double)g)] : [.. Enumerable.Repeat(1.0, a.DModel)];

        double[] Cosines(WeightRole role) => [.. Enumerable.Range(0, a.Mixture?.Experts ?? 1).SelectMany(expert =>
        {
            double[,] into = Plain.Matrix(model, role, layer, expert), down = Plain.Matrix(model, WeightRole.MlpDown, layer, expert);
            return Enumerable.Range(0, a.DFf).Select(j =>
            {
                double[] reads = [.. Enumerable.Range(0, a.DModel).Select(d => mlpGain[d] * into[j, d])], writes = [.. Enumerable.Range(0, a.DModel).Select(d => down[d, j])];
                double mean = a.Norm == NormKind.LayerNorm && before ? reads.Average() : 0;
                double[] seen = [.. reads.Select(x => x - mean)];
                return seen.Zip(writes, (x, y) => x * y).Sum() / Math.Sqrt(seen.Sum(x => x * x) * writes.Sum(x => x * x));
            });
        })];
    }

    [Theory]
    [InlineData("gpt_neox/pythia", true)]
    [InlineData("gpt2/gpt2", true)]
    [InlineData("gptj/gptj", false)]
    [InlineData("llama/gqa", false)]
    public void The_two_output_biases_are_compared_where_there_are_two(string @case, bool hasBoth)
    {
        using var golden = new GoldenWeights(@case);
        var found = UnitWeights.Read(golden.Checkpoint, golden.Open.Architecture, [0, 1], threads: 1, TestContext.Current.CancellationToken);
        Assert.Equal([0, 1], found.Select(block => block.Block));
        foreach (var block in found)
        {
            if (!hasBoth)
            {
                Assert.Empty(block.BiasCosines);
                Assert.Empty(block.BiasDifferences);
                continue;
            }
            double[] o = [.. golden.Open.Vector(new(WeightRole.AttnOutBias, block.Block, 0)).Select(x => (double)x)], down = [.. golden.Open.Vector(new(WeightRole.MlpDownBias, block.Block, 0)).Select(x => (double)x)];
            double Length(IEnumerable<double> x) => Math.Sqrt(x.Sum(v => v * v));
            Assert.Equal(o.Zip(down, (x, y) => x * y).Sum() / (Length(o) * Length(down)), Assert.Single(block.BiasCosines), 1e-12);
            Assert.Equal(Length(o.Zip(down, (x, y) => x - y)) / ((Length(o) + Length(down)) / 2), Assert.Single(block.BiasDifferences), 1e-12);
        }
    }

    [Fact]
    public void Threads_change_no_bit()
    {
        using var golden = new GoldenWeights("mixtral/mixtral");
        var one = UnitWeights.Read(golden.Checkpoint, golden.Open.Architecture, [1], threads: 1, TestContext.Current.CancellationToken)[0];
        var three = UnitWeights.Read(golden.Checkpoint, golden.Open.Architecture, [1], threads: 3, TestContext.Current.CancellationToken)[0];
        Assert.Equal(one.Up, three.Up);
        Assert.Equal(one.Gate, three.Gate);
        Assert.Equal(one.Tau, three.Tau);
    }

    [Fact]
    public void The_lowest_tenth_by_cosine_and_what_it_carries()
    {
        double[] cosines = [.. Enumerable.Range(0, 20).Select(i => (i - 5) / 20.0), double.NaN], negative = [.. Enumerable.Range(0, 21).Select(i => i < 2 ? -3.0 : i == 20 ? -4.0 : -0.5)];
        var found = CosineSummary.Of(cosines, negative)!;
        Assert.Equal((20, -0.2, 0.25), (found.Count, found.LowerDecile, found.Below));
        Assert.Equal(0.225, found.Mean, 1e-12);
        Assert.Equal(6.0 / 19, found.NegativeShare, 1e-12);
        Assert.Null(CosineSummary.Of([double.NaN], [-1]));
    }

    static void AssertNear(double[] expected, IReadOnlyList<double> found)
    {
        Assert.Equal(expected.Length, found.Count);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], found[i], Tolerance);
    }
}
