using Castalia.Anatomy.Spectra;
using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Anatomy;

public sealed class SpectralAnatomyTests
{
    const double Close = 1e-9;

    public static TheoryData<string> Cases => [.. Golden.Cases];

    static SpectralAnatomy Read(OpenWeights model, int threads = 1, int? ids = null, int directions = SpectralAnatomies.Directions) =>
        SpectralAnatomies.Read(model, ids, threads, null, TestContext.Current.CancellationToken, directions);

    static void Near(double expected, double actual, string what) =>
        Assert.True(Math.Abs(actual - expected) <= Close * Math.Abs(expected), $"{what}: {actual:R}, plainly {expected:R}");

    [Theory, MemberData(nameof(Cases))]
    public void Spectra_are_those_of_a_plain_decomposition(string @case)
    {
        using var golden = new GoldenWeights(@case);
        var a = golden.Open.Architecture;
        var spectra = Read(golden.Open, directions: 8);
        foreach (int layer in new[] { 0, a.NLayers - 1 })
        {
            BlockSpectra block = spectra.Blocks[layer];
            double[,] o = Plain.Matrix(golden.Open, WeightRole.AttnOut, layer), v = Plain.Matrix(golden.Open, WeightRole.Value, layer);
            Near(Plain.Spectral(o), block.AttnOut.Value, "W_O");
            for (int part = 0; part < block.Down.Count; part++)
                Near(Plain.Spectral(Plain.Matrix(golden.Open, WeightRole.MlpDown, layer, part)), block.Down[part].Value, $"W_down {part}");
            var whole = new double[a.DModel, a.DModel];
            Assert.Equal(a.NHeads, block.Heads.Count);
            foreach (var head in block.Heads)
            {
                int shared = head.Head / (a.NHeads / a.NKvHeads);
                double[,] product = Plain.Times(Plain.Columns(o, head.Head * a.HeadDim, a.HeadDim), Plain.Rows(v, shared * a.HeadDim, a.HeadDim));
                Near(Plain.Frobenius(product), head.Frobenius, $"head {head.Head}");
                Near(Plain.Spectral(product), head.Spectral, $"head {head.Head} spectral");
                for (int i = 0; i < a.DModel; i++)
                    for (int j = 0; j < a.DModel; j++) whole[i, j] += product[i, j];
            }
            Near(Plain.Frobenius(whole), block.ValueOutFrobenius, "W_O W_V");
            Near(Plain.Spectral(whole), block.ValueOut.Value, "W_O W_V spectral");
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_ends_overlap_as_a_plain_decomposition_says(string @case)
    {
        using var golden = new GoldenWeights(@case);
        var a = golden.Open.Architecture;
        int ids = a.DVocab - 5, k = 8;
        var spectra = Read(golden.Open, ids: ids, directions: k);
        double[,] u = Plain.Rows(Plain.Matrix(golden.Open, WeightRole.Unembedding), 0, ids);
        double[] gain = a.Tensors.ContainsKey(WeightRole.FinalNorm)
            ? [.. Plain.Values(Plain.Matrix(golden.Open, WeightRole.FinalNorm)).Select(g => a.NormWeightPlusOne ? (double)(float)(1 + g) : g)]
            : [.. Enumerable.Repeat(1.0, a.DModel)];
        var folded = new double[ids, a.DModel];
        for (int i = 0; i < ids; i++)
            for (int j = 0; j < a.DModel; j++) folded[i, j] = u[i, j] * gain[j];
        Near(Plain.Spectral(folded), spectra.FoldedUnembedding.Value, "folded");
        var overlap = spectra.Overlap;
        Assert.Equal((a.TiedUnembedding, ids), (overlap.IsTied, overlap.Rows));
        double[][] first = Plain.Svd(Plain.Centred(Plain.Rows(Plain.Matrix(golden.Open, WeightRole.Embedding), 0, ids))).Right[..k];
        double[][] second = Plain.Svd(Plain.Centred(u)).Right[..k];
        var (cosines, sines) = Angles(first, second);
        Assert.NotNull(overlap.Angles);
        for (int i = 0; i < k; i++)
        {
            Assert.Equal(cosines[i], overlap.Angles.Cosines[i], Close);
            Assert.Equal(sines[i], overlap.Angles.Sines[i], Close);
            Assert.Equal(1, Math.Pow(overlap.Angles.Cosines[i], 2) + Math.Pow(overlap.Angles.Sines[i], 2), Close);
        }
        Assert.True(overlap.Error < Close, $"{overlap.Error}");
    }

    static (double[] Cosines, double[] Sines) Angles(double[][] first, double[][] second)
    {
        int k = first.Length, d = first[0].Length;
        double[,] products = new double[k, k], outside = new double[d, k];
        for (int i = 0; i < k; i++)
            for (int j = 0; j < k; j++) products[i, j] = first[i].Zip(second[j], (x, y) => x * y).Sum();
        for (int j = 0; j < k; j++)
            for (int at = 0; at < d; at++) outside[at, j] = second[j][at] - Enumerable.Range(0, k).Sum(i => products[i, j] * first[i][at]);
        return (Plain.Svd(products).Values, [.. Plain.Svd(outside).Values.Reverse()]);
    }

    [Fact]
    public void A_span_of_the_whole_stream_has_no_angles()
    {
        using var golden = new GoldenWeights("gpt_neox/pythia");
        var overlap = Read(golden.Open).Overlap;
        Assert.Equal((64, 0.0), (overlap.Directions, overlap.Error));
        Assert.All(overlap.Angles!.Sines, sine => Assert.True(sine < 1e-12));
    }

    [Theory]
    [InlineData("gpt_neox/pythia")]
    [InlineData("llama/gqa")]
    public void The_figures_do_not_depend_on_threads(string @case)
    {
        using var golden = new GoldenWeights(@case);
        SpectralAnatomy one = Read(golden.Open, 1, directions: 8), three = Read(golden.Open, 3, directions: 8);
        Assert.Equal(one.Blocks.SelectMany(block => block.Heads), three.Blocks.SelectMany(block => block.Heads));
        Assert.Equal(one.Blocks.Select(b => (b.AttnOut, b.ValueOut, b.ValueOutFrobenius, b.Down[0])), three.Blocks.Select(b => (b.AttnOut, b.ValueOut, b.ValueOutFrobenius, b.Down[0])));
        Assert.Equal(one.Overlap.Angles!.Cosines, three.Overlap.Angles!.Cosines);
        Assert.Equal(one.FoldedUnembedding, three.FoldedUnembedding);
    }

    [Fact]
    public void More_blocks_cost_more_and_a_tied_end_less()
    {
        Architecture a = Castalia.Anatomy.StudyConfigs.Of("pythia-6.9b").Described().Architecture;
        SpectralCost whole = SpectralCost.Of(a, 1e11), half = SpectralCost.Of(a with { NLayers = 16 }, 1e11), tied = SpectralCost.Of(a with { TiedUnembedding = true }, 1e11);
        Assert.True(half.Operations < whole.Operations && tied.Operations < whole.Operations && half.Seconds < whole.Seconds);
        Assert.Equal(whole.Seconds / 2, SpectralCost.Of(a, 2e11).Seconds, 1e-9);
    }
}
