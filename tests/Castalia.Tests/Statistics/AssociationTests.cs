using Castalia.Statistics;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Statistics;

public sealed class AssociationTests
{
    static readonly Gen<(double X, double Y)[]> Pairs =
        Gen.Select(Gen.Int[-6, 6], Gen.Int[-6, 6]).Select(p => (p.Item1 / 2.0, p.Item2 / 2.0)).Array[3, 12]
            .Where(p => p.Select(q => q.Item1).Distinct().Count() > 1 && p.Select(q => q.Item2).Distinct().Count() > 1);

    [Fact]
    public void Samples_that_cannot_be_correlated_say_why()
    {
        Assert.Equal("n = 2 is below 3", Correlation.Pearson([1, 2], [1, 2]).UndefinedBecause);
        Assert.Equal("n = 0 is below 3", Correlation.Spearman([], []).UndefinedBecause);
        Assert.Equal("n = 1 is below 2", Correlation.Kendall([1], [1]).UndefinedBecause);
        Assert.Equal("value 3 of y is not a number", Correlation.Pearson([1, 2, 3], [1, 2, double.NaN]).UndefinedBecause);
        Assert.Equal("value 1 of x is infinite", Correlation.Kendall([double.PositiveInfinity, 2, 3], [1, 2, 3]).UndefinedBecause);
        Assert.Equal("one side does not vary", Correlation.Spearman([0.1, 0.1, 0.1], [1, 2, 3]).UndefinedBecause);
        Assert.Equal("squares of the values leave the range of float64", Correlation.Pearson([1e200, 2e200, 4e200], [1, 2, 3]).UndefinedBecause);
        Assert.Equal("squares of the values leave the range of float64", Permutation.PearsonP([1e-200, 2e-200, 4e-200], [1, 2, 3], 9, 1).UndefinedBecause);
        Assert.Equal("squares of the values leave the range of float64", Permutation.PearsonP([1e200, 2e200, 4e200], [1, 2, 3], 9, 1).UndefinedBecause);
        Assert.Throws<ArgumentException>(() => Correlation.Pearson([1, 2, 3], [1, 2]));
    }

    [Fact]
    public void Small_samples_have_a_p_before_they_have_an_interval()
    {
        var three = Correlation.Pearson([1, 2, 4], [1, 3, 2]).Defined();
        Assert.Equal("n = 3 is below 4", three.Interval95.UndefinedBecause);
        Assert.Equal("n = 4 is below 5", Correlation.Kendall([1, 2, 3, 4], [1, 3, 2, 4]).Defined().Interval95.UndefinedBecause);
        // Of four pairs, p is 1 − |r|.
        var four = Correlation.Pearson([1, 2, 3, 4], [1, 3, 2, 5]).Defined();
        Assert.Equal(1 - four.Coefficient, four.P, 1e-14);
        Assert.Equal((1.0, 1.0), (Correlation.Kendall([1, 2], [3, 4]).Defined().Coefficient, Correlation.Kendall([1, 2], [3, 4]).Defined().P));
    }

    [Fact]
    public void Pairs_on_a_line_have_no_interval_and_a_p_that_is_zero_but_for_rounding()
    {
        double[] x = [0.31, 1.7, 2.9], y = [.. x.Select(v => 0.1 - 3.3 * v)];
        var r = Correlation.Pearson(x, y).Defined();
        Assert.Equal(-1, r.Coefficient, 1e-15);
        Assert.InRange(r.P, 0, 1e-12);
        Assert.Null(r.T);
        Assert.Equal("the pairs lie on a line", Correlation.Pearson([.. x, 7.7], [.. y, 0.1 - 3.3 * 7.7]).Defined().Interval95.UndefinedBecause);
        double[] ordered = [.. Enumerable.Range(0, 40).Select(i => i * 0.1)];
        var tau = Correlation.Kendall(ordered, [.. ordered.Select(Math.Exp)]).Defined();
        double factorial = Enumerable.Range(1, 40).Aggregate(1.0, (a, b) => a * b);
        Assert.Equal(2 / factorial, tau.P, 1e-12 * tau.P);
        Assert.Equal("every pair agrees in its order", tau.Interval95.UndefinedBecause);
    }

    [Fact]
    public void Near_a_line_p_keeps_the_digits_that_r_has_lost()
    {
        // Of four pairs p = 1 − |r|, here in decimals of 28 digits.
        decimal[] x = [1, 2, 3, 4], y = [1.0000001m, 1.9999999m, 3.0000002m, 4];
        decimal mx = x.Average(), my = y.Average();
        decimal xx = x.Sum(v => (v - mx) * (v - mx)), yy = y.Sum(v => (v - my) * (v - my)), xy = x.Zip(y).Sum(p => (p.First - mx) * (p.Second - my));
        decimal unexplained = (xx * yy - xy * xy) / (xx * yy);
        double expected = (double)unexplained / (1 + Math.Sqrt(1 - (double)unexplained));
        var r = Correlation.Pearson([.. x.Select(v => (double)v)], [.. y.Select(v => (double)v)]).Defined();
        Assert.Equal(expected, r.P, 1e-6 * expected); // y itself is rounded at 1e-16 of 1e-7
    }

