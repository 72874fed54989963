using Castalia.Hypotheses;
using Castalia.Hypotheses.Each;
using Xunit;
using static Castalia.Tests.Hypotheses.MadeUpRuns;

namespace Castalia.Tests.Hypotheses;

/// <summary>What the rules of the shipped hypotheses decide for one model, over rows that are made up.</summary>
public sealed class EachModelTests
{
    static readonly string[] s_means = ["no mean into the last block", "half the mean into the last block", "one and a half of the mean into the last block"];

    static readonly string[] s_entering = ["0", "0.5", "1.5"];

    static readonly string[] s_suppressed = ["without the most negative 5 %", "without the most negative 2 %", "without the most negative 0.5 %", "the most negative 5 % turned round"];

    static readonly (string, string)[] s_held = [("no", "2 + e"), ("half the", "2 - f"), ("twice the", "2 + 3 * e")];

    static readonly string[] s_patches = ["last MLP from the opposite kind", "last MLP from the same kind"];

    static readonly string[] s_controls = ["without 5 % of the same length", "without 5 % at random"];

    static readonly Dictionary<string, string[]> s_cases = new()
    {
        ["h15-confidence-erasure supported"] = Erasure("-0.4 * p + e", "1.05 + f"),
        ["h15-confidence-erasure falsified"] = Erasure("0.4 * p + e", "1.05 + f"),
        ["h15-confidence-erasure undecided"] = Erasure("-0.4 * p + e", "1 + 0.07 * c + f"),
        ["h15-running-text supported"] = RunningErasure("-0.4 * p + e", "f", "1.05 + f"),
        ["h15-running-text falsified"] = RunningErasure("-0.4 * p + e", "-0.8 * p + f", "1.05 + f"),
        ["h15-running-text undecided"] = RunningErasure("-0.4 * p + e", "f", "1 + 0.07 * c + f"),
        ["h6-final-norm supported"] = Rescaled("0.00001 * c"),
        ["h6-final-norm falsified"] = Rescaled("0.01 + e"),
        ["h6-final-norm undecided"] = Rescaled("0.0002 * (i % 2) - 0.0001"),
        ["h3-bias-offset supported"] = Biases("k + 0.2 + e"),
        ["h3-bias-offset falsified"] = Biases("k + 0.005 + 0.1 * e"),
        ["h3-bias-offset undecided"] = Biases("k + 0.05 + e"),
        ["h13-bentov-spurious supported"] = Bentov("0.55 + e", "2 + f"),
        ["h13-bentov-spurious undecided"] = Bentov("0.55 + e", "2.5 + f"),
        ["h0-convention supported"] = Conventions("1.2 + e", "0.99 + e"),
        ["h0-convention falsified"] = Conventions("1.2 + e", "1.2 + f"),
        ["h0-convention undecided"] = Conventions("0.97 + e", "0.97 + f"),
        ["h1-common-mode supported"] = CommonMode("0.9 * total + f", "1.1 + f"),
        ["h1-common-mode falsified"] = CommonMode("0.1 * total + f", "1.1 + f"),
        ["h1-common-mode undecided"] = CommonMode("0.9 * total + f", "0.9 + f"),
        ["h2-outlier-dimensions supported"] = Outliers("sqrt(1 + total) + 0.2 + f", "k + 0.2 + f"),
        ["h2-outlier-dimensions falsified"] = Outliers("sqrt(1 + total) + 0.01 + 0.1 * f", "k + 0.2 + f"),
        ["h2-outlier-dimensions undecided"] = Outliers("sqrt(1 + total) + 0.2 + f", "k + 0.1 * f"),
        ["h4-self-inhibition supported"] = Suppressors(3, "1.02 + f", "0.05 + e"),
        ["h4-self-inhibition falsified"] = Suppressors(99, "1.02 + f", "0.05 + e"),
        ["h4-self-inhibition undecided"] = Suppressors(3, "1.02 + f", "0.3 + e"),
        ["h5-dark-subspace supported"] = Dark("1.2 * total + 0.1 * p + 0.1 * f", "7"),
        ["h5-dark-subspace falsified"] = Dark("0.05 * total + 0.02 * ((i * 17) % 23 / 23.0 - 0.5)", "7"),
        ["h5-dark-subspace undecided"] = Dark("1.2 * total + 0.1 * p + 0.1 * f", "i % 3"),
        ["h11-head-crowding supported"] = FewerHeads("k + 0.05 + f", "k + 0.1 + f", "k + 0.2 + f"),
        ["h11-head-crowding falsified"] = FewerHeads("k + f", "k - 0.1 + f", "k - 0.2 + f"),
        ["h11-head-crowding undecided"] = FewerHeads("k + 0.05 + f", "k + 0.2 + f", "k + 0.1 + f"),
        ["h12-position supported"] = Position("1.25 + f", "1.1 + e"),
        ["h12-position falsified"] = Position("1.1 + f", "1.1 + e"),
        ["h12-position undecided"] = Position("1.15 + f", "1.1 + e"),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory, MemberData(nameof(Cases))]
    public void Rows_of_one_model_decide_as_the_rules_say(string @case)
    {
        string[] words = @case.Split(' ');
        var hypothesis = HypothesisFiles.BuiltIn().Single(h => h.Id == words[0]);
        using var runs = new MadeUpRuns(hypothesis.Each!.Runs.Select(run => run.Name), s_cases[@case]);
        var verdict = Assert.Single(EachOf(hypothesis, runs));
        Assert.Equal(words[1], $"{verdict.Kind}".ToLowerInvariant());
        Assert.DoesNotContain("undefined", verdict.Strength, StringComparison.Ordinal);
        if (words[1] == "undecided") Assert.Equal("Neither rule holds.", verdict.Why);
    }

