using System.Numerics;
using Castalia.Analyses;
using Castalia.Architectures;
using Castalia.Attribution;
using Castalia.Checkpoints;
using Castalia.Prompts;
using Castalia.Residual;
using Castalia.Tests.Parity;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Attribution;

public sealed class UnitMeansTests
{
    static readonly Gen<double[]> s_values = Gen.Select(Gen.Double[-4, 4], Gen.Int[-12, 5], (mantissa, exponent) => mantissa * Math.Pow(10, exponent)).Array[1, 40];

    /// <summary>Against the sum in whole numbers of 2⁻¹⁰⁷⁴, and in the reverse order.</summary>
    [Fact]
    public void A_sum_has_the_same_bits_in_any_order_and_is_off_by_the_cut_alone() => s_values.Sample(values =>
    {
        double[] forward = Sum(values), backward = Sum([.. values.Reverse()]);
        Assert.Equal(forward.Select(BitConverter.DoubleToInt64Bits), backward.Select(BitConverter.DoubleToInt64Bits));
        double exact = (double)values.Aggregate(BigInteger.Zero, (sum, value) => sum + Whole(value)) / Math.Pow(2, 1000) / Math.Pow(2, 74);
        Assert.Equal(exact, forward[0], values.Length * Math.Pow(2, -60) + 2e-16 * Math.Abs(exact));
        Assert.Equal(values.Where(value => value < 0).Sum(), forward[1], values.Length * Math.Pow(2, -60) + 1e-14 * values.Sum(Math.Abs));

        static double[] Sum(double[] values)
        {
            OrderFreeSums sums = new(1), signs = new(2);
            foreach (double value in values)
            {
                sums.Add([value]);
                signs.AddBySign([value]);
            }
            Assert.Equal(OrderFreeSums.Means(1, sums), OrderFreeSums.MeansOfBoth(1, signs));
            return [.. OrderFreeSums.Means(1, sums), .. OrderFreeSums.MeansBelow(1, signs)];
        }

        static BigInteger Whole(double value)
        {
            long bits = BitConverter.DoubleToInt64Bits(value);
            int exponent = (int)(bits >> 52 & 0x7FF);
            BigInteger mantissa = (bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52);
            return (bits < 0 ? -mantissa : mantissa) << Math.Max(0, exponent - 1);
        }
    });

    [Fact]
    public void What_is_too_large_to_be_added_is_no_number_in_silence()
    {
        Assert.Throws<OverflowException>(() => new OrderFreeSums(1).Add([double.NaN]));
        Assert.Throws<OverflowException>(() => new OrderFreeSums(1).Add([-1e13]));
    }

    [Theory]
    [InlineData("gpt_neox/pythia")]
    [InlineData("mixtral/mixtral")]
    [InlineData("gemma2/gemma2")]
    public void Prompts_in_another_order_have_the_same_means_to_the_bit(string @case)
    {
        var golden = Golden.Load(@case);
        TokenizedPrompt[] prompts = [.. golden.Prompts, .. golden.Prompts.Select(prompt => prompt with { Ids = [.. prompt.Ids.Reverse()] })];
        var one = Of(golden, prompts);
        var shuffled = Of(golden, [.. prompts.Skip(1), prompts[0]]);
        foreach (var (expected, found) in one.Means.Zip(shuffled.Means))
        {
            AssertBits(expected.Heads, found.Heads);
            AssertBits(expected.Neurons, found.Neurons);
            AssertBits(expected.NegativeHeads, found.NegativeHeads);
            AssertBits(expected.NegativeNeurons, found.NegativeNeurons);
            AssertBits(expected.HeadInputs, found.HeadInputs);
            Assert.Equal(Parts(one, expected.Block), Parts(shuffled, expected.Block));
        }

        static GainParts Parts(AttributedMeasurement of, int block) =>
            GainParts.Of([.. of.Prompts.Select((prompt, p) => new AttributedPrompt(p, null, prompt.Blocks.Single(b => b.Block == block)))]);
    }

    [Fact]
    public void Means_are_those_of_the_prompts_and_of_their_halves()
    {
        var golden = Golden.Load("llama/gqa");
        var found = Of(golden, golden.Prompts);
        int[] halves = PromptHalves.Of(golden.Prompts);
        foreach (var means in found.Means)
        {
            for (int head = 0; head < means.Heads.Count; head++)
                Assert.Equal(found.Prompts.Average(prompt => Math.Min(0, prompt.Blocks.Single(b => b.Block == means.Block).Heads[head])), means.NegativeHeads[head], 1e-14);
            double[][] neurons = [.. found.Prompts.Select(prompt => prompt.Blocks.Single(b => b.Block == means.Block).Neurons.All!.ToArray())];
            for (int j = 0; j < means.Neurons.Count; j++)
            {
                Assert.Equal(neurons.Average(of => of[j]), means.Neurons[j], 1e-14);
                Assert.Equal(neurons.Average(of => Math.Min(0, of[j])), means.NegativeNeurons[j], 1e-14);
                Assert.Equal(neurons.Where((_, p) => halves[p] == 1).Average(of => of[j]), means.Halves!.Value.Second.Neurons[j], 1e-14);
                Assert.Equal(neurons.Where((_, p) => halves[p] == 0).Average(of => Math.Min(0, of[j])), means.Halves!.Value.First.NegativeNeurons[j], 1e-14);
            }
        }
    }

