using Castalia.Curves;
using Castalia.Statistics;
using Xunit;

namespace Castalia.Tests.Curves;

public sealed class CurveTests
{
    /// <summary>1.2, 1.1, 0.9 and 0.95 at steps 0, 100, 300 and 400: half-way between 100 and 300 the mean is 1.</summary>
    static readonly StepSeries Falling = Planted.Series((0, Planted.Around(1.2)), (100, Planted.Around(1.1)), (300, Planted.Around(0.9)), (400, Planted.Around(0.95)));

    [Fact]
    public void A_crossing_is_where_the_line_between_two_means_meets_1_and_its_interval_is_that_of_the_definition()
    {
        var crossing = Assert.Single(Planted.Curve(Falling).Crossings);
        Assert.Equal((200.0, true, 100L, 300L), (Math.Round(crossing.Step, 9), crossing.IsFall, crossing.After, crossing.Until));
        // All prompts are shifted alike, so a draw shifts every mean by the same d: it crosses at 100 + 200·(0.1 + d)/0.2 as long as that lies between.
        var means = ResampledMeans.Of([.. Falling.Steps.Select(step => step.Values)], Curve.Resamples, 1, CancellationToken.None);
        double[] crossings = [.. Enumerable.Range(0, means.Count).Select(b => 100 + 200 * (means.At(b)[1] - 1) / (means.At(b)[1] - means.At(b)[2])).Order()];
        Assert.All(new[] { crossings[0], crossings[^1] }, step => Assert.InRange(step, 100, 300));
        Assert.Equal(Quantile(crossings, 0.025), crossing.Interval95.Value!.Value.Low, 1e-9);
        Assert.Equal(Quantile(crossings, 0.975), crossing.Interval95.Value!.Value.High, 1e-9);
    }

    [Fact]
    public void Both_ways_are_found_and_a_crossing_that_draws_lack_has_no_interval()
    {
        var curve = Planted.Curve(Planted.Series((0, Planted.Around(1.2)), (10, Planted.Around(0.8)), (20, Planted.Around(1.2)), (30, Planted.Around(0.999, 0.5)), (40, Planted.Around(1.2))));
        Assert.Equal([true, false, true, false], curve.Crossings.Select(crossing => crossing.IsFall));
        Assert.Equal([5.0, 15.0], curve.Crossings.Take(2).Select(crossing => Math.Round(crossing.Step, 9)));
        Assert.True(curve.Crossings[0].Interval95.Value is { Low: > 3, High: < 7 });
        var alone = Planted.Curve(Planted.Series((0, Planted.Around(1.2)), (10, Planted.Around(0.999, 0.5)))).Crossings;
        Assert.Contains("no value in", Assert.Single(alone).Interval95.UndefinedBecause);
        Assert.Empty(Planted.Curve(Falling, "entropy").Crossings);
    }

    [Fact]
    public void Onset_leaves_the_first_interval_and_freeze_stays_within_the_last()
    {
        var curve = Planted.Curve(Planted.Series((0, Planted.Around(1.1)), (1, Planted.Around(1.11)), (2, Planted.Around(1.3)), (4, Planted.Around(0.95)), (8, Planted.Around(0.9)), (16, Planted.Around(0.96)), (32, Planted.Around(0.95))));
        Assert.Equal((2L, 16L), (curve.Onset.Value, curve.Freeze.Value));
        Assert.Contains("no later mean", Planted.Curve(Planted.Series((0, Planted.Around(1)), (1, Planted.Around(1.001)))).Onset.UndefinedBecause);
        Assert.Contains("before the last", Planted.Curve(Falling).Freeze.UndefinedBecause);
    }

    [Theory]
    [InlineData(0.05, 0.001, Drift.Drifting)]
    [InlineData(0.001, 0.001, Drift.Settled)]
    [InlineData(0.02, 0.5, Drift.Undecided)]
    internal void A_slope_on_ln_step_is_judged_by_its_interval(double slope, double spread, Drift verdict)
    {
        // Prompts of different slopes: the mean's is the one asked for.
        long[] steps = [1000, 60000, 101000, 120000, 143000];
        var series = Planted.Series([.. steps.Select(step => (step, Planted.Around(0, spread).Select(own => 1 + (slope + own) * Math.Log(step)).ToArray()))]);
        var end = Planted.Curve(series).End.Value!.Value;
        Assert.Equal((101000L, 3, verdict), (end.From, end.Steps, end.Verdict));
        Assert.Equal(slope, end.Slope, 1e-9);
        Assert.True(end.Interval95.Value!.Value.Contains(slope));
        Assert.Contains("a slope needs 3", Planted.Curve(Falling).End.UndefinedBecause);
    }