    [Fact]
    public void A_run_that_is_not_there_leaves_open_what_turns_on_it_and_is_named_as_a_command()
    {
        var hypothesis = HypothesisFiles.BuiltIn().Single(h => h.Id == "h13-bentov-spurious");
        using var runs = new MadeUpRuns(["text"], Positions("text"));
        var verdict = Assert.Single(EachOf(hypothesis, runs));
        Assert.Equal(VerdictKind.Undecided, verdict.Kind);
        Assert.Equal(["castalia intervene CHECKPOINT --prompts standard-200 --do rescale --do last-mlp-remove-h"], verdict.Missing);
        Assert.Contains(verdict.Missing[0], verdict.Why, StringComparison.Ordinal);
        Assert.Empty(verdict.Interventions);
    }

    [Fact]
    public void Interventions_that_a_verdict_used_are_listed()
    {
        var hypothesis = HypothesisFiles.BuiltIn().Single(h => h.Id == "h15-confidence-erasure");
        using var runs = new MadeUpRuns(["ablated"], s_cases["h15-confidence-erasure supported"]);
        Assert.Equal(["last-mlp-mean", "last-mlp-zero", "last-mlp-remove-h", "last-attn-zero"], Assert.Single(EachOf(hypothesis, runs)).Interventions);
    }

    [Theory]
    [InlineData("GeluErf", "0.99 + e", "supported")]
    [InlineData("GeluTanh", "0.99 + e", "supported")]
    [InlineData("GeluErf", "1.2 + e", "falsified")]
    [InlineData("Silu", "0.99 + e", "falsified")]
    public void The_other_gelu_is_a_convention_of_models_that_have_one(string activation, string other, string expected)
    {
        var hypothesis = HypothesisFiles.BuiltIn().Single(h => h.Id == "h0-convention");
        string[] rows = [.. Conventions("1.2 + e", "1.2 + f").Where(sql => !sql.Contains("'gelu'", StringComparison.Ordinal)), Gains("gelu", gain: other)];
        using var runs = new MadeUpRuns(hypothesis.Each!.Runs.Select(run => run.Name), rows) { Activation = activation };
        Assert.Equal(expected, $"{Assert.Single(EachOf(hypothesis, runs)).Kind}".ToLowerInvariant());
        using var without = new MadeUpRuns(hypothesis.Each.Runs.Select(run => run.Name).Where(name => name != "gelu"), rows) { Activation = activation };
        var verdict = Assert.Single(EachOf(hypothesis, without));
        Assert.Equal(activation == "Silu" ? VerdictKind.Falsified : VerdictKind.Undecided, verdict.Kind);
        Assert.Equal(activation == "Silu" ? "" : "castalia measure CHECKPOINT --prompts standard-200 --activation OTHER", string.Join('\n', verdict.Missing));
    }

