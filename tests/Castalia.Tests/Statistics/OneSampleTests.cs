using Castalia.Statistics;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Statistics;

public sealed class OneSampleTests
{
    [Fact]
    public void Samples_that_cannot_be_tested_say_why()
    {
        Assert.Equal("there are no values", Describe.All([]).UndefinedBecause);
        Assert.Equal("value 2 of 3 is NaN", Describe.All([1, double.NaN, 2]).UndefinedBecause);
        Assert.Equal("value 1 of 2 is Infinity", OneSampleT.Of([double.PositiveInfinity, 2], 1).UndefinedBecause);
        Assert.Equal("n = 1 has no spread", OneSampleT.Of([1.1], 1).UndefinedBecause);
        Assert.Equal("n = 1 has no spread", EffectSize.OneSample([1.1], 1).UndefinedBecause);
        Assert.Equal("the bound is 0, not above 0", Equivalence.Mean([1, 2, 3], 1, 0).UndefinedBecause);
        Assert.Equal("no value differs from the centre", SignTest.Of([1, 1], 1).UndefinedBecause);
        Assert.Equal("no value differs from the centre", Wilcoxon.SignedRank([1, 1], 1).UndefinedBecause);
        Assert.Equal("the exact distribution does not hold for values equal to the centre",
            Wilcoxon.SignedRank([1, 1.5, 3], 1, SignedRankMethod.Exact).UndefinedBecause);
        Assert.Equal("the exact distribution does not hold for tied distances", Wilcoxon.SignedRank([0.5, 1.5, 3], 1, SignedRankMethod.Exact).UndefinedBecause);
        Assert.Equal("n = 0: there is nothing to take a share of", Proportion.Wilson(0, 0).UndefinedBecause);
        Assert.Equal("no sample finds an effect of 0", Power.OneSampleTSize(0, 0.8, 0.05).UndefinedBecause);
        Assert.Equal("neither sample varies", TwoSample.Welch([1, 1], [2, 2]).UndefinedBecause);
        Assert.Equal("in the second sample, n = 1 has no spread", TwoSample.Welch([1, 2], [2]).UndefinedBecause);
        Assert.Equal("all values are equal", MannWhitney.Of([1, 1], [1]).UndefinedBecause);
        Assert.Equal("squares of the values leave the range of float64", OneSampleT.Of([-1.7e308, 1.7e308, 1.7e308], 1).UndefinedBecause);
        Assert.Equal(3, OneSampleT.Of([1e200, 2e200], 1).Defined().T, 1e-12); // 1.5 / (√½ / √2), whatever the unit
    }

    [Fact]
    public void Equal_values_have_no_spread_although_their_sum_over_n_is_rounded()
    {
        double[] x = [0.1, 0.1, 0.1]; // their sum over 3 is 0.10000000000000002
        var d = Describe.All(x).Value!.Value;
        Assert.Equal((0.1, 0.0, 0.0, 0.0), (d.Mean, d.Sd.Value!.Value, d.Se.Value!.Value, d.Mad));
        Assert.Equal("all values are equal", d.Skewness.UndefinedBecause);
        Assert.Equal("all values are equal", OneSampleT.Of(x, 1).UndefinedBecause);
        Assert.Equal("all values are equal", EffectSize.OneSample(x, 1).UndefinedBecause);
        Assert.Equal("all values are equal", Equivalence.Mean(x, 1, 0.1).UndefinedBecause);
    }

    [Fact]
    public void Two_values_have_an_effect_size_but_no_unbiased_one() =>
        Assert.Equal("Hedges' correction does not exist for 1 degree of freedom", EffectSize.OneSample([0.9, 1.3], 1).Value!.Value.HedgesG.UndefinedBecause);

    [Fact]
    public void Exact_signed_ranks_are_the_share_of_all_signs() => Gen.Int[1, 10].Sample(n =>
    {
        // Distances 1 … n, signs by the bits of a number: a p is the share of signs whose sum is as extreme.
        var sums = Enumerable.Range(0, 1 << n).Select(signs => Enumerable.Range(0, n).Where(i => (signs >> i & 1) == 1).Sum(i => i + 1)).ToArray();
        int chosen = (1 << n) * 5 / 7;
        double[] x = [.. Enumerable.Range(0, n).Select(i => (chosen >> i & 1) == 1 ? i + 1.0 : -i - 1.0)];
        var w = Wilcoxon.SignedRank(x, 0).Value!.Value;
        Assert.Equal(SignedRankMethod.Exact, w.Method);
        Assert.Equal(sums[chosen], w.WPositive);
        Assert.Equal(sums.Count(s => s <= sums[chosen]) / (double)sums.Length, w.PLess, 1e-14);
        Assert.Equal(sums.Count(s => s >= sums[chosen]) / (double)sums.Length, w.PGreater, 1e-14);
    });

