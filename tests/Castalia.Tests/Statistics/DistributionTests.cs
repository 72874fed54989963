using Castalia.Statistics.Distributions;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Statistics;

public sealed class DistributionTests
{
    [Fact]
    public void The_two_integrals_of_the_noncentral_t_are_one_function() =>
        Gen.Select(Gen.Double[1, 300], Gen.Double[NoncentralT.Far, 90], Gen.Double[-3, 3]).Sample((df, delta, z) =>
        {
            double t = delta * Math.Exp(z / 2 / Math.Sqrt(df));
            var near = NoncentralT.OverScale(t, df, delta);
            var far = NoncentralT.OverNormal(t, df, delta);
            Near(near.Cdf, far.Cdf, 1e-11);
            Near(near.Survival, far.Survival, 1e-11);
            Assert.Equal(1, near.Cdf + near.Survival, 1e-12);
        }, iter: 200);

    [Theory] // mpmath, 30 digits: ∫ Φ(ts − δ) f(s) ds
    [InlineData(0.5, 1, 0, 0.6475836176504333, 0.35241638234956674)]
    [InlineData(12.7, 1, 2.5, 0.8442941438655364, 0.15570585613446364)]
    [InlineData(3, 2, 6, 0.034284476058650454, 0.9657155239413495)]
    [InlineData(-2, 5, 1.5, 0.0015165854524394231, 0.9984834145475606)]
    [InlineData(20, 24, 12, 0.9965961956841466, 0.003403804315853429)]
    [InlineData(60, 24, 45, 0.9559206113222101, 0.04407938867778989)]
    [InlineData(30, 24, 45, 0.0005444444876242393, 0.9994555555123757)]
    [InlineData(2, 1000, 2.5, 0.3085373411778198, 0.6914626588221803)]
    [InlineData(-6, 24, 2, 1.6257331836221678e-10, 0.9999999998374267)]
    [InlineData(15, 24, 1, 0.9999999999953157, 4.68430509784842e-12)]
    public void The_noncentral_t_keeps_its_digits_in_both_tails(double t, double df, double delta, double cdf, double survival)
    {
        Near(cdf, NoncentralT.Cdf(t, df, delta), 1e-11);
        Near(survival, NoncentralT.Survival(t, df, delta), 1e-11);
        Near(survival, NoncentralT.Cdf(-t, df, -delta), 1e-11);
    }

    [Fact]
    public void A_noncentrality_gives_back_the_probability_it_was_found_for() =>
        Gen.Select(Gen.Int[1, 400], Gen.Double[-8, 8], Gen.Double[0.001, 0.999], Gen.Bool).Sample((df, logT, p, negative) =>
        {
            double t = Math.Exp(logT) * (negative ? -1 : 1), delta = NoncentralT.NoncentralityAt(t, df, p);
            Near(p, NoncentralT.Cdf(t, df, delta), 1e-9);
        }, iter: 100);

    [Fact]
    public void A_quantile_of_t_gives_back_its_tail() =>
        Gen.Select(Gen.Double[0.3, 1e6], Gen.Double[-300, -1]).Sample((df, logP) =>
        {
            double p = Math.Exp(logP);
            if (df < 3 && p < 1e-30) return; // beyond 1e100
            Near(p, StudentT.Survival(StudentT.UpperQuantile(p, df), df), 1e-9);
        }, iter: 200);

    [Fact]
    public void Noncentral_t_without_noncentrality_is_students() =>
        Gen.Select(Gen.Double[0.5, 1000], Gen.Double[-6, 6]).Sample(
            (df, t) => Near(StudentT.Cdf(t, df), NoncentralT.Cdf(t, df, 0), 1e-10), iter: 100);

    [Theory] // mpmath, 30 digits
    [InlineData("t", 1000000.0, 0.0, 3.0, 0.0013499312707108985)]
    [InlineData("t", 1000000.0, 0.0, 25.0, 3.371179083771837e-138)]
    [InlineData("t", 100000000.0, 0.0, 5.0, 2.866520550633643e-07)]
    [InlineData("t", 0.5, 0.0, 1000000.0, 0.00032070097541419884)]
    [InlineData("t", 2.5, 0.0, 100000.0, 2.274751923175622e-13)]
    [InlineData("F", 4.0, 99995.0, 6.5, 3.1690478473714916e-05)]
    [InlineData("F", 1.0, 1000000.0, 900.0, 1.2020094233663438e-197)]
    [InlineData("F", 300.0, 7.0, 2.0, 0.16569036077426305)]
    [InlineData("F", 5.0, 9.65, 17.5, 0.00014315378154559729)]
    [InlineData("F", 50.0, 100000.0, 1.01, 0.4536494672537398)]
    [InlineData("chi squared", 7.0, 0.0, 0.001, 0.9999999999997597)]
    [InlineData("chi squared", 2000.0, 0.0, 2500.0, 1.0740080231386176e-13)]
    [InlineData("chi squared", 100000.0, 0.0, 101000.0, 0.012868840377233669)]
    [InlineData("chi squared", 1.0, 0.0, 1400.0, 2.1010145162642176e-306)]
    public void Tails_keep_their_digits_for_large_samples(string which, double a, double b, double x, double survival) => Near(survival, which switch
    {
        "t" => StudentT.Survival(x, a),
        "F" => FisherF.Survival(x, a, b),
        _ => ChiSquared.Survival(x, a),
    }, Math.Max(a, b) < 1e6 ? 1e-11 : 2e-10); // the continued fraction's first term cancels there

    static void Near(double expected, double actual, double relative) =>
        Assert.True(Math.Abs(actual - expected) <= Math.Max(relative * Math.Abs(expected), 1e-300), $"expected {expected:R}, got {actual:R}");
}