    [Fact]
    public void A_run_that_no_rule_turns_on_may_be_left_out()
    {
        var hypothesis = HypothesisFiles.BuiltIn().Single(h => h.Id == "h15-confidence-erasure");
        using var runs = new MadeUpRuns(["ablated"], s_cases["h15-confidence-erasure undecided"]);
        var verdict = Assert.Single(EachOf(hypothesis, runs));
        Assert.Equal(("Neither rule holds.", 0), (verdict.Why, verdict.Missing.Count));
    }

    /// <summary>By least squares over what enters: -0.2 of it, and of the clean pass too.</summary>
    [Fact]
    public void What_is_written_along_the_mean_is_set_beside_what_enters_of_it()
    {
        var hypothesis = HypothesisFiles.BuiltIn().Single(h => h.Id == "h1-common-mode");
        using var runs = new MadeUpRuns(hypothesis.Each!.Runs.Select(run => run.Name), s_cases["h1-common-mode supported"]);
        var follows = Assert.Single(EachOf(hypothesis, runs)).Outcomes.Single(outcome => outcome.Test.Name == "follows").Results.Single().Result.Fields;
        Assert.Equal(-0.2, follows["slope"].Value!.Value, 1e-3);
        Assert.Equal(160, follows["n"].Value);
    }

    static IReadOnlyList<ModelVerdict> EachOf(Hypothesis hypothesis, MadeUpRuns runs)
    {
        Binding.Check([hypothesis], runs, TestContext.Current.CancellationToken);
        return EachEvaluation.Of(hypothesis, runs, TestContext.Current.CancellationToken);
    }

    static string[] Erasure(string mlp, string ablated) =>
    [
        Gains("ablated", mlp: mlp), Do("ablated", "last MLP at its mean over running-24", ablated, "0.9 + 0.1 * c + e"),
        Do("ablated", "last MLP without its component along h", "1.1 + f", "0.9 + 0.1 * c + e"), Do("ablated", "zero last attention", "k + f", "0.9 + 0.1 * c + e"),
        .. s_patches.Select(name => Do("patched", name, "k + 0.1 + f", cleanEntropy: "CASE WHEN i % 2 = 0 THEN 1 + e ELSE 5 + f END")),
    ];

    static string[] RunningErasure(string mlp, string attention, string ablated) =>
    [
        Positions("ablated", mlp: mlp, attention: attention), Do("ablated", "last MLP at its mean over standard-200", ablated, "1 + 0.1 * c + e"),
        Do("ablated", "last MLP without its component along h", "1.1 + f", "1 + 0.1 * c + e"),
    ];

    static string[] Rescaled(string cost) =>
        [Do("rescaled", "half the stream out of the last block", "k / 2", cost: cost), Do("rescaled", "twice the stream out of the last block", "2 * k", cost: cost)];

    static string[] Biases(string zeroed) =>
    [
        Do("zeroed", "zero both output biases", zeroed), Do("zeroed", "halve both output biases", "k + f"), Do("zeroed", "flip both output biases", "k + e"),
    ];

    static string[] Bentov(string halved, string entropy) =>
    [
        Gains("short"), Positions("text"), Do("short", "half the stream out of the last block", halved, entropy: entropy), Do("short", "last MLP without its component along h", "1.2 + f"),
    ];

