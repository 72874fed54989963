using Castalia.Statistics;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Statistics;

public sealed class GroupsTests
{
    static readonly Gen<double[][]> Groups = Gen.Int[-20, 20].Select(i => i / 4.0).Array[2, 7].Array[2, 5].Where(g => g.Any(x => x.Distinct().Count() > 1));

    [Fact]
    public void Groups_that_cannot_be_compared_say_why()
    {
        foreach (var (groups, because) in new (double[][], string)[]
        {
            ([], "there are no groups"),
            ([[1, 2]], "there is only one group"),
            ([[1, 2], [], [3]], "group 2 is empty"),
            ([[1, 2], [1, double.NaN]], "value 2 of group 2 is not a number"),
            ([[double.NegativeInfinity, 2], [1, 3]], "value 1 of group 1 is infinite"),
        })
        {
            Assert.Equal(because, KruskalWallis.Of(groups).UndefinedBecause);
            Assert.Equal(because, Dunn.Of(groups).UndefinedBecause);
            Assert.Equal(because, Anova.Of(groups).UndefinedBecause);
            Assert.Equal(because, WelchAnova.Of(groups).UndefinedBecause);
            Assert.Equal(because, BrownForsythe.Of(groups).UndefinedBecause);
            Assert.Equal(because, Icc.OneWay(groups).UndefinedBecause);
        }
        double[][] ones = [[1], [2], [3]], still = [[0.1, 0.1, 0.1], [0.3, 0.3, 0.3]], equal = [[0.1, 0.1, 0.1], [0.1, 0.1]];
        Assert.Equal("every group has one value", Anova.Of(ones).UndefinedBecause);
        Assert.Equal("every group has one value", Icc.OneWay(ones).UndefinedBecause);
        Assert.Equal("group 1 has one value and so no variance", WelchAnova.Of(ones).UndefinedBecause);
        Assert.Equal("no group varies within itself", Anova.Of(still).UndefinedBecause);
        Assert.Equal("group 1 does not vary", WelchAnova.Of(still).UndefinedBecause);
        Assert.Equal("in no group do the distances to its median vary", BrownForsythe.Of([[1.04547, 1.01278], [2.1, 2.3]]).UndefinedBecause);
        Assert.Equal("all values are equal", Icc.OneWay(equal).UndefinedBecause);
        Assert.Equal("all values are equal", KruskalWallis.Of(equal).UndefinedBecause);
        Assert.Equal(1, Icc.OneWay(still).Defined().Icc1);
        double[][] vast = [[1e200, 2e200], [3e200, 5e200]];
        const string OutOfRange = "squares of the values leave the range of float64";
        Assert.Equal(OutOfRange, Anova.Of(vast).UndefinedBecause);
        Assert.Equal(OutOfRange, WelchAnova.Of(vast).UndefinedBecause);
        Assert.Equal(OutOfRange, Icc.OneWay(vast).UndefinedBecause);
    }

    [Fact]
    public void Two_degrees_of_freedom_have_closed_tails_and_keep_their_digits()
    {
        var k = KruskalWallis.Of([[1], [2], [3]]).Defined();
        Assert.Equal(2, k.H, 1e-15);
        Assert.Equal(Math.Exp(-1), k.P, 1e-15);
        double[][] apart = [[0, 1e-6], [1, 1 + 1e-6], [2, 2 + 1e-6], [3, 3 + 1e-6]];
        var three = Anova.Of(apart[..3]).Defined();
        Assert.Equal(Math.Pow(1 + 2 * three.F / 3, -1.5), three.P, 1e-12 * three.P);
        Assert.InRange(three.P, 1e-20, 1e-15);
    }

    [Fact]
    public void Ranks_alone_decide_so_order_offset_and_unit_do_not() => Groups.Sample(groups =>
    {
        var k = KruskalWallis.Of(groups).Defined();
        double[][] other = [.. groups.Select(g => g.Reverse().Select(v => Math.Exp(v / 3)).ToArray()).Reverse()];
        var same = KruskalWallis.Of(other).Defined();
        Assert.Equal(k.H, same.H, 1e-9);
        Assert.InRange(k.EpsilonSquared, -1e-12, 1 + 1e-12);
        var pair = Dunn.Of(groups).Defined().Pairs[0];
        Assert.Equal(-pair.Z, Dunn.Of([groups[1], groups[0], .. groups[2..]]).Defined().Pairs[0].Z, 1e-9);
        Assert.InRange(pair.PHolm, pair.P, 1);
    }, iter: 300);

    [Fact]
    public void Of_two_groups_dunn_is_the_root_of_kruskal_wallis() => Groups.Where(g => g.Length == 2).Sample(groups =>
        Assert.Equal(KruskalWallis.Of(groups).Defined().H, Math.Pow(Dunn.Of(groups).Defined().Pairs[0].Z, 2), 1e-9), iter: 100);

    [Fact]
    public void Analysis_of_variance_ignores_offset_and_unit_and_gives_the_icc() => Groups.Sample(groups =>
    {
        var anova = Anova.Of(groups).Defined();
        double[][] moved = [.. groups.Select(g => g.Select(v => 8 * v + 1024).ToArray())];
        Assert.Equal(anova.F, Anova.Of(moved).Defined().F, 1e-9 * Math.Max(1, anova.F));
        var icc = Icc.OneWay(groups).Defined();
        Assert.Equal((anova.F - 1) / (anova.F + icc.M0 - 1), icc.Icc1, 1e-9);
        Assert.InRange(icc.Icc1, -1 / (icc.M0 - 1) - 1e-9, 1);
    }, iter: 300);
}
