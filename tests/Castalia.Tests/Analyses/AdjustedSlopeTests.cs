using Castalia.Analyses;
using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Analyses;

public sealed class AdjustedSlopeTests
{
    /// <summary>x and z correlate 0.6: variance inflation is 1/(1 − 0.36).</summary>
    [Fact]
    public void A_correlated_control_inflates_the_variance_by_what_it_explains()
    {
        // a and b are orthogonal, of mean 0 and equal length; z = a, x = 0.6 a + 0.8 b.
        double[] a = [1, 1, -1, -1, 1, 1, -1, -1], b = [1, -1, 1, -1, 1, -1, 1, -1], e = [0.1, -0.1, -0.1, 0.1, -0.1, 0.1, 0.1, -0.1];
        double[] x = [.. a.Zip(b, (p, q) => 0.6 * p + 0.8 * q)];
        double[] y = [.. x.Select((v, i) => 2 * v + 3 * a[i] + e[i])];
        var alone = AdjustedSlope.Of(x, y, Controls.None, null).Value!.Value;
        var adjusted = AdjustedSlope.Of(x, y, Controls.None.With("z", a), null).Value!.Value;
        Assert.Equal(1, alone.Inflation);
        Assert.Equal(2 + 3 * 0.6, alone.Slope, 1e-12); // what is not held fixed flows into the slope
        Assert.Equal(1 / (1 - 0.36), adjusted.Inflation, 1e-12);
        Assert.Equal(2, adjusted.Slope, 1e-12);
        // Given a, x is 0.8 b and y is 1.6 b + e: r = 1.6·8/√(8 · (1.6²·8 + 0.08)) with e orthogonal to b.
        Assert.Equal(1.6 * 8 / Math.Sqrt(8 * (1.6 * 1.6 * 8 + 0.08)), adjusted.Partial, 1e-12);
        var partial = PartialCorrelation.Of(x, y, [a]).Value!.Value;
        Assert.Equal(partial.Coefficient, adjusted.Partial, 1e-12);
        Assert.Equal(partial.P, adjusted.P, 1e-9);
    }

    [Fact]
    public void Category_and_length_are_held_fixed_and_a_slope_that_was_theirs_disappears()
    {
        // Gain depends on the category alone; entropy is higher in category b.
        double[] noise = [0.01, -0.01, -0.01, 0.01, 0.01, -0.01];
        var points = Enumerable.Range(0, 24).Select(i =>
        {
            bool b = i >= 12;
            return Samples.Point(i, (b ? 1.3 : 0.9) + noise[i % 6], (b ? 5 : 1) + 0.1 * (i % 12 / 6 == 0 ? 1 : -1), b ? "b" : "a", 6 + i % 3, 0.2 + 0.01 * (i % 5));
        });
        var rows = Adjustment.All(Samples.Of(points), null);
        Assert.Equal(["", "log tokens", "log tokens, category", "log tokens, category, top-1 probability", "log tokens, category"],
            rows.Select(r => string.Join(", ", r.Controls.Names)));
        Assert.Equal(0.1, rows[0].OfGain.Value!.Value.Slope, 0.001);
        Assert.Equal(0, rows[2].OfGain.Value!.Value.Slope, 1e-9);
        Assert.True(rows[2].OfGain.Value!.Value.Inflation > 100); // category is nearly entropy here, and the table says so
        Assert.Equal(Adjustment.TopProbability, rows[4].Predictor);
    }

    [Fact]
    public void What_does_not_vary_cannot_be_held_fixed_and_is_named()
    {
        var sample = Samples.Of([0.9, 1.1, 1.0, 1.2], [1, 2, 3, 5]);
        Assert.Equal(["log tokens: every prompt has the same number of tokens", "category: not every prompt has one", "top-1 probability: it does not vary"],
            Adjustment.LeftOut(sample));
        var rows = Adjustment.All(sample, null);
        Assert.Equal(2, rows.Count);
        Assert.Null(rows[1].OfGain.Value); // the probability itself does not vary
    }

    [Fact]
    public void The_parts_of_the_sublayers_have_slopes_that_add_up_to_that_of_the_squared_gain()
    {
        double[] gains = [0.8, 0.9, 1.1, 1.05, 1.4], entropies = [0.5, 1, 2, 3, 4.5];
        var sublayers = SublayerSlopes.Both(Samples.Of(gains, entropies), null);
        double whole = FittedLine.Of(entropies, [.. gains.Select(g => g * g - 1)]).Value!.Value.Slope;
        Assert.Equal(0.1 * whole, sublayers[0].OnEntropy.Value!.Value.Slope, 1e-12);
        Assert.Equal(0.9 * whole, sublayers[1].OnEntropy.Value!.Value.Slope, 1e-12);
    }

    [Fact]
    public void R_within_categories_drops_what_lies_between_them()
    {
        GainPoint[] points =
        [
            .. new[] { 1.0, 2, 3, 4 }.Select((h, i) => Samples.Point(i, 0.9 - 0.01 * h + (i % 2 == 0 ? 0.001 : 0), h, "low")),
            .. new[] { 5.0, 6, 7, 8 }.Select((h, i) => Samples.Point(4 + i, 1.9 - 0.01 * h + (i % 2 == 0 ? 0.001 : 0), h, "high")),
        ];
        var sample = Samples.Of(points);
        Assert.True(Correlation.Pearson(sample.Gains, sample.Entropies).Value!.Value.Coefficient > 0.8);
        Assert.True(WithinCategory.Pooled(sample).Value!.Value.Coefficient < -0.9);
        Assert.All(WithinCategory.All(sample, seed: 1), c => Assert.True(c.Pearson.Value!.Value.Coefficient < -0.9));
    }
}
