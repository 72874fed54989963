using Castalia.Architectures;
using Castalia.Derivatives;
using Castalia.Prompts;
using Castalia.Tests.Parity;
using Xunit;

namespace Castalia.Tests.Derivatives;

/// <summary>Tangents of every family against differences of the map, and the map against the reference's float64 stream.</summary>
public sealed class TangentTests
{
    [Theory]
    [MemberData(nameof(Golden.CaseNames), MemberType = typeof(Golden))]
    public void Tangents_are_central_differences_of_the_map_and_the_map_is_the_block(string @case)
    {
        var golden = Golden.Load(@case);
        int p = Longest(golden);
        LastPosition.OfEveryBlock(golden.Checkpoint, golden.Prompts[p], at =>
        {
            string where = $"{@case}, block {at.Weights.Layer}";
            var point = at.Point;
            double[] expected = golden.Arrays[$"p{p}.blocks.{at.Weights.Layer}.resid_post"].Row(golden.Prompts[p].Ids.Count - 1).ToArray();
            double off = LastPosition.Length(point.Post.Zip(expected, (x, y) => x - y)) / LastPosition.Length(expected);
            Assert.True(off < 1e-5, FormattableString.Invariant($"{where}: the map is {off:E1} off"));
            double[] v = LastPosition.Direction(at.Stream.Length, 1);
            const double relative = 1e-5;
            double step = relative * LastPosition.Length(at.Stream) / LastPosition.Length(v);
            double[][] ends = [.. at.Map.At(at.Weights, at.Held, [Moved(at.Stream, v, step), Moved(at.Stream, v, -step)], point.Chosen).Select(end => end.Post)];
            double[] difference = [.. ends[0].Zip(ends[1], (x, y) => (x - y) / (2 * step))], tangent = at.Tangents.Run(at.Weights, point, v);
            double error = LastPosition.Length(difference.Zip(tangent, (x, y) => x - y)) / LastPosition.Length(tangent);
            Assert.True(error < 1e-7, FormattableString.Invariant($"{where}: tangent and difference are {error:E1} apart"));
        });
    }

    [Theory]
    [InlineData("gpt_neox/pythia")]
    [InlineData("mixtral/mixtral")]
    [InlineData("gemma2/gemma2")]
    public void A_zero_tangent_gives_zero_bits_and_tangents_are_linear(string @case)
    {
        var golden = Golden.Load(@case);
        LastPosition.OfEveryBlock(golden.Checkpoint, golden.Prompts[0], at =>
        {
            var point = at.Point;
            int d = at.Stream.Length;
            Assert.All(at.Tangents.Run(at.Weights, point, new double[d]), value => Assert.Equal(0L, BitConverter.DoubleToInt64Bits(value)));
            double[] v = LastPosition.Direction(d, 2), w = LastPosition.Direction(d, 3);
            double[] jv = at.Tangents.Run(at.Weights, point, v), jw = at.Tangents.Run(at.Weights, point, w);
            double[] both = at.Tangents.Run(at.Weights, point, [.. v.Zip(w, (x, y) => 3 * x - y)]);
            Assert.True(LastPosition.Length(both.Select((value, i) => value - (3 * jv[i] - jw[i]))) <= 1e-13 * LastPosition.Length(both));
            double[] jacobian = at.Tangents.Jacobian(at.Weights, point);
            double[] product = [.. Enumerable.Range(0, d).Select(row => Enumerable.Range(0, d).Sum(i => jacobian[row * d + i] * v[i]))];
            Assert.True(LastPosition.Length(product.Zip(jv, (x, y) => x - y)) <= 1e-12 * LastPosition.Length(jv));
        });
    }

    [Theory]
    [InlineData("llama/gqa")]
    [InlineData("falcon/rw-alibi")]
    public void Bits_do_not_depend_on_threads(string @case)
    {
        var golden = Golden.Load(@case);
        List<double[]> one = [], three = [];
        LastPosition.OfEveryBlock(golden.Checkpoint, golden.Prompts[0], at => one.Add(at.Tangents.Jacobian(at.Weights, at.Point)), threads: 1);
        LastPosition.OfEveryBlock(golden.Checkpoint, golden.Prompts[0], at => three.Add(at.Tangents.Jacobian(at.Weights, at.Point)), threads: 3);
        Assert.Equal(one, three);
    }

    internal static int Longest(Golden golden) => Enumerable.Range(0, golden.Prompts.Count).MaxBy(p => golden.Prompts[p].Ids.Count);

    static double[] Moved(double[] h, double[] v, double step) => [.. h.Zip(v, (x, y) => x + step * y)];
}
