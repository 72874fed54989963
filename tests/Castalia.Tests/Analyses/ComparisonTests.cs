using Castalia.Analyses;
using Castalia.Errors;
using Castalia.Prompts;
using CsCheck;
using Xunit;
using static Castalia.Tests.Analyses.InMemoryRuns;

namespace Castalia.Tests.Analyses;

public sealed class ComparisonTests
{
    /// <summary>Differences −0.25, 0.5, 0.75, 1: the example of the gains against 1, against 0. Three of four above: exact sign test 2·(1 + 4)/16.</summary>
    [Fact]
    public void Paired_differences_are_what_one_works_out_by_hand()
    {
        var c = Comparison.Of(Model("a", [1, 2, 3, 4]), Model("b", [1.25, 1.5, 2.25, 3]), seed: 1, margin: null);
        var gain = c.Estimates[0];
        Assert.Equal([-0.25, 0.5, 0.75, 1], gain.Differences);
        Assert.Equal((2.5, 2.0, 0.5, 0.625), (gain.MeanFirst.Value!.Value, gain.MeanSecond.Value!.Value, gain.Difference.Mean.Value!.Value, gain.Difference.Median.Value!.Value));
        double t = Math.Sqrt(24 / 7.0), u = t / Math.Sqrt(3), p = 1 - 2 / Math.PI * (u / (1 + u * u) + Math.Atan(u));
        Assert.Equal(t, gain.T.Value!.Value.T, 1e-12);
        Assert.Equal(p, gain.T.Value!.Value.PTwoSided, 1e-12);
        Assert.Equal(t / 2, gain.Effect.Value!.Value.CohenD, 1e-12);
        Assert.Equal(0.25, gain.Wilcoxon.Value!.Value.PTwoSided, 1e-12);
        Assert.Equal(0.625, gain.Sign.Value!.Value.PTwoSided, 1e-12);
        Assert.Null(gain.Equivalence);
        // Entropies are equal, and with them the MLP's alignments: no tests there, so Holm doubles the two p that there are, which are the same.
        Assert.NotNull(c.Estimates[1].T.UndefinedBecause);
        Assert.Equal(2 * p, gain.THolm.Value!.Value, 1e-12);
        Assert.NotNull(c.Estimates[1].THolm.UndefinedBecause);
    }

    [Fact]
    public void A_margin_tests_the_gain_alone()
    {
        var c = Comparison.Of(Model("a", [1, 1.01, 0.99, 1.02, 1]), Model("b", [1.005, 1, 1, 1.01, 1]), seed: 1, margin: 0.05);
        Assert.True(c.Estimates[0].Equivalence!.Value.Value!.Value.P < 0.05);
        Assert.All(c.Estimates.Skip(1), e => Assert.Null(e.Equivalence));
    }

    static readonly Gen<(double[] A, double[] B)> Pairs = Gen.Int[5, 30].SelectMany(n => Gen.Select(Gen.Double[0.5, 2].Array[n], Gen.Double[0.5, 2].Array[n]));

    [Fact]
    public void Comparing_the_other_way_round_turns_every_sign_and_changes_no_p() => Pairs.Sample((a, b) =>
    {
        var first = Model("a", [.. a.Select(g => (double?)g)], entropies: b);
        var second = Model("b", [.. b.Select(g => (double?)g)], entropies: a);
        var there = Comparison.Of(first, second, seed: 7, margin: 0.1);
        var back = Comparison.Of(second, first, seed: 7, margin: 0.1);
        foreach (var (one, other) in there.Estimates.Zip(back.Estimates))
        {
            Assert.Equal(one.Differences, other.Differences.Select(d => -d));
            Near(one.Difference.Mean.Value, -other.Difference.Mean.Value);
            Near(one.Difference.Interval95.Value?.Low, -other.Difference.Interval95.Value?.High);
            Near(one.Difference.Interval95.Value?.High, -other.Difference.Interval95.Value?.Low);
            Near(one.T.Value?.Interval95.Low, -other.T.Value?.Interval95.High);
            Near(one.Effect.Value?.CohenD, -other.Effect.Value?.CohenD);
            Near(one.T.Value?.PTwoSided, other.T.Value?.PTwoSided);
            Near(one.Wilcoxon.Value?.PTwoSided, other.Wilcoxon.Value?.PTwoSided);
            Near(one.Sign.Value?.PTwoSided, other.Sign.Value?.PTwoSided);
            Near(one.THolm.Value, other.THolm.Value);
            Near(one.Equivalence?.Value?.P, other.Equivalence?.Value?.P);
        }
    }, iter: 20);

