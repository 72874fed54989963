using Castalia.Analyses;
using Castalia.Reports;
using Castalia.Reports.Pages;
using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Analyses;

public sealed class WithinCategoryTests
{
    /// <summary>Three and four prompts, entropy a line of gain in each: of 3! and 4! orders the two monotone ones reach |r| = 1, of 3!·4! within both the two that are so in both.</summary>
    [Fact]
    public void P_is_from_the_orders_within_the_category_and_Holm_is_over_categories()
    {
        var sample = Sample();
        var all = WithinCategory.All(sample, seed: 1);
        Assert.Equal(["a", "b"], all.Select(c => c.Category));
        Assert.Equal([2.0 / 6, 2.0 / 24], all.Select(c => c.P.Value!.Value.P));
        Assert.All(all, c => Assert.True(c.P.Value!.Value.Exact));
        Assert.Equal(2.0 / 6, all[0].Holm.Value!.Value, 1e-12); // the larger, once
        Assert.Equal(2 * 2.0 / 24, all[1].Holm.Value!.Value, 1e-12); // the smallest, times two
        var pooled = WithinCategory.PooledP(sample, seed: 1).Value!.Value;
        Assert.Equal((7, 144L, true), (pooled.N, pooled.Permutations, pooled.Exact));
        Assert.Equal(2.0 / 144, pooled.P, 1e-12);
        Assert.Equal(WithinCategory.Pooled(sample).Value!.Value.Coefficient, pooled.Coefficient, 1e-12);
    }

    [Fact]
    public void Orders_that_are_drawn_keep_every_value_in_its_group()
    {
        // Between the groups the two rise together, within them they do not vary together: an order over all would break the first.
        double[] x = [.. Enumerable.Range(0, 20).Select(i => i / 10 * 100.0 + i % 10)], y = [.. Enumerable.Range(0, 20).Select(i => i / 10 * 100.0 + i * 7 % 10)];
        string[] groups = [.. Enumerable.Range(0, 20).Select(i => $"{i / 10}")];
        var within = Permutation.PearsonPWithin(x, y, groups, 10_000, seed: 1).Value!.Value;
        Assert.False(within.Exact);
        // Σ(x−4.5)(y−4.5) over 0 to 9 with y = 7x mod 10 is −8.5 of 82.5 in each group.
        double product = Enumerable.Range(0, 10).Sum(i => (i - 4.5) * (i * 7 % 10 - 4.5));
        Assert.Equal(product / 82.5, within.Coefficient, 1e-12);
        // Under such orders r has mean 0 and variance 1/(n − groups) = 1/18, and is nearly normal.
        Assert.Equal(2 * (1 - Normal(Math.Abs(within.Coefficient) * Math.Sqrt(18))), within.P, 0.03);
        Assert.True(Permutation.PearsonP(x, y, 10_000, seed: 1).Value!.Value.P < 0.001);
    }

    [Fact]
    public void Without_variation_inside_the_groups_there_is_no_p() =>
        Assert.NotNull(Permutation.PearsonPWithin([1, 1, 2, 2], [1, 2, 3, 4], ["a", "a", "b", "b"], 100, seed: 1).UndefinedBecause);

    [Fact]
    public void The_page_says_where_the_p_of_categories_is_from()
    {
        string page = TerminalPrinter.Of(BentovReport.Of(Bentov.Of([Sample()], null, seed: 1), "runs"), 200);
        Assert.Contains("Holm here: over the 2 of them in which it is defined", page);
        Assert.Matches(@" a +3 .* 0\.3333 +0\.3333\n", page);
    }

    static GainSample Sample() => Samples.Of(
    [
        .. Enumerable.Range(0, 3).Select(i => Samples.Point(i, 0.9 + 0.1 * i, 1 + i, "a")),
        .. Enumerable.Range(0, 4).Select(i => Samples.Point(3 + i, 1.9 + 0.1 * i, 5 + i, "b")),
    ]);

    /// <summary>Φ by its series; enough digits for a bound of 0.03.</summary>
    static double Normal(double z)
    {
        double term = z, sum = z;
        for (int k = 1; k < 60; k++) sum += term *= -z * z / (2 * k) * (2 * k - 1) / (2 * k + 1);
        return 0.5 + sum / Math.Sqrt(2 * Math.PI);
    }
}