    [Fact]
    public void Kendall_counts_what_the_definition_counts() => Pairs.Sample(pairs =>
    {
        double[] x = [.. pairs.Select(p => p.X)], y = [.. pairs.Select(p => p.Y == 0 ? -0.0 : p.Y)];
        long concordant = 0, discordant = 0, tiedX = 0, tiedY = 0;
        for (int i = 0; i < x.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                double product = (x[i] - x[j]) * (y[i] - y[j]);
                if (product > 0) concordant++;
                if (product < 0) discordant++;
                if (x[i] == x[j]) tiedX++;
                if (y[i] == y[j]) tiedY++;
            }
        }
        var tau = KendallTau.Of(x, y).Defined();
        Assert.Equal((concordant, discordant), (tau.Concordant, tau.Discordant));
        double all = x.Length * (x.Length - 1) / 2;
        Assert.Equal((concordant - discordant) / Math.Sqrt((all - tiedX) * (all - tiedY)), tau.Tau, 1e-12);
    }, iter: 500);

    [Fact]
    public void Exact_p_of_kendall_is_the_share_of_all_orders() => Gen.Int[2, 6].SelectMany(n => Gen.Shuffle(Enumerable.Range(0, n).ToArray())).Sample(order =>
    {
        double[] x = [.. Enumerable.Range(0, order.Length)], y = [.. order.Select(i => (double)i)];
        double observed = Math.Abs(KendallTau.Of(x, y).Defined().Tau);
        double[] taus = [.. Orders([.. y]).Select(o => Math.Abs(KendallTau.Of(x, o).Defined().Tau))];
        Assert.Equal(taus.Count(t => t >= observed - 1e-12) / (double)taus.Length, KendallTau.Of(x, y).Defined().PExact.Defined(), 1e-12);
    }, iter: 30);

    [Fact]
    public void Signs_units_and_sides_are_symmetric() => Pairs.Sample(pairs =>
    {
        double[] x = [.. pairs.Select(p => p.X)], y = [.. pairs.Select(p => p.Y)], minus = [.. y.Select(v => 3 - 2 * v)];
        foreach (var of in new Func<IReadOnlyList<double>, IReadOnlyList<double>, Figure<Association>>[] { Correlation.Pearson, Correlation.Spearman, Correlation.Kendall })
        {
            var (r, swapped, flipped) = (of(x, y).Defined(), of(y, x).Defined(), of(x, minus).Defined());
            Assert.Equal(r.Coefficient, swapped.Coefficient, 1e-12);
            Assert.Equal(r.Coefficient, -flipped.Coefficient, 1e-12);
            Assert.Equal(r.P, flipped.P, 1e-9);
            Assert.InRange(r.P, 0, 1);
            if (r.Interval95.Value is { } i) Assert.True(i.Low < r.Coefficient && r.Coefficient < i.High);
        }
    }, iter: 200);

    [Fact]
    public void With_one_control_the_partial_correlation_follows_from_the_plain_ones() =>
        Gen.Select(Gen.Double[-2, 2], Gen.Double[-2, 2], Gen.Double[-2, 2]).Array[6, 20].Sample(rows =>
        {
            double[] x = [.. rows.Select(r => r.Item1)], y = [.. rows.Select(r => r.Item2)], z = [.. rows.Select(r => r.Item3)];
            double xy = R(x, y), xz = R(x, z), yz = R(y, z);
            var partial = PartialCorrelation.Of(x, y, [z]).Defined();
            Assert.Equal((xy - xz * yz) / Math.Sqrt((1 - xz * xz) * (1 - yz * yz)), partial.Coefficient, 1e-9);
            Assert.Equal(partial.P, Regression.Multiple([x, z], y).Defined().Coefficients[1].P, 1e-9);
            Assert.Equal(Correlation.Pearson(x, y).Defined(), PartialCorrelation.Of(x, y, []).Defined());

            static double R(double[] a, double[] b) => Correlation.Pearson(a, b).Defined().Coefficient;
        }, iter: 100);

    [Fact]
    public void Controls_that_leave_nothing_say_so()
    {
        double[] x = [1, 2, 4, 3, 7], y = [2, 1, 3, 5, 4], z = [0.3, 0.1, 0.2, 0.9, 0.4];
        Assert.Equal("control 2 is a linear function of the columns before it", PartialCorrelation.Of(x, y, [z, [.. z.Select(v => 1 - 2 * v)]]).UndefinedBecause);
        Assert.Equal("control 1 does not vary", PartialCorrelation.Of(x, y, [[1, 1, 1, 1, 1]]).UndefinedBecause);
        Assert.Equal("the controls explain x wholly", PartialCorrelation.Of(x, y, [[.. x.Select(v => 0.1 * v)]]).UndefinedBecause);
        Assert.Equal("n = 5 is below 6", PartialCorrelation.Of(x, y, [z, x, y]).UndefinedBecause);
        Assert.Equal("value 1 of control 1 is not a number", PartialCorrelation.OfRanks(x, y, [[double.NaN, 1, 2, 3, 4]]).UndefinedBecause);
        Assert.Equal("n = 5 is below 6", PartialCorrelation.Of(x, y, [z, [1, 0, 0, 1, 0]]).Defined().Interval95.UndefinedBecause);
    }

    /// <summary>Every order of a few values.</summary>
    static IEnumerable<double[]> Orders(double[] values)
    {
        if (values.Length < 2) return [values];
        return values.SelectMany((v, i) => Orders([.. values[..i], .. values[(i + 1)..]]).Select(rest => (double[])[v, .. rest]));
    }
}