    [Fact]
    public void Autocorrelation_is_that_of_its_definition_and_rises_where_a_planted_curve_slows()
    {
        // Residuals +1, −1, −1, +1 about the line 2·i: Σ e·e₊₁ = −1 + 1 − 1 over 4.
        Assert.Equal(-0.25, Slowing.Autocorrelation([1, 1, 3, 7]), 1e-12);
        Assert.True(double.IsNaN(Slowing.Autocorrelation([1, 2, 3, 4])));
        // x ← φ·x + noise, φ from 0 to 1: recovery slows.
        var random = new Random(5);
        double x = 0;
        double[] means = [.. Enumerable.Range(0, 400).Select(i => x = i / 400.0 * x + random.NextDouble() - 0.5)];
        long[] steps = [0, 1, 2, 4, .. Enumerable.Range(1, 396).Select(i => 1000L * i)];
        var slowing = Slowing.Of(steps, means).Value!.Value;
        Assert.Equal((1000L, 396000L, 1000L, 396, 198), (slowing.From, slowing.To, slowing.Spacing, slowing.Points, slowing.Window));
        Assert.True(slowing.Last > slowing.First + 0.2 && slowing.Trend > 0.7, $"{slowing}");
        Assert.Contains("8 are needed", Slowing.Of([0, 1, 2, 4, 8, 16, 32, 64, 128], new double[9]).UndefinedBecause);
    }

    [Fact]
    public void Steps_0_and_1_of_equal_weights_are_one_point_and_other_equal_steps_are_refused_by_name()
    {
        double[] values = Planted.Around(1);
        var merged = Assert.Single(DistinctSteps.Of([Planted.Series((0, "a", values), (1, "a", values), (2, "b", values))], DuplicateSteps.Refuse).Series);
        Assert.Equal([(0L, (long?)1L), (2L, null)], merged.Steps.Select(step => (step.Step, step.Merged)));
        Assert.Equal(3, Assert.Single(DistinctSteps.Of([Planted.Series((0, "a", values), (1, "b", values), (2, "c", values))], DuplicateSteps.Refuse).Series).Steps.Count);
        var planted = Planted.Series((0, "a", values), (1, "a", values), (2000, "z", values), (3000, "y", values), (143000, "z", values));
        var e = Assert.Throws<InputException>(() => DistinctSteps.Of([planted], DuplicateSteps.Refuse));
        Assert.Equal("Different steps hold the same weights, byte for byte: /twins/cell: steps 2,000, 143,000.", e.Cause);
        Assert.Contains("--duplicates keep", e.Remedy);
        var kept = DistinctSteps.Of([planted], DuplicateSteps.Keep);
        Assert.Equal([2000L, 143000L], Assert.Single(kept.Kept).Steps);
        Assert.Equal([0L, 2000L, 3000L, 143000L], kept.Series[0].Steps.Select(step => step.Step));
        // Step 2 that equals 0 and 1 as well is no first step.
        Assert.Throws<InputException>(() => DistinctSteps.Of([Planted.Series((0, "a", values), (1, "a", values), (2, "a", values))], DuplicateSteps.Refuse));
    }

    [Fact]
    public void Names_are_as_short_as_tells_trainings_apart_and_never_a_seed_alone()
    {
        string[] Labels(params string[] trainings) => [.. SeriesLabels.Of([.. trainings.Select(training => new StepSeries(training, "set", null, 1, []))]).Select(one => one.Label)];
        Assert.Equal(["cell/seed1"], Labels("/twins/cell/seed1"));
        Assert.Equal(["a/seed1", "b/seed1"], Labels("/twins/a/seed1", "/twins/b/seed1"));
        Assert.Equal(["seed1"], Labels("/seed1"));
        Assert.Equal(["pythia-70m", "pythia-70m-v0"], Labels("EleutherAI/pythia-70m", "EleutherAI/pythia-70m-v0"));
    }

    static double Quantile(double[] sorted, double p) => sorted[(int)((sorted.Length - 1) * p)] + ((sorted.Length - 1) * p % 1) * (sorted[(int)((sorted.Length - 1) * p) + 1] - sorted[(int)((sorted.Length - 1) * p)]);
}
