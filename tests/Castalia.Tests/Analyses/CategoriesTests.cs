using Castalia.Analyses;
using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Analyses;

public sealed class CategoriesTests
{
    static readonly int[] Group = [1, 1, 1, 1, -1, -1, -1, -1], Entropy = [1, 1, -1, -1, 1, 1, -1, -1], Noise = [1, -1, 1, -1, -1, 1, -1, 1];

    /// <summary>Gain = 1 + 0.2·group + 0.1·entropy + 0.05·noise, all three orthogonal: F = 8·0.2² / (8·0.05²/5) = 80.</summary>
    static GainSample Orthogonal() => Samples.Of(Group.Select((g, i) =>
        Samples.Point(i, 1 + 0.2 * g + 0.1 * Entropy[i] + 0.05 * Noise[i], 3 + Entropy[i], g > 0 ? "up" : "down")));

    [Fact]
    public void The_analysis_of_covariance_is_the_one_worked_out_by_hand()
    {
        var c = Categories.Of(Orthogonal(), seed: 1);
        var f = c.Covariance.Value!.Value;
        Assert.Equal((80, 1, 5), (Math.Round(f.F, 9), f.Df1, f.Df2));
        Assert.Equal(0.32 / 0.34, f.PartialR2, 1e-12); // of the 8·(0.2² + 0.05²) that entropy leaves
        // With two categories F is the square of the dummy's t.
        var dummy = Regression.Multiple([[.. Group.Select(g => (double)g)], [.. Entropy.Select(e => (double)e)]], Orthogonal().Gains).Value!.Value.Coefficients[1];
        Assert.Equal(dummy.P, f.P, 1e-9);
        Assert.Equal(["entropy"], c.RegressedOut);
        Assert.Equal("log tokens: every prompt has the same number of tokens", Assert.Single(c.NotRegressedOut));
    }

    [Fact]
    public void Groups_keep_their_order_and_residuals_are_free_of_entropy()
    {
        var c = Categories.Of(Orthogonal(), seed: 1);
        Assert.Equal(["up", "down"], c.Groups.Select(g => g.Category));
        Assert.Equal([1.2, 0.8], c.Groups.Select(g => Math.Round(g.Gain.Mean.Value!.Value, 12)));
        Assert.Equal([0.2, -0.2], c.Groups.Select(g => Math.Round(g.Adjusted.Mean.Value!.Value, 12)));
        Assert.Equal([0, 4], c.Groups.Select(g => g.Below));
        Assert.All(c.Groups, g => Assert.True(g.IsSmall));
        // Ranks 5–8 against 1–4: H = 12/(8·9)·(26²/4 + 10²/4) − 27 = 16/3; ε² = H/(n − 1).
        var test = c.OfGain.Test.Value!.Value;
        Assert.Equal(16 / 3.0, test.H, 1e-9);
        Assert.Equal(16 / 3.0 / 7, test.EpsilonSquared, 1e-9);
        Assert.Equal(("up", "down"), (c.OfGain.Pairs[0].First, c.OfGain.Pairs[0].Second));
        Assert.True(c.OfGain.Pairs[0].Z > 0);
    }

    [Fact]
    public void A_category_that_is_only_length_disappears_once_length_is_regressed_out()
    {
        double[] noise = [0.011, -0.007, -0.013, 0.009];
        var points = Enumerable.Range(0, 40).Select(i =>
        {
            int length = i < 20 ? 4 + i % 5 : 12 + i % 5;
            return Samples.Point(i, 0.5 + 0.3 * Math.Log(length) + noise[i % 4], 1 + i % 3, i < 20 ? "short" : "long", length);
        });
        var c = Categories.Of(Samples.Of(points), seed: 1);
        Assert.True(c.OfGain.Test.Value!.Value.P < 1e-6);
        Assert.True(c.OfAdjusted.Test.Value!.Value.P > 0.05);
        Assert.True(c.Covariance.Value!.Value.P > 0.05);
        Assert.Equal(["log tokens", "entropy"], c.RegressedOut);
    }

    [Fact]
    public void Prompts_without_categories_have_no_groups()
    {
        Assert.Empty(Categories.Of(Samples.Of([0.9, 1.1, 1.2], [1, 2, 3]), seed: 1).Groups);
        Assert.Empty(Categories.Of(Samples.Of([Samples.Point(0, 0.9, 1, "one"), Samples.Point(1, 1.1, 2, "one")]), seed: 1).Groups);
        Assert.Empty(Categories.Of(Samples.Of([Samples.Point(0, 0.9, 1, "one"), Samples.Point(1, 1.1, 2)]), seed: 1).Groups);
        Assert.Empty(Categories.Of(Samples.Of([]), seed: 1).Groups);
    }

    [Fact]
    public void A_gain_that_does_not_vary_is_undefined_not_0()
    {
        var c = Categories.Of(Samples.Of(Enumerable.Range(0, 8).Select(i => Samples.Point(i, 0.9, i, i < 4 ? "a" : "b"))), seed: 1);
        Assert.NotNull(c.OfGain.Test.UndefinedBecause);
        Assert.NotNull(c.Covariance.UndefinedBecause);
        Assert.NotNull(c.OfEntropy.Test.Value);
    }
}
