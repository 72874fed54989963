using Castalia.Anatomy.Weights;
using Castalia.Architectures;
using Castalia.Checkpoints;
using Castalia.Errors;
using Castalia.Tests.Parity;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Anatomy;

public sealed class WeightAnatomyTests
{
    const double Close = 1e-9; // the task of both: float64; sums of at most 1e5 terms leave 1e-11

    public static TheoryData<string> Cases => [.. Golden.Cases];

    static WeightAnatomy Read(OpenWeights model, int threads = 2, int? ids = null) => WeightAnatomies.Read(model, ids, threads, null, TestContext.Current.CancellationToken);

    static void Near(double expected, double actual, string what, double scale = 0) =>
        Assert.True(Math.Abs(actual - expected) <= Close * Math.Max(Math.Abs(expected), scale), $"{what}: {actual:R}, plainly {expected:R}");

    [Theory, MemberData(nameof(Cases))]
    public void Every_weight_is_what_a_plain_sum_over_it_says(string @case)
    {
        using var golden = new GoldenWeights(@case);
        var anatomy = Read(golden.Open);
        var all = anatomy.Others.Concat(anatomy.Blocks.SelectMany(block => block.Weights)).ToArray();
        Assert.Equal(golden.Open.Weights.Parameters, all.Sum(one => one.Count));
        foreach (var one in all)
        {
            bool isGain = WeightShapes.IsVector(one.Role) && !$"{one.Role}".EndsWith("Bias", StringComparison.Ordinal);
            int parts = WeightShapes.IsPerExpert(golden.Open.Architecture, one.Role) ? 1 : WeightShapes.Parts(golden.Open.Architecture, one.Role);
            double plus = isGain && golden.Open.Architecture.NormWeightPlusOne ? 1 : 0;
            double[] x =
            [
                .. Enumerable.Range(0, parts).SelectMany(part => Plain.Values(Plain.Matrix(golden.Open, one.Role, one.Layer, parts > 1 ? part : one.Part)))
                    .Select(value => (double)(float)(value + plus)),
            ];
            string what = $"{one.Role} {one.Layer}";
            double mean = x.Average(), root = Math.Sqrt(x.Sum(v => v * v) / x.Length);
            Near(mean, one.Mean, what + " mean", root);
            Near(Math.Sqrt(x.Sum(v => (v - mean) * (v - mean)) / x.Length), one.Sd, what + " sd");
            Near(Math.Sqrt(x.Sum(v => v * v)), one.Frobenius, what + " Frobenius");
            Assert.Equal(x.Max(Math.Abs), one.Largest);
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void The_folded_unembedding_is_what_it_is_plainly(string @case)
    {
        using var golden = new GoldenWeights(@case);
        var a = golden.Open.Architecture;
        int ids = a.DVocab - 7;
        var folded = Read(golden.Open, ids: ids).Unembedding;
        double[,] u = Plain.Rows(Plain.Matrix(golden.Open, WeightRole.Unembedding), 0, ids), c = Plain.Centred(u);
        double[] gain = a.Tensors.ContainsKey(WeightRole.FinalNorm)
            ? [.. Plain.Values(Plain.Matrix(golden.Open, WeightRole.FinalNorm)).Select(g => a.NormWeightPlusOne ? (double)(float)(1 + g) : g)]
            : [.. Enumerable.Repeat(1.0, a.DModel)];
        double plain = 0, centred = 0;
        for (int i = 0; i < ids; i++)
        {
            double mean = a.Norm == NormKind.LayerNorm ? Enumerable.Range(0, a.DModel).Average(j => c[i, j] * gain[j]) : 0;
            for (int j = 0; j < a.DModel; j++) (plain, centred) = (plain + Math.Pow(u[i, j] * gain[j], 2), centred + Math.Pow(c[i, j] * gain[j] - mean, 2));
        }
        Assert.Equal(ids, folded.Rows);
        Near(Math.Sqrt(plain), folded.Frobenius, "folded");
        Near(Math.Sqrt(centred), folded.Centred, "centred");
    }

    [Theory]
    [InlineData("gpt2/gpt2", "gpt2/as-shipped")]
    [InlineData("gpt_neox/pythia", "gpt_neox/pythia-as-shipped")]
    public void Two_revisions_are_compared_as_they_are_plainly(string @case, string otherCase)
    {
        using GoldenWeights golden = new(@case), other = new(otherCase);
        if (golden.Open.Architecture.DVocab != other.Open.Architecture.DVocab || golden.Open.Architecture.DModel != other.Open.Architecture.DModel)
        {
            Assert.Throws<InputException>(() => WeightAnatomies.Compare(golden.Open, other.Open, 1, null, TestContext.Current.CancellationToken));
            return;
        }
        var compared = WeightAnatomies.Compare(golden.Open, other.Open, 2, null, TestContext.Current.CancellationToken);
        foreach (var one in compared.Weights.Where(one => one.Part == 0))
        {
            double[] x = Plain.Values(Plain.Matrix(golden.Open, one.Role, one.Layer)), y = Plain.Values(Plain.Matrix(other.Open, one.Role, one.Layer));
            double dot = x.Zip(y, (p, q) => p * q).Sum(), nx = Math.Sqrt(x.Sum(p => p * p)), ny = Math.Sqrt(y.Sum(q => q * q));
            Near(dot / (nx * ny), one.Cosine!.Value, $"{one.Role} cosine", 1);
            Near(dot / (ny * ny), one.Alpha!.Value, $"{one.Role} alpha", nx / ny);
            Near(Math.Sqrt(x.Zip(y, (p, q) => (p - q) * (p - q)).Sum()) / ny, one.RelativeDistance!.Value, $"{one.Role} distance");
        }
    }

    [Fact]
    public void A_model_compared_with_itself_has_cosine_and_alpha_1()
    {
        using GoldenWeights golden = new("gpt_neox/fp16-sharded");
        var compared = WeightAnatomies.Compare(golden.Open, golden.Open, 2, null, TestContext.Current.CancellationToken);
        Assert.All(compared.Weights, one => Assert.Equal((1.0, 0.0), (Math.Round(one.Alpha!.Value, 14), one.Distance)));
        Assert.DoesNotContain(compared.Matrices, one => WeightShapes.IsVector(one.Role));
    }

    [Theory]
    [InlineData("gpt2/gpt2")]
    [InlineData("mixtral/mixtral")]
    public void The_figures_do_not_depend_on_threads(string @case)
    {
        using var golden = new GoldenWeights(@case);
        WeightAnatomy one = Read(golden.Open, 1), three = Read(golden.Open, 3);
        Assert.Equal(one.Others, three.Others);
        Assert.Equal(one.Blocks.SelectMany(block => block.Weights), three.Blocks.SelectMany(block => block.Weights));
        Assert.Equal(one.Unembedding, three.Unembedding);
    }

    [Fact]
    public void A_value_that_is_no_number_stops_the_reading_and_is_named()
    {
        using var folder = new TemporaryFolder();
        SmallNeoX.Write(folder.Path, (name, i) => name.EndsWith("layers.1.mlp.dense_4h_to_h.weight", StringComparison.Ordinal) && i == 3 * 64 + 5 ? float.NaN : 0.01f);
        using var broken = new GoldenWeights(folder.Path, "broken");
        var e = Assert.Throws<InputException>(() => Read(broken.Open));
        Assert.Equal("Tensor 'gpt_neox.layers.1.mlp.dense_4h_to_h.weight' holds a value that is not a number, or infinite, in its row 3, block 1.", e.Cause);
    }

    static readonly Gen<float[]> Values = Gen.Int[0, 70].SelectMany(n => Gen.Float[-1e3f, 1e3f].Array[n]);

    [Fact]
    public void Sums_are_those_of_the_definition() => Values.Sample(x =>
    {
        var (ours, plain) = (ValueSums.Of(x), ValueSums.Reference(x));
        double scale = x.Sum(v => Math.Abs((double)v));
        Assert.Equal((plain.Count, plain.Largest), (ours.Count, ours.Largest));
        Assert.True(Math.Abs(plain.Sum - ours.Sum) <= 1e-13 * scale && Math.Abs(plain.Squares - ours.Squares) <= 1e-13 * plain.Squares);
        Assert.True(Math.Abs(plain.AboutMean - ours.AboutMean) <= 1e-12 * plain.Squares);
    });

    [Fact]
    public void Sums_of_pairs_are_those_of_the_definition() => Gen.Select(Values, Gen.Float[-3f, 3f]).Sample((x, shift) =>
    {
        float[] y = [.. x.Select((v, i) => v * shift + i)];
        var (ours, plain) = (PairSums.Of(x, y), PairSums.Reference(x, y));
        double scale = Math.Sqrt(plain.Squares * plain.OtherSquares);
        Assert.True(Math.Abs(plain.Dot - ours.Dot) <= 1e-13 * scale);
        Assert.True(Math.Abs(plain.Squares - ours.Squares) <= 1e-13 * plain.Squares && Math.Abs(plain.OtherSquares - ours.OtherSquares) <= 1e-13 * plain.OtherSquares);
        Assert.True(Math.Abs(plain.Distance - ours.Distance) <= 1e-13 * plain.Distance);
    });

    /// <summary>A large mean and a small spread: what one look at the values would lose.</summary>
    [Fact]
    public void A_small_spread_about_a_large_mean_is_kept()
    {
        float[] x = [.. Enumerable.Range(0, 100_000).Select(i => 1000f + (i % 2 == 0 ? 1 : -1) * 0.0009765625f)];
        var merged = ValueSums.Merged([.. x.Chunk(1000).Select(run => ValueSums.Of(run))]);
        Assert.Equal(0.0009765625, Math.Sqrt(merged.AboutMean / merged.Count), 1e-12);
    }
}