    /// <summary>z and h of the reference; of Gemma 2 with the factor of its post-norm.</summary>
    [Theory]
    [InlineData("gpt2/gpt2")]
    [InlineData("gemma2/gemma2")]
    [InlineData("granite/granite")]
    public void What_heads_write_is_averaged_over_prompts_by_the_length_of_their_stream(string @case)
    {
        var golden = Golden.Load(@case);
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        var a = ArchitectureReader.Read(checkpoint);
        foreach (var means in Of(golden, golden.Prompts).Means)
        {
            double[] expected = new double[a.NHeads * a.HeadDim];
            for (int p = 0; p < golden.Prompts.Count; p++)
            {
                double[] At(ResidualSite site) => golden.Arrays[$"p{p}.blocks.{means.Block}.{site.Name()}"].Row(golden.Prompts[p].Ids.Count - 1).ToArray();
                double[] z = At(ResidualSite.Z);
                double factor = a.ResidualScale / Math.Sqrt(At(ResidualSite.Pre).Sum(h => h * h));
                if (a.NormPlacement != NormPlacement.Before) factor /= Math.Sqrt(Raw(means.Block, z).Average(x => x * x) + a.NormEpsilon);
                for (int k = 0; k < z.Length; k++) expected[k] += factor * z[k] / golden.Prompts.Count;
            }
            double largest = expected.Max(Math.Abs);
            for (int k = 0; k < expected.Length; k++) Assert.Equal(expected[k], means.HeadInputs[k], 1e-5 * largest);
        }

        double[] Raw(int block, double[] z)
        {
            using var weights = new Anatomy.GoldenWeights(@case);
            double[,] o = Anatomy.Plain.Matrix(weights.Open, WeightRole.AttnOut, block);
            return [.. Enumerable.Range(0, a.DModel).Select(d => z.Select((x, k) => o[d, k] * x).Sum())];
        }
    }

    [Fact]
    public void Halves_take_the_prompts_of_a_category_in_turn()
    {
        static TokenizedPrompt In(string? category) => new(new Prompt { Name = "p", Ids = [1], Place = "here", Category = category }, [1], 0, 0);
        Assert.Equal([0, 1, 0, 1, 0], PromptHalves.Of([In(null), In(null), In(null), In(null), In(null)]));
        Assert.Equal([0, 1, 1, 0, 0, 1], PromptHalves.Of([In("a"), In("b"), In("a"), In("b"), In("a"), In("b")]));
    }

    [Fact]
    public void The_same_units_lead_in_both_halves_or_do_not()
    {
        double[] first = [.. Enumerable.Range(0, 200).Select(i => 1.0 / (i + 1))];
        UnitMeans Means(double[] second) => new()
        {
            Block = 0,
            Heads = first,
            Neurons = first,
            NegativeHeads = first,
            NegativeNeurons = first,
            HeadInputs = [],
            Halves = (new(1, first[..4], first, first), new(1, second[..4], second, [.. first.Select(value => -value)])),
        };
        var same = RankStability.All(Means(first));
        Assert.Equal(["heads", "neurons", "neurons below 0"], same.Select(s => s.Units));
        Assert.Equal([(2, 2, 1.0), (50, 50, 1.0), (50, 50, -1.0)], same.Select(s => (s.Leading, s.Shared, Math.Round(s.Spearman.Value!.Value, 9))));
        Assert.Equal([1.0, 12.5, 12.5], same.Select(s => s.ByChance));
        var reversed = RankStability.All(Means([.. first.Reverse()]))[1];
        Assert.Equal((0, -1.0), (reversed.Shared, Math.Round(reversed.Spearman.Value!.Value, 9)));
        Assert.Empty(RankStability.All(Means(first) with { Halves = null }));
    }

    static AttributedMeasurement Of(Golden golden, IReadOnlyList<TokenizedPrompt> prompts)
    {
        using var checkpoint = Checkpoint.Open(golden.Checkpoint);
        return AttributedMeasurement.Take(
            checkpoint, ArchitectureReader.Read(checkpoint), prompts, null, new() { Threads = 2 }, Attributed.Everything, null, TestContext.Current.CancellationToken);
    }

    static void AssertBits(IReadOnlyList<double> expected, IReadOnlyList<double> found) =>
        Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), found.Select(BitConverter.DoubleToInt64Bits));
}