    [Fact]
    public void Exact_orders_of_two_samples_are_counted_right() => Gen.Select(Gen.Int[1, 5], Gen.Int[1, 5], Gen.Int[0, 1000]).Sample((m, n, seed) =>
    {
        int all = m + n, chosen = seed % (1 << all);
        int[] sets = [.. Enumerable.Range(0, 1 << all).Where(s => int.PopCount(s) == m)];
        chosen = sets[seed % sets.Length];
        double U(int set) => Enumerable.Range(0, all).Where(i => (set >> i & 1) == 1).Sum(i => Enumerable.Range(0, i).Count(j => (set >> j & 1) == 0));
        double[] first = [.. Enumerable.Range(0, all).Where(i => (chosen >> i & 1) == 1)], second = [.. Enumerable.Range(0, all).Where(i => (chosen >> i & 1) == 0)];
        var test = MannWhitney.Of(first, second).Value!.Value;
        Assert.Equal(U(chosen), test.U);
        double off = Math.Abs(U(chosen) - m * n / 2.0), share = sets.Count(s => Math.Abs(U(s) - m * n / 2.0) >= off - 1e-9) / (double)sets.Length;
        Assert.Equal(off == 0 ? 1 : share, test.PTwoSided, 1e-12);
    });

    [Fact]
    public void An_interval_excludes_the_centre_exactly_where_p_is_below_alpha() => Gen.Double[-2, 3].Array[2, 40].Where(x => x.Distinct().Count() > 1).Sample(x =>
    {
        var t = OneSampleT.Of(x, 1).Value!.Value;
        Assert.Equal(t.PTwoSided < 0.05, !t.Interval95.Contains(1));
        Assert.Equal(t.PTwoSided < 0.05, !EffectSize.OneSample(x, 1).Value!.Value.Interval95.Contains(0));
        var e = Equivalence.Mean(x, 1, 0.5).Value!.Value;
        Assert.Equal(e.P < 0.05, e.Interval90.Low > 0.5 && e.Interval90.High < 1.5);
    }, iter: 200);

    [Theory] // d from 3 to a million standard deviations, both sides, in samples of 2 to 1000
    [InlineData(2, 1e6)]
    [InlineData(3, 40)]
    [InlineData(25, 300)]
    [InlineData(25, 1e6)]
    [InlineData(1000, 12)]
    public void An_interval_of_a_huge_effect_is_that_of_the_t_distribution_it_came_from(int n, double distance)
    {
        double[] x = [.. Enumerable.Range(0, n).Select(i => 1 + distance + Math.Sin(i + 1))], mirrored = [.. x.Select(v => 2 - v)];
        var d = EffectSize.OneSample(x, 1).Value!.Value;
        var m = EffectSize.OneSample(mirrored, 1).Value!.Value;
        Assert.True(d.Interval95.Low < d.CohenD && d.CohenD < d.Interval95.High);
        double t = d.CohenD * Math.Sqrt(n);
        Assert.Equal(0.975, Castalia.Statistics.Distributions.NoncentralT.Cdf(t, n - 1, d.Interval95.Low * Math.Sqrt(n)), 1e-10);
        Assert.Equal(0.025, Castalia.Statistics.Distributions.NoncentralT.Cdf(t, n - 1, d.Interval95.High * Math.Sqrt(n)), 1e-10);
        Assert.Equal(1, -m.Interval95.High / d.Interval95.Low, 1e-7); // 2 − v rounds
    }

    [Fact]
    public void Undefined_p_values_are_no_part_of_the_family()
    {
        Figure<double>[] ps = [Figure<double>.Of(0.01), Figure<double>.Undefined("n = 1 has no spread"), Figure<double>.Of(0.04)];
        var holm = Multiplicity.OfDefined(ps, Multiplicity.Holm);
        Assert.Equal((0.02, "n = 1 has no spread", 0.04), (holm[0].Value!.Value, holm[1].UndefinedBecause, holm[2].Value!.Value));
        Assert.Empty(Multiplicity.Holm([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Multiplicity.BenjaminiHochberg([double.NaN]));
    }

    [Fact]
    public void Intervals_of_a_proportion_mirror_and_the_exact_one_has_its_tails() => Gen.Int[1, 2000].SelectMany(n => Gen.Select(Gen.Int[0, n], Gen.Const(n))).Sample((k, n) =>
    {
        var exact = Proportion.ClopperPearson(k, n).Value!.Value;
        var others = Proportion.ClopperPearson(n - k, n).Value!.Value;
        Assert.Equal(1 - exact.High, others.Low, 1e-12);
        if (k > 0) Assert.Equal(0.025, Castalia.Statistics.Distributions.Binomial.AtLeast(k, n, exact.Low), 1e-11);
        var wilson = Proportion.Wilson(k, n).Value!.Value;
        Assert.True(0 <= wilson.Low && wilson.Low <= (double)k / n && (double)k / n <= wilson.High + 1e-15 && wilson.High <= 1);
    });
}
