using Castalia.Hypotheses;
using Castalia.Hypotheses.Each;
using Xunit;
using static Castalia.Tests.Hypotheses.MadeUpRuns;

namespace Castalia.Tests.Hypotheses;

/// <summary>What the rules of the shipped hypotheses decide for one model, over rows that are made up.</summary>
public sealed class EachModelTests
{
    static readonly Dictionary<string, string[]> s_cases = new()
    {
        ["h15-confidence-erasure supported"] = Erasure("-0.4 * p + e", "1.05 + f"),
        ["h15-confidence-erasure falsified"] = Erasure("0.4 * p + e", "1.05 + f"),
        ["h15-confidence-erasure undecided"] = Erasure("-0.4 * p + e", "1 + 0.1 * c + f"),
        ["h15-running-text supported"] = RunningErasure("-0.4 * p + e", "f", "1.05 + f"),
        ["h15-running-text falsified"] = RunningErasure("-0.4 * p + e", "-0.8 * p + f", "1.05 + f"),
        ["h15-running-text undecided"] = RunningErasure("-0.4 * p + e", "f", "1 + 0.1 * c + f"),
        ["h6-final-norm supported"] = Rescaled("0.00001 * c"),
        ["h6-final-norm falsified"] = Rescaled("0.01 + e"),
        ["h6-final-norm undecided"] = Rescaled("0.0002 * (i % 2) - 0.0001"),
        ["h3-bias-offset supported"] = Biases("k + 0.2 + e"),
        ["h3-bias-offset falsified"] = Biases("k + 0.005 + 0.1 * e"),
        ["h3-bias-offset undecided"] = Biases("k + 0.05 + e"),
        ["h13-bentov-spurious supported"] = Bentov("0.55 + e", "2.00001"),
        ["h13-bentov-spurious undecided"] = Bentov("0.55 + e", "2.5"),
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

    static IReadOnlyList<ModelVerdict> EachOf(Hypothesis hypothesis, MadeUpRuns runs)
    {
        Binding.Check([hypothesis], runs, TestContext.Current.CancellationToken);
        return EachEvaluation.Of(hypothesis, runs, TestContext.Current.CancellationToken);
    }

    static string[] Erasure(string mlp, string ablated) =>
    [
        Gains("ablated", mlp: mlp), Do("ablated", "last MLP at its mean over running-24", ablated, "0.9 + 0.1 * c + e"),
        Do("ablated", "last MLP without its component along h", "1.1 + f", "0.9 + 0.1 * c + e"), Do("ablated", "zero last attention", "k + f", "0.9 + 0.1 * c + e"),
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
}