    static void Near(double? expected, double? actual)
    {
        Assert.Equal(expected is null, actual is null);
        if (expected is { } e) Assert.Equal(e, actual!.Value, 1e-9 * (1 + Math.Abs(e)));
    }

    [Fact]
    public void A_pair_that_lacks_a_figure_is_left_out_and_counted()
    {
        var c = Comparison.Of(Model("a", [1, null, 3, 4]), Model("b", [2, 2, 2, null]), seed: 1, margin: null);
        Assert.Equal((2, 2), (c.Estimates[0].Difference.N, c.Estimates[0].LeftOut));
        Assert.Equal((4, 0), (c.Estimates[1].Difference.N, c.Estimates[1].LeftOut));
    }

    [Fact]
    public void One_pair_has_a_difference_and_no_test()
    {
        var gain = Comparison.Of(Model("a", [1.5]), Model("b", [1]), seed: 1, margin: 0.1).Estimates[0];
        Assert.Equal(0.5, gain.Difference.Mean.Value);
        Assert.NotNull(gain.T.UndefinedBecause);
        Assert.NotNull(gain.Difference.Interval95.UndefinedBecause);
        Assert.NotNull(gain.Equivalence!.Value.UndefinedBecause);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused()
    {
        var a = Model("a", [1, 2]);
        Assert.Equal("Both sides are the same model of the same run: every difference is 0.", Refusal(a, a));
        var unnamed = a with { Name = "b", Prompts = [Prompt("q1", 1), Prompt("q2", 1), Prompt("q3", 1)] };
        Assert.Equal("None of the 2 and 3 prompts has the same name in both.", Refusal(a, unnamed));
        var reworded = a with { Name = "b", Prompts = [Prompt("p1", 1, text: "another"), Prompt("p2", 1, text: "another")] };
        Assert.Equal("No prompt is the same in both: 2 share a name, but not text or ids.", Refusal(a, reworded));

        static string Refusal(MeasuredModel first, MeasuredModel second) =>
            Assert.Throws<InputException>(() => Comparison.Of(first, second, 1, null)).Cause;
    }

    /// <summary>Prompts 1 and 3 were fed the same ids under both policies; of the others the differences are 1 − 1.5 and 2 − 3, their mean −0.75 and not −0.375.</summary>
    [Fact]
    public void Of_one_model_under_two_policies_prompts_fed_alike_are_left_out()
    {
        var none = Fed(Model("a", [7, 1, 8, 2], run: "r1", weights: "w"), []);
        var always = Fed(Model("a", [7, 1.5, 8, 3], run: "r2", bos: "always", weights: "w"), [1, 3]);
        var c = Comparison.Of(none, always, seed: 1, margin: null);
        Assert.Equal(["p1", "p3"], c.Pairs.FedAlike);
        Assert.Equal([-0.5, -1], c.Estimates[0].Differences);
        Assert.Equal(-0.75, c.Estimates[0].Difference.Mean.Value!.Value, 1e-12);
        Assert.Contains("2 left out, because both were fed the same ids", string.Join(' ', Castalia.Reports.Pages.TerminalPrinter.Of(Castalia.Reports.CompareReport.Of(c, "runs"), 200).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));

        // Another model, or the same under another arithmetic, may differ on the same ids.
        Assert.Empty(Comparison.Of(none, always with { Identity = always.Identity with { Weights = "v" } }, seed: 1, margin: null).Pairs.FedAlike);
        // All alike: the model measured twice, which the page says.
        Assert.True(Comparison.Of(none, Fed(always, []), seed: 1, margin: null).AreRepeats);
    }

    static MeasuredModel Fed(MeasuredModel model, int[] beginning) => model with
    {
        Prompts = [.. model.Prompts.Select((p, i) => p with { Ids = beginning.Contains(i) ? [0, 1, 2, 3] : [1, 2, 3] })],
    };
}
