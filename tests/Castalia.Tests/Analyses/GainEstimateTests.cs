using Castalia.Analyses;
using Castalia.Statistics;
using Xunit;
using static Castalia.Tests.Analyses.InMemoryRuns;

namespace Castalia.Tests.Analyses;

public sealed class GainEstimateTests
{
    /// <summary>0.75, 1.5, 1.75, 2: mean 1.5, Σ(x − 1.5)² = 7/8, sd = √(7/24), t = 0.5/(sd/2) = √(24/7); with 3 degrees of freedom
    /// p = 1 − (2/π)(u/(1 + u²) + arctan u), u = t/√3; ranks of x − 1: 1 below, 2 + 3 + 4 above, exact p = 2·2/16.</summary>
    [Fact]
    public void A_row_is_what_one_works_out_by_hand()
    {
        var row = Assert.Single(GainEstimate.All([Model("m", [0.75, 1.5, null, 1.75, 2])], GainGrouping.Model));
        Assert.Equal((5, 4, 1, null), (row.Prompts, row.Gain.N, row.BelowOne, row.Category));
        Assert.Equal((1.5, 1.625), (row.Gain.Mean.Value!.Value, row.Gain.Median.Value!.Value));
        Assert.Equal(Math.Sqrt(7 / 24.0), row.Gain.Sd.Value!.Value, 1e-15);
        double t = Math.Sqrt(24 / 7.0), u = t / Math.Sqrt(3), p = 1 - 2 / Math.PI * (u / (1 + u * u) + Math.Atan(u));
        Assert.Equal(t, row.T.Value!.Value.T, 1e-12);
        Assert.Equal(p, row.T.Value!.Value.PTwoSided, 1e-12);
        Assert.Equal(p, row.THolm.Value!.Value, 1e-12);
        Assert.Equal(0.25, row.Wilcoxon.Value!.Value.PTwoSided, 1e-12);
        Assert.Equal(t / 2, row.Effect.Value!.Value.CohenD, 1e-12);
        Assert.Equal(0.0456, row.BelowOneShare.Value!.Value.Low, 1e-4);
        Assert.Equal(0.6994, row.BelowOneShare.Value!.Value.High, 1e-4);
    }

    [Fact]
    public void The_status_follows_from_the_interval_alone()
    {
        double?[] gains = [0.8, 0.9, 0.85, 0.95, 0.7, 0.88];
        GainStatus Of(Func<double, double> turn) => GainEstimate.All([Model("m", [.. gains.Select(g => (double?)turn(g!.Value))])], GainGrouping.Model)[0].Status;
        Assert.Equal(GainStatus.Dampening, Of(g => g));
        Assert.Equal(GainStatus.Expansion, Of(g => 2 - g));
        Assert.Equal(GainStatus.Neutral, Of(g => g + 0.15));
    }

    [Fact]
    public void The_interval_is_that_of_the_run_and_its_seed()
    {
        double?[] gains = [0.8123, 1.4321, 0.9017, 1.1311, 1.0507, 1.9013, 0.7331, 1.2029];
        var one = GainEstimate.All([Model("m", gains, seed: 1), Model("m", gains, run: "run-2", seed: 2)], GainGrouping.Model);
        Assert.Equal(Describe.Of([.. gains.Select(g => g!.Value)], 1).Interval95, one[0].Gain.Interval95);
        Assert.NotEqual(one[0].Gain.Interval95, one[1].Gain.Interval95);
    }

    /// <summary>The smaller p of two doubles; a row without p is none of the family.</summary>
    [Fact]
    public void Holm_goes_over_the_rows_that_have_a_p()
    {
        var rows = GainEstimate.All(
            [Model("a", [0.75, 1.5, 1.75, 2]), Model("one", [1.2]), Model("b", [1.01, 0.99, 1.02, 0.97]), Model("none", [null])], GainGrouping.Model);
        double a = rows[0].T.Value!.Value.PTwoSided, b = rows[2].T.Value!.Value.PTwoSided;
        Assert.True(a < b);
        Assert.Equal(2 * a, rows[0].THolm.Value!.Value, 1e-12);
        Assert.Equal(Math.Max(2 * a, b), rows[2].THolm.Value!.Value, 1e-12);
        Assert.All([rows[1], rows[3]], row =>
        {
            Assert.Equal(GainStatus.Undefined, row.Status);
            Assert.NotNull(row.T.UndefinedBecause);
            Assert.NotNull(row.THolm.UndefinedBecause);
            Assert.NotNull(row.Effect.UndefinedBecause);
        });
        Assert.Equal((1, 0), (rows[1].Gain.N, rows[3].Gain.N));
    }

    [Fact]
    public void A_constant_gain_has_no_t_and_no_interval()
    {
        var row = GainEstimate.All([Model("m", [1.25, 1.25, 1.25])], GainGrouping.Model)[0];
        Assert.Equal(1.25, row.Gain.Mean.Value);
        Assert.Equal(GainStatus.Undefined, row.Status);
        Assert.NotNull(row.T.UndefinedBecause);
        Assert.NotNull(row.Effect.UndefinedBecause);
    }

    [Fact]
    public void Categories_are_rows_and_two_runs_of_a_model_are_two()
    {
        var models = new[] { Model("m", [0.75, 1.5, 1.75, 2]), Model("m", [1, 2, 3, 4], run: "run-2") };
        Assert.Equal(["run-1", "run-2"], GainEstimate.All(models, GainGrouping.Model).Select(r => r.Model.Settings.Run));
        var rows = GainEstimate.All(models, GainGrouping.Category);
        Assert.Equal([("run-1", "even", 1.25), ("run-1", "odd", 1.75), ("run-2", "even", 2.0), ("run-2", "odd", 3.0)],
            rows.Select(r => (r.Model.Settings.Run, r.Category!, r.Gain.Mean.Value!.Value)));
    }

    [Fact]
    public void Rows_measured_otherwise_say_in_what()
    {
        Assert.Empty(Comparability.Differences([Model("a", [1]), Model("b", [2], run: "run-2")]));
        Assert.Equal(["prompts"], Comparability.Differences([Model("a", [1]), Model("b", [2], prompts: "ffff")]));
        Assert.Equal(["BOS", "activation"], Comparability.Differences([Model("a", [1]), Model("b", [2], bos: "always", activation: "tanh")]));
    }
}
