using Castalia.Statistics;
using CsCheck;
using Xunit;

namespace Castalia.Tests.Statistics;

public sealed class RegressionTests
{
    static readonly Gen<(double X, double Z, double Y, int Cluster)[]> Rows =
        Gen.Select(Gen.Double[-2, 2], Gen.Double[-2, 2], Gen.Double[-2, 2], Gen.Int[0, 4]).Array[8, 30].Where(r => r.Select(x => x.Item4).Distinct().Count() > 3);

    [Fact]
    public void Designs_that_cannot_be_fitted_name_the_column()
    {
        double[] x = [1, 2, 4, 3, 7, 5], y = [2, 1, 3, 5, 4, 9], still = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1];
        Assert.Equal("length is a linear function of the columns before it",
            Regression.Multiple([x, [.. y.Reverse()], [.. x.Select(v => 1e6 - 0.3 * v)]], y, ["entropy", "position", "length"]).UndefinedBecause);
        Assert.Equal("x3 is a linear function of the columns before it", Regression.Multiple([[1, 0, 0, 1, 0, 0], [0, 1, 0, 0, 1, 0], [0, 0, 1, 0, 0, 1]], y).UndefinedBecause);
        Assert.Equal("x2 does not vary", Regression.Multiple([x, still], y).UndefinedBecause);
        Assert.Equal("y does not vary", Regression.Multiple([x], still).UndefinedBecause);
        Assert.Equal("value 2 of x1 is not a number", Regression.Multiple([[1, double.NaN, 4, 3, 7, 5]], y).UndefinedBecause);
        Assert.Equal("value 1 of y is infinite", Regression.Multiple([x], [double.PositiveInfinity, 1, 3, 5, 4, 9]).UndefinedBecause);
        Assert.Equal("n = 2 leaves no residual beside 2 coefficients", Regression.Multiple([[1, 2]], [1, 3]).UndefinedBecause);
        Assert.Equal("the columns explain y wholly: there is no residual to judge by", Regression.Multiple([x], [.. x.Select(v => 3 - 0.1 * v)]).UndefinedBecause);
        Assert.Equal("weight 2 is not a number above 0", Regression.Weighted([x], y, [1, 0, 1, 1, 1, 1]).UndefinedBecause);
        Assert.Equal("there is only one cluster", Regression.Clustered([x], y, ["a", "a", "a", "a", "a", "a"]).UndefinedBecause);
        Assert.Equal("only cluster b speaks about x2, and one cluster gives no error",
            Regression.Clustered([x, [0, 0, 1, 1, 0, 0]], y, ["a", "a", "b", "b", "c", "c"]).UndefinedBecause);
        Assert.Equal("x1: squares of the values leave the range of float64", Regression.Multiple([[1e200, 2, 4, 3, 7, 5]], y).UndefinedBecause);
        Assert.Equal("y: squares of the values leave the range of float64", Regression.Multiple([x], [1e200, 2, 4, 3, 7, 5]).UndefinedBecause);
        Assert.Throws<ArgumentException>(() => Regression.Clustered([x], y, [1, 2]));
        Assert.Throws<ArgumentException>(() => Regression.Multiple([x, [1, 2]], y));
    }

    [Fact]
    public void Lines_that_cannot_be_drawn_say_why()
    {
        Assert.Equal("n = 2 leaves no residual beside a line", Regression.Simple([1, 2], [1, 2]).UndefinedBecause);
        Assert.Equal("x does not vary", Regression.Simple([0.1, 0.1, 0.1], [1, 2, 3]).UndefinedBecause);
        Assert.Equal("y does not vary", Regression.Simple([1, 2, 3], [0.1, 0.1, 0.1]).UndefinedBecause);
        Assert.Equal("value 3 of x is infinite", Regression.Simple([1, 2, double.NegativeInfinity], [1, 2, 3]).UndefinedBecause);
        var three = Regression.Simple([1, 1, 2], [1, 2, 4]).Defined();
        Assert.Equal((3.0, 2.0), (three.LeaveOneOutSlopes[0].Value, three.LeaveOneOutSlopes[1].Value) is ({ } a, { } b) ? (b, a) : default);
        Assert.Equal("x does not vary without pair 3", three.LeaveOneOutSlopes[2].UndefinedBecause);
        Assert.Equal("x does not vary without pair 3", three.LeaveOneOutRange.UndefinedBecause);
        var line = Regression.Simple([0.1, 0.7, 1.9], [0.3, 2.1, 5.7]).Defined();
        Assert.Equal(3, line.Slope, 1e-14);
        Assert.Equal(("the pairs lie on the line", 0.0), (line.T.UndefinedBecause, line.P));
    }

    [Fact]
    public void Leaving_a_pair_out_is_fitting_the_others_even_beside_an_outlier() =>
        Gen.Select(Gen.Double[-2, 2], Gen.Double[-2, 2]).Array[4, 12].Sample(pairs =>
        {
            double[] x = [1e5, .. pairs.Select(p => p.Item1)], y = [-3, .. pairs.Select(p => p.Item2)];
            var slopes = Regression.Simple(x, y).Defined().LeaveOneOutSlopes;
            for (int i = 0; i < x.Length; i++)
            {
                double own = Regression.Simple([.. x.Where((_, j) => j != i)], [.. y.Where((_, j) => j != i)]).Defined().Slope;
                Assert.Equal(own, slopes[i].Defined(), 1e-9 * Math.Max(1e-3, Math.Abs(own)));
            }
        }, iter: 100);

    [Fact]
    public void Clustered_errors_are_the_sandwich_written_out() => Rows.Sample(rows =>
    {
        double[] x = [.. rows.Select(r => r.X)], y = [.. rows.Select(r => r.Y)];
        int[] clusters = [.. rows.Select(r => r.Cluster)];
        var line = Regression.Simple(x, y).Defined();
        double n = x.Length, meanX = x.Average(), xx = x.Sum(v => (v - meanX) * (v - meanX));
        double Sandwich(IEnumerable<IGrouping<int, int>> groups)
        {
            double g = groups.Count(), meat = groups.Sum(rows => Math.Pow(rows.Sum(i => (x[i] - meanX) * (y[i] - line.Intercept - line.Slope * x[i])), 2));
            return Math.Sqrt(g / (g - 1) * (n - 1) / (n - 2) * meat) / xx;
        }
        var all = Enumerable.Range(0, x.Length).ToList();
        var fit = Regression.Clustered([x], y, clusters).Defined();
        Assert.Equal(Sandwich(all.GroupBy(i => clusters[i])), fit.Coefficients[1].Se, 1e-9);
        Assert.Equal((clusters.Distinct().Count(), clusters.Distinct().Count() - 1), (fit.Clusters, fit.Df));
        Assert.Null(fit.F);
        // A cluster of each row's own: White's errors with n/(n − k).
        Assert.Equal(Sandwich(all.GroupBy(i => i)), Regression.Clustered([x], y, all).Defined().Coefficients[1].Se, 1e-9);
    }, iter: 100);

    [Fact]
    public void Order_of_rows_units_and_offsets_of_columns_do_not_matter() => Rows.Sample(rows =>
    {
        double[] x = [.. rows.Select(r => r.X)], z = [.. rows.Select(r => r.Z)], y = [.. rows.Select(r => r.Y)];
        int[] clusters = [.. rows.Select(r => r.Cluster)];
        var fit = Regression.Clustered([x, z], y, clusters).Defined();
        var other = Regression.Clustered(
            [[.. z.Select(v => 1000 * v + 4096).Reverse()], [.. x.Reverse()]], [.. y.Reverse()], [.. clusters.Select(c => $"text {c}").Reverse()]).Defined();
        foreach (var (a, b, scale) in new[] { (1, 2, 1.0), (2, 1, 1000.0) })
        {
            Assert.Equal(fit.Coefficients[a].Value, scale * other.Coefficients[b].Value, 1e-9);
            Assert.Equal(fit.Coefficients[a].Se, scale * other.Coefficients[b].Se, 1e-9);
            Assert.Equal(fit.Coefficients[a].P, other.Coefficients[b].P, 1e-7);
        }
        Assert.Equal(fit.R2, other.R2, 1e-10);
        Assert.Equal(Regression.Multiple([x, z], y).Defined().Coefficients.Select(c => c.Value), fit.Coefficients.Select(c => c.Value));
    }, iter: 100);

    [Fact]
    public void Equal_weights_change_nothing() => Rows.Sample(rows =>
    {
        double[] x = [.. rows.Select(r => r.X)], y = [.. rows.Select(r => r.Y)];
        var plain = Regression.Multiple([x], y).Defined();
        var weighted = Regression.Weighted([x], y, [.. x.Select(_ => 4.0)]).Defined();
        Assert.Equal(plain.Coefficients[1].Value, weighted.Coefficients[1].Value, 1e-10);
        Assert.Equal(plain.Coefficients[1].Se, weighted.Coefficients[1].Se, 1e-10);
        Assert.Equal(plain.Aic, weighted.Aic, 1e-8);
    }, iter: 50);
}