    static string[] Conventions(string gain, string other) =>
    [
        Gains("bare", gain: gain), Gains("token", gain: other), Positions("text", gain: gain), Readings("plain", "last", gain), Readings("plain", "mean-of-ratios-without-first", gain),
        Readings("plain", "ratio-of-means-without-first", gain), PartsOf("centred", "0.1 + e", $"('block', 'centred_gain', NULL, {gain})"), Gains("plain", gain: gain), Gains("gelu", gain: gain), Do("rounded", "bfloat16 at every site", gain, "1.19 + f"),
    ];

    static string[] CommonMode(string along, string written) =>
    [
        PartsOf("explained", "CASE WHEN i % 2 = 0 THEN -0.4 + e ELSE 0.2 + e END", $"('block', 'centred_gain', NULL, 1.1 + f), ('directions', 'reference_mean', 0, CASE WHEN i % 2 = 0 THEN {along} ELSE 5 END)"),
        Do("scaled", "nothing written along the mean", $"CASE WHEN i % 2 = 0 THEN {written} ELSE 5 END", "CASE WHEN i % 2 = 0 THEN 0.9 + e ELSE 1.1 END"),
        .. s_means.Zip(s_entering, (name, entering) => Do("scaled", name, "1 + f", "0.9 + e", entering: entering, written: $"(-0.2 * {entering} + 0.1 * e)")),
    ];

    static string[] Outliers(string without, string written) =>
    [
        PartsOf("explained", "-0.4 + e", $"('block', 'gain_without_10', NULL, {without}), ('block', 'gain_without_random_10', NULL, sqrt(1 + total) + 0.1 * e)"),
        Do("unwritten", "nothing written into outliers, 10 dimensions largest over running-24, block 2", written, "0.9 + e"),
        Do("unwritten", "nothing written into ten at random, 10 dimensions at random, seed 1, set 0, block 2", "k + 0.01 + f", "0.9 + e"),
    ];

    static string[] Suppressors(int carrying, string without, string cost) =>
    [
        Units("explained", carrying),
        .. s_suppressed.SelectMany(name => new[] { Do("short", $"{name}, of most negative A, block 2", without, "0.9 + e"), Do("text", $"{name}, of most negative A, block 2", without, cost: cost) }),
        .. s_controls.SelectMany(name => new[] { Do("short", $"{name}, block 2", "0.9 + f", "0.9 + e"), Do("text", $"{name}, block 2", "1.1 + f", cost: "e") }),
    ];

    static string[] Dark(string dark, string topToken) =>
    [
        Gains("explained", entropy: "2 + p + e"), PartsOf("explained", "-0.4 + e", $"('bands', 'band', 19, 0.5 * ({dark})), ('bands', 'band', 18, 0.5 * ({dark})), ('bands', 'band', 17, 7), ('bands', NULL, NULL, 7)"),
        Do("scaled", "no dark part", "0.8 + f", entropy: "1 + e", topToken: topToken), Do("scaled", "half the dark part", "0.9 + f", entropy: "1.5 + 2 * f", topToken: topToken),
        Do("scaled", "twice the dark part", "1.2 + f", entropy: "3 + e", topToken: topToken),
        .. s_held.Select(some => Do("scaled", $"{some.Item1} dark part, final norm held", "1 + f", entropy: some.Item2, topToken: "i % 5")),
    ];

    static string[] FewerHeads(string quarter, string half, string most) =>
    [
        Do("fewer", "without a quarter of the heads, 25 % of heads at random, seed 1, set 0, block 2", quarter), Do("fewer", "without half of the heads, 50 % of heads at random, seed 1, set 0, block 2", half),
        Do("fewer", "without three quarters of the heads, 75 % of heads at random, seed 1, set 0, block 2", most), Do("fewer", "without any head", "k - 0.01 + f"),
    ];

    static string[] Position(string withToken, string early) =>
    [
        Gains("bare", gain: "1.1 + e"), Gains("token", gain: withToken), Positions("text", gain: $"CASE WHEN q BETWEEN 1 AND 15 THEN {early} ELSE 1.1 + f END"), Do("masked", "no attention to the first position", "k + f"),
    ];
}
